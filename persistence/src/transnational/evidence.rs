//! What was refused is kept: an altered byte, a message for nobody, two with one number.

use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _, dsl::insert_into};
use domain::Violation;
use uuid::Uuid;

use super::Envelope;
use crate::{
    StoreError,
    schema::transnational_messages as messages,
    sealing::Sealed,
    store::{Tx, fresh_id},
};

impl Tx<'_> {
    /// Keeps what was refused, once for the same bytes, sealed under a key of its own.
    pub(super) fn keep_evidence(
        &mut self,
        envelope: &Envelope,
        record: Option<Uuid>,
        why: &[Violation],
    ) -> Result<(), StoreError> {
        let because = why.first().map_or("refused", |it| it.code);
        let country = self.cx.caller.country;
        let known: i64 = messages::table
            .filter(messages::direction.eq("refused"))
            .filter(messages::country.eq(country.as_str()))
            .filter(messages::digest.eq(envelope.digest.as_str()))
            .filter(messages::refused_because.eq(because))
            .count()
            .get_result(self.conn)?;
        if known > 0 {
            return Ok(());
        }
        let id = fresh_id();
        let sealed = self.new_data_key(id, Sealed::Transnational)?.seal_bytes(id, &envelope.bytes)?;
        insert_into(messages::table)
            .values((
                messages::id.eq(id),
                messages::country.eq(country.as_str()),
                messages::record_id.eq(record),
                messages::direction.eq("refused"),
                messages::at.eq(self.cx.now.raw()),
                messages::digest.eq(envelope.digest.as_str()),
                messages::refused_because.eq(because),
                messages::sealed.eq(sealed),
            ))
            .execute(self.conn)?;
        Ok(())
    }
}
