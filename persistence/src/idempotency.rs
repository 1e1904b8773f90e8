//! Repeated requests: a key is bound to client, professional and operation, and kept with a fingerprint of the body.
//!
//! The record is written at the start of the transaction that it protects. A second request with the same key waits
//! for the first at the unique index, until the lock timeout tells that it still runs.

use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _, dsl::insert_into};
use domain::Timestamp;
use uuid::Uuid;

use crate::{Store, StoreError, schema::idempotency_keys as keys, store::Tx};

/// The key of a request.
#[derive(Clone, Debug)]
pub struct Idempotency {
    /// The operation.
    pub operation: &'static str,
    /// The key as the caller gave it, without quotes.
    pub key: String,
    /// Keyed digest of the request's target and canonical body.
    pub fingerprint: Vec<u8>,
}

impl Store {
    /// Forgets keys from before an instant; they are kept for at least 24 hours.
    pub fn forget_idempotency_keys(&self, before: Timestamp) -> Result<usize, StoreError> {
        self.unattended(|session| {
            let old = keys::table.filter(keys::created_at.lt(before.raw()));
            Ok(diesel::delete(old).execute(&mut session.conn)?)
        })
    }
}

impl Tx<'_> {
    /// The subject of an earlier request with the same key; otherwise records this one.
    pub(crate) fn earlier_request(&mut self) -> Result<Option<Uuid>, StoreError> {
        let Some(request) = self.cx.idempotency.as_ref().filter(|_| !self.cx.validate_only) else {
            return Ok(None);
        };
        let caller = &self.cx.caller;
        let professional = caller.professional.map(|it| it.0);
        let recorded = insert_into(keys::table)
            .values((
                keys::client.eq(caller.client.0),
                keys::operation.eq(request.operation),
                keys::key.eq(&request.key),
                keys::professional_id.eq(professional),
                keys::fingerprint.eq(&request.fingerprint),
                keys::subject_id.eq(self.cx.subject),
                keys::created_at.eq(self.cx.now.raw()),
            ))
            .on_conflict_do_nothing()
            .execute(self.conn)?;
        if recorded == 1 {
            return Ok(None);
        }
        let (by, fingerprint, subject): (Option<Uuid>, Vec<u8>, Uuid) = keys::table
            .find((caller.client.0, request.operation, &request.key))
            .select((keys::professional_id, keys::fingerprint, keys::subject_id))
            .first(self.conn)?;
        if by == professional && fingerprint == request.fingerprint {
            Ok(Some(subject))
        } else {
            Err(StoreError::KeyReused)
        }
    }
}
