//! What the embedded migrations say, so that a database can be told from one that an edited migration made.

use std::{any::Any, collections::BTreeMap};

use data_encoding::HEXLOWER;
use diesel::{
    Connection as _, PgConnection, QueryDsl as _, QueryResult, RunQueryDsl as _,
    connection::{BoxableConnection, SimpleConnection},
    migration::MigrationSource,
    pg::Pg,
};

use crate::{MIGRATIONS, StoreError, sha256};

/// The name of each migration of this build with a digest of its text.
pub fn migration_digests() -> Result<BTreeMap<String, String>, StoreError> {
    let failed = |error| StoreError::Database(format!("migration: {error}"));
    let migrations = MigrationSource::<Pg>::migrations(&MIGRATIONS).map_err(failed)?;
    migrations
        .iter()
        .map(|it| {
            let mut text = Text(Vec::new());
            it.run(&mut text).map_err(failed)?;
            Ok((it.name().to_string(), HEXLOWER.encode(&sha256(&text.0))))
        })
        .collect()
}

/// Whether a migration of this build has not run on a database whose schema has been made.
pub(crate) fn migrations_missing(conn: &mut PgConnection) -> Result<bool, StoreError> {
    let ran: Vec<String> = ran::table.select(ran::version).load(conn)?;
    let ours = MigrationSource::<Pg>::migrations(&MIGRATIONS)
        .map_err(|error| StoreError::Database(format!("migration: {error}")))?;
    Ok(ours.iter().any(|it| !ran.contains(&it.name().version().to_string())))
}

diesel::table! {
    __diesel_schema_migrations (version) {
        version -> Text,
    }
}
use __diesel_schema_migrations as ran;

/// Removes a database of a private server and makes an empty one in its place. `server` is the URL of another database
/// of that server; `name` is an identifier that needs no quotes.
pub fn start_anew(server: &str, name: &str) -> Result<(), StoreError> {
    let mut conn = PgConnection::establish(server).map_err(|_| StoreError::Unavailable)?;
    conn.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
    Ok(conn.batch_execute(&format!("CREATE DATABASE {name}"))?)
}

/// A connection that writes down what a migration would do: there is no other way to read an embedded one.
struct Text(Vec<u8>);

impl SimpleConnection for Text {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        self.0.extend_from_slice(query.as_bytes());
        self.0.push(0);
        Ok(())
    }
}

impl BoxableConnection<Pg> for Text {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_migration_has_a_digest_of_its_own() {
        let digests = migration_digests().expect("the migrations of this build");
        assert!(digests.keys().any(|it| it.contains("spine")), "{digests:?}");
        let nothing = HEXLOWER.encode(&sha256(b""));
        assert!(digests.values().all(|it| it.len() == 64 && *it != nothing));
    }
}
