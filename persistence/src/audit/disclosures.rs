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

use super::{AccessFilter, AccessPlace};
use crate::{StoreError, hideaways::HIDEAWAY, rows, store::Tx};

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
    /// Whether the agency that acted is not told, because it hides the child.
    pub hides_giver: bool,
    /// Whether the agency to which it was given is not told, for the same reason.
    pub hides_receiver: bool,
    /// Whether the agency from which it came is not told, for the same reason.
    pub hides_origin: bool,
    /// Its place among the leaves of the sealed tree, for those who may ask for its proof; none until it is sealed.
    pub leaf: Option<i64>,
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
    #[diesel(sql_type = Bool)]
    hides_giver: bool,
    #[diesel(sql_type = Bool)]
    hides_receiver: bool,
    #[diesel(sql_type = Bool)]
    hides_origin: bool,
    #[diesel(sql_type = Nullable<BigInt>)]
    leaf: Option<i64>,
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
            hides_giver: self.hides_giver,
            hides_receiver: self.hides_receiver,
            hides_origin: self.hides_origin,
            leaf: self.leaf.filter(|_| provable),
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
            "SELECT t.seq, t.at, t.id, t.event, t.subject, t.subject_id, t.version, t.case_id, \
                      t.agency_id, t.payload, {HIDEAWAY} AS hides_receiver, \
                      EXISTS (SELECT FROM agencies a WHERE a.id = t.agency_id AND {HIDEAWAY}) AS hides_giver, \
                      EXISTS (SELECT FROM agencies a WHERE a.id::text = t.payload #>> '{{disclosed,from}}' AND {HIDEAWAY}) \
                      AS hides_origin, \
                      l.index AS leaf FROM events t \
                      LEFT JOIN log_leaves l ON l.log = 'events' AND l.seq = t.seq \
                      LEFT JOIN agencies a ON a.id::text = t.payload #>> '{{disclosed,to,id}}' \
                      WHERE t.payload ? 'disclosed'"
        );
        let (reach, sees) = self.log_sight(filter.case)?;
        let rows: Vec<Row> = self.within_reach(&select, (reach, sees), filter, after, limit)?;
        let own = self.cx.caller.agency;
        let shown = |it: DisclosureLine| {
            let mine = |of: Option<AgencyId>| of == Some(own);
            let to = match it.given.to {
                GivenTo::Agency { id } => Some(id),
                _ => None,
            };
            DisclosureLine {
                hides_giver: it.hides_giver && !sees && !mine(it.agency),
                hides_receiver: it.hides_receiver && !sees && !mine(to),
                hides_origin: it.hides_origin && !sees && !mine(it.given.from),
                ..it
            }
        };
        rows.into_iter().map(|it| it.read(reach == LogReach::Country).map(shown)).collect()
    }
}
