//! What a country remembers of a request that was declared void before it came: that it is not taken in any more.

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _, dsl::insert_into,
    sql_query, sql_types::Text,
};
use domain::{TransnationalRequestId, transnational::Void};

use crate::{
    StoreError,
    schema::{agencies, transnational_voids as voids},
    store::Tx,
};

impl Tx<'_> {
    /// Waits until nobody else is at the door with this request, and keeps others waiting until the end of this unit of work:
    /// of the request and its void, which may come at once, one is first.
    pub(super) fn alone_at_the_door(&mut self, id: TransnationalRequestId) -> Result<(), StoreError> {
        sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind::<Text, _>(format!("{}/{}", self.cx.caller.country, id.0))
            .execute(self.conn)?;
        Ok(())
    }

    /// The void of a request, if one was declared here before the request came.
    pub(super) fn known_void(&mut self, id: TransnationalRequestId) -> Result<Option<Void>, StoreError> {
        let found: Option<uuid::Uuid> = voids::table
            .find((self.cx.caller.country.as_str(), id.0))
            .select(voids::request_id)
            .first(self.conn)
            .optional()?;
        Ok(found.map(|it| Void { request: TransnationalRequestId(it) }))
    }

    /// Whether this country is reached here: it has registered an office that takes part.
    pub(super) fn is_reached(&mut self) -> Result<bool, StoreError> {
        let here = agencies::table.filter(agencies::country.eq(self.cx.caller.country.as_str()));
        let known: i64 = here.filter(agencies::active).count().get_result(self.conn)?;
        Ok(known > 0)
    }

    /// Remembers a void.
    pub(super) fn keep_void(&mut self, void: Void) -> Result<(), StoreError> {
        insert_into(voids::table)
            .values((
                voids::country.eq(self.cx.caller.country.as_str()),
                voids::request_id.eq(void.request.0),
                voids::at.eq(self.cx.now.raw()),
            ))
            .execute(self.conn)?;
        Ok(())
    }
}
