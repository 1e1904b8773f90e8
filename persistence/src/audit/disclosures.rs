//! What was given of a child to whom, as the log of facts tells it.

use diesel::{
    QueryableByName,
    sql_types::{BigInt, Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use domain::{
    AgencyId, CaseId, EventId, Timestamp,
    access::LogReach,
    events::{EventType, Given, GivenTo, SubjectKind},
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{AccessFilter, AccessPlace, lines::HIDEAWAY};
use crate::{StoreError, rows, store::Tx};

/// An act that gave something.
#[derive(Clone, Debug)]
pub struct DisclosureLine {
    /// Its place.
    pub place: AccessPlace,
    /// The event.
    pub id: EventId,
    /// What was done.
    pub event: EventType,
    /// What it was done to.
    pub subject: SubjectKind,
    /// The id of that.
    pub subject_id: Uuid,
    /// The version of that after it.
    pub version: i32,
    /// The case; none where the requested country has none of its own yet.
    pub case: Option<CaseId>,
    /// The agency that acted; none where the mechanism did by itself.
    pub agency: Option<AgencyId>,
    /// What was given, to whom.
    pub given: Given,
    /// Its place among the leaves of the sealed tree, for those who may ask for its proof; none until it is sealed.
    pub leaf: Option<i64>,
    /// Whether the agency that acted, and the one to which it was given, would tell the reader where the child is hidden.
    pub hides: (bool, bool),
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Timestamptz)]
    at: OffsetDateTime,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    event: String,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = SqlUuid)]
    subject_id: Uuid,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    case_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    agency_id: Option<Uuid>,
    #[diesel(sql_type = Jsonb)]
    payload: serde_json::Value,
    #[diesel(sql_type = Nullable<BigInt>)]
    leaf: Option<i64>,
    #[diesel(sql_type = Bool)]
    hideaway: bool,
    #[diesel(sql_type = Bool)]
    to_hideaway: bool,
}

impl Row {
    fn read(mut self, provable: bool) -> Result<DisclosureLine, StoreError> {
        const TABLE: &str = "events";
        let given = Given::taken_from(&mut self.payload)
            .ok_or_else(|| StoreError::corrupt(TABLE, "a disclosure that cannot be read"))?;
        Ok(DisclosureLine {
            place: AccessPlace { at: Timestamp::new(self.at), seq: self.seq },
            id: EventId(self.id),
            event: rows::code(TABLE, &self.event)?,
            subject: rows::code(TABLE, &self.subject)?,
            subject_id: self.subject_id,
            version: self.version,
            case: self.case_id.map(CaseId),
            agency: self.agency_id.map(AgencyId),
            given,
            leaf: self.leaf.filter(|_| provable),
            hides: (self.hideaway, self.to_hideaway),
        })
    }
}

impl Tx<'_> {
    /// Disclosures within the caller's reach, newest first, one more than wanted.
    pub fn disclosure_lines(
        &mut self,
        filter: AccessFilter,
        after: Option<AccessPlace>,
        limit: u16,
    ) -> Result<Vec<DisclosureLine>, StoreError> {
        // The condition is that of the index `events_that_disclose`.
        let select = format!(
            "SELECT t.seq, t.at, t.id, t.event, t.subject, t.subject_id, t.version, t.case_id, t.agency_id, \
             t.payload, l.index AS leaf, {HIDEAWAY} AS hideaway, {} AS to_hideaway FROM events t \
             LEFT JOIN log_leaves l ON l.log = 'events' AND l.seq = t.seq \
             LEFT JOIN agencies a ON a.id = t.agency_id \
             LEFT JOIN agencies b ON b.id::text = t.payload -> 'disclosed' -> 'to' ->> 'id' \
             WHERE t.payload ? 'disclosed'",
            HIDEAWAY.replace("a.", "b.")
        );
        let (reach, sees) = self.log_sight(filter.case)?;
        let own = self.cx.caller.agency;
        let rows: Vec<Row> = self.within_reach(&select, reach, filter, after, limit)?;
        let shown = |mut it: DisclosureLine| {
            let to_own = matches!(it.given.to, GivenTo::Agency { id } if id == own);
            it.hides.0 &= !sees && it.agency != Some(own);
            it.hides.1 &= !sees && !to_own;
            it
        };
        rows.into_iter().map(|it| it.read(reach == LogReach::Country).map(shown)).collect()
    }
}
