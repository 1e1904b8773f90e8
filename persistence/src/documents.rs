//! The bytes of documents, sealed under a key of their own, once each.

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _, dsl::insert_into,
};
use domain::{
    Decided, EntryId, Timestamp,
    cases::{
        Case,
        file::{Document, Entry, StoredContent},
    },
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{StoreError, schema::document_contents as contents, sealing::Sealed, store::Tx};

impl Tx<'_> {
    /// Stores the bytes of a document, if nobody stored them before.
    pub fn store_document(
        &mut self,
        case: &Case,
        document: &Entry<Document>,
        bytes: &[u8],
        decided: &Decided<StoredContent>,
    ) -> Result<(), StoreError> {
        let id = document.id.0;
        let sealed = self.data_key_made(case.child.0, Sealed::Documents)?.seal_bytes(id, bytes)?;
        insert_into(contents::table)
            .values((
                contents::document_id.eq(id),
                contents::country.eq(case.country.as_str()),
                contents::case_id.eq(case.id.0),
                contents::stored_at.eq(decided.value.stored_at.raw()),
                contents::agency_id.eq(self.cx.caller.agency.0),
                contents::professional_id.eq(self.cx.caller.professional.map(|it| it.0)),
                contents::sealed.eq(sealed),
            ))
            .execute(self.conn)
            .map_err(|error| match StoreError::from(error) {
                StoreError::Constraint(name) if name == "document_contents_pkey" => StoreError::Conflict,
                other => other,
            })?;
        self.settle(decided)
    }

    /// Since when the bytes of documents are here; those without are absent.
    pub fn documents_stored(&mut self, ids: &[EntryId]) -> Result<Vec<(EntryId, StoredContent)>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|it| it.0).collect();
        let found: Vec<(Uuid, OffsetDateTime)> = contents::table
            .filter(contents::document_id.eq_any(ids))
            .select((contents::document_id, contents::stored_at))
            .load(self.conn)?;
        let stored = |at| StoredContent { stored_at: Timestamp::new(at) };
        Ok(found.into_iter().map(|(id, at)| (EntryId(id), stored(at))).collect())
    }

    /// The bytes of a document; not found before they have come.
    pub fn document_bytes(&mut self, case: &Case, id: EntryId) -> Result<Vec<u8>, StoreError> {
        let sealed: Option<Vec<u8>> =
            contents::table.find(id.0).select(contents::sealed).first(self.conn).optional()?;
        let sealed = sealed.ok_or(StoreError::NotFound)?;
        self.data_key(case.child.0, Sealed::Documents)?.read_bytes(id.0, &sealed)
    }
}
