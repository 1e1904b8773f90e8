//! The standing clock of a sandbox node, kept so that a restart does not turn time back.

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _, dsl::insert_into,
};
use domain::Timestamp;
use time::OffsetDateTime;

use crate::{Store, StoreError, schema::sandbox_clock as clock};

impl Store {
    /// Where the clock stands, if it was ever set.
    pub fn sandbox_clock(&self) -> Result<Option<Timestamp>, StoreError> {
        self.unattended(|session| {
            let at: Option<OffsetDateTime> =
                clock::table.select(clock::at).first(&mut session.conn).optional()?;
            Ok(at.map(Timestamp::new))
        })
    }

    /// Sets the clock; it never goes back.
    pub fn set_sandbox_clock(&self, at: Timestamp) -> Result<(), StoreError> {
        self.unattended(|session| {
            insert_into(clock::table)
                .values(clock::at.eq(at.raw()))
                .on_conflict(clock::one)
                .do_update()
                .set(clock::at.eq(diesel::dsl::sql::<diesel::sql_types::Timestamptz>(
                    "greatest(sandbox_clock.at, excluded.at)",
                )))
                .execute(&mut session.conn)?;
            Ok(())
        })
    }
}
