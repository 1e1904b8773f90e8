//! Why police and justice read: what a professional says in words is sealed, and the access log names the row.

use diesel::{ExpressionMethods as _, RunQueryDsl as _, dsl::insert_into};
use domain::{ProfessionalId, Timestamp};
use uuid::Uuid;

use crate::{
    ClientRecord, Context, Store, StoreError,
    schema::justifications,
    sealing::Sealed,
    store::{Tx, fresh_id},
};

impl Store {
    /// Keeps the justification of a professional, for as long as the log that names it.
    pub fn keep_justification(
        &self,
        client: &ClientRecord,
        professional: ProfessionalId,
        words: &str,
        now: Timestamp,
    ) -> Result<Uuid, StoreError> {
        use diesel::Connection as _;
        let id = fresh_id();
        self.unattended(|session| {
            session.conn.transaction(|conn| {
                let cx = Context::of_mechanism(client.country, id, now);
                let mut tx = Tx::new(&mut *conn, self.keys(), &cx);
                let sealed = tx.data_key_made(professional.0, Sealed::Justifications)?.seal(id, &words)?;
                insert_into(justifications::table)
                    .values((
                        justifications::id.eq(id),
                        justifications::country.eq(client.country.as_str()),
                        justifications::client.eq(client.id.0),
                        justifications::professional_id.eq(professional.0),
                        justifications::given_at.eq(now.raw()),
                        justifications::sealed.eq(sealed),
                    ))
                    .execute(conn)?;
                Ok(id)
            })
        })
    }
}
