//! The second lock by itself: what the database shows when no query filters.

use diesel::{
    PgConnection, QueryableByName, RunQueryDsl as _,
    connection::SimpleConnection as _,
    sql_query,
    sql_types::{Jsonb, Text},
};
use serde_json::Value;

use super::TestDatabase;
use crate::{StoreError, Tx};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Jsonb)]
    line: Value,
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

/// Every row of a table that the database shows to a unit of work, without any filter.
pub fn rows_shown(tx: &mut Tx<'_>, table: &str) -> Result<Vec<Value>, StoreError> {
    let query = format!("SELECT to_jsonb(t) AS line FROM {table} t ORDER BY to_jsonb(t)::text");
    Ok(sql_query(query).load::<Line>(tx.conn)?.into_iter().map(|it| it.line).collect())
}

/// A parameter of the session of a unit of work.
pub fn setting(tx: &mut Tx<'_>, name: &str) -> Result<String, StoreError> {
    let query = sql_query("SELECT current_setting($1) AS word").bind::<Text, _>(name);
    Ok(query.get_result::<Word>(tx.conn)?.word)
}

/// A connection that acts in a role of the database, for nobody yet.
///
/// # Panics
/// When the server refuses.
pub fn connect_as(db: &TestDatabase, role: &str) -> PgConnection {
    let mut conn = db.connection();
    conn.batch_execute(&format!("SET SESSION AUTHORIZATION {role}")).expect("a role of the database");
    conn
}
