//! Replacing the node's secret: data keys are wrapped anew while the node serves, and a secret is only retired when
//! nothing rests on it any more.

use diesel::{
    Connection as _, ExpressionMethods as _, PgConnection, QueryDsl as _, QueryResult, RunQueryDsl,
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Array, Bytea, Integer, Text, Uuid as SqlUuid},
};
use uuid::Uuid;

use crate::{
    NodeKeys, Store, StoreError,
    schema::{child_indexes, child_pseudonyms, data_keys},
    sealing,
};

/// How many data keys one step takes.
const KEYS_AT_ONCE: i64 = 500;

/// What rests on a version of the node's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RestsOn {
    /// Data keys that it wraps.
    pub data_keys: i64,
    /// Children, and pseudonyms of children, that are found by tokens of its epoch.
    pub children: i64,
}

impl RestsOn {
    /// Whether the version can be retired.
    pub fn is_nothing(&self) -> bool {
        self.data_keys == 0 && self.children == 0
    }
}

impl Store {
    /// Wraps every data key with the current secret; returns how many were not. May run while the node serves and
    /// beside another of its kind.
    pub fn rewrap_data_keys(&self) -> Result<usize, StoreError> {
        let mut done = 0;
        loop {
            let some = self.rewrap_some()?;
            if some == 0 {
                return Ok(done);
            }
            done += some;
        }
    }

    fn rewrap_some(&self) -> Result<usize, StoreError> {
        let failed = || StoreError::corrupt("data_keys", "a wrapped key does not open");
        self.unattended(|session| {
            session.conn.transaction(|conn| {
                let found: Vec<(Uuid, String, Vec<u8>)> = data_keys::table
                    .filter(data_keys::kek_version.ne(self.keys().version()))
                    .limit(KEYS_AT_ONCE)
                    .for_update()
                    .select((data_keys::subject_id, data_keys::section, data_keys::wrapped))
                    .load(conn)?;
                let mut anew = Rewrapped { version: self.keys().version(), ..Rewrapped::default() };
                for (subject, section, wrapped) in found {
                    let bound_to = sealing::bound(subject, &section, None);
                    let key = self.keys().unwrap(&wrapped, &bound_to).ok_or_else(failed)?;
                    anew.wrapped.push(self.keys().wrap(&key, &bound_to).ok_or_else(failed)?);
                    anew.subjects.push(subject);
                    anew.sections.push(section);
                }
                if anew.subjects.is_empty() {
                    return Ok(0);
                }
                Ok(anew.execute(conn)?)
            })
        })
    }

    /// What rests on a version of the secret still.
    pub fn rests_on(&self, version: u16) -> Result<RestsOn, StoreError> {
        let epochs: Vec<i16> = NodeKeys::epochs_of(version).collect();
        self.unattended(|session| {
            let data_keys: i64 = data_keys::table
                .filter(data_keys::kek_version.eq(i32::from(version)))
                .count()
                .get_result(&mut session.conn)?;
            let children: i64 = child_indexes::table
                .filter(child_indexes::epoch.eq_any(&epochs))
                .count()
                .get_result(&mut session.conn)?;
            // Written by an instance that did not use the new secret yet, for a child that was indexed anew before.
            let pseudonyms: i64 = child_pseudonyms::table
                .filter(child_pseudonyms::epoch.eq_any(&epochs))
                .count()
                .get_result(&mut session.conn)?;
            Ok(RestsOn { data_keys, children: children.saturating_add(pseudonyms) })
        })
    }
}

/// Data keys wrapped anew, in one statement that stays prepared.
#[derive(Default, QueryId)]
struct Rewrapped {
    version: i32,
    subjects: Vec<Uuid>,
    sections: Vec<String>,
    wrapped: Vec<Vec<u8>>,
}

impl QueryFragment<Pg> for Rewrapped {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("UPDATE data_keys SET kek_version = ");
        out.push_bind_param::<Integer, _>(&self.version)?;
        out.push_sql(", wrapped = anew.wrapped FROM unnest(");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.subjects)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.sections)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Bytea>, _>(&self.wrapped)?;
        out.push_sql(
            ") AS anew (subject_id, section, wrapped) \
             WHERE data_keys.subject_id = anew.subject_id AND data_keys.section = anew.section",
        );
        Ok(())
    }
}

impl RunQueryDsl<PgConnection> for Rewrapped {}
