//! The rows of the life of a case, and what they say.

use diesel::{Insertable, Queryable, Selectable};
use domain::{
    AgencyId, CaseActId, CaseId, HandoverId, MissingEpisodeId, ProfessionalId, Timestamp,
    cases::{
        Case,
        lifecycle::{Destination, Entry, Handover, MissingEpisode},
    },
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    StoreError, rows,
    schema::{case_acts as acts, handovers, missing_episodes as episodes},
    sealing::DataKey,
};

// Nothing is left to a default: which columns are null would otherwise make statements that do not stay prepared.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = acts, treat_none_as_default_value = false)]
pub(super) struct ActRow {
    id: Uuid,
    country: String,
    case_id: Uuid,
    version: i32,
    act: String,
    from_status: String,
    to_status: String,
    at: OffsetDateTime,
    agency_id: Uuid,
    professional_id: Option<Uuid>,
    other_case_id: Option<Uuid>,
    sealed: Vec<u8>,
}

impl ActRow {
    pub fn of(case: &Case, entry: &Entry, sealed: Vec<u8>) -> Self {
        Self {
            id: entry.id.0,
            country: case.country.to_string(),
            case_id: case.id.0,
            version: case.version.0,
            act: entry.act.to_string(),
            from_status: entry.from.to_string(),
            to_status: entry.to.to_string(),
            at: entry.at.raw(),
            agency_id: entry.agency.0,
            professional_id: entry.professional.map(|it| it.0),
            other_case_id: entry.other.map(|it| it.0),
            sealed,
        }
    }

    pub fn read(self, key: &DataKey) -> Result<Entry, StoreError> {
        let table = "case_acts";
        Ok(Entry {
            id: CaseActId(self.id),
            case: CaseId(self.case_id),
            act: rows::code(table, &self.act)?,
            from: rows::code(table, &self.from_status)?,
            to: rows::code(table, &self.to_status)?,
            at: Timestamp::new(self.at),
            agency: AgencyId(self.agency_id),
            professional: self.professional_id.map(ProfessionalId),
            other: self.other_case_id.map(CaseId),
            written: key.read(self.id, &self.sealed)?,
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = episodes, treat_none_as_default_value = false)]
pub(super) struct EpisodeRow {
    id: Uuid,
    country: String,
    case_id: Uuid,
    status: String,
    agency_id: Uuid,
    reported_at: OffsetDateTime,
    last_seen_at: OffsetDateTime,
    police_at: Option<OffsetDateTime>,
    found_at: Option<OffsetDateTime>,
    interviewed_at: Option<OffsetDateTime>,
}

impl EpisodeRow {
    pub fn of(it: &MissingEpisode, country: String) -> Self {
        Self {
            id: it.id.0,
            country,
            case_id: it.case.0,
            status: it.status.to_string(),
            agency_id: it.agency.0,
            reported_at: it.reported_at.raw(),
            last_seen_at: it.last_seen_at.raw(),
            police_at: it.police_at.map(Timestamp::raw),
            found_at: it.found_at.map(Timestamp::raw),
            interviewed_at: it.interviewed_at.map(Timestamp::raw),
        }
    }

    pub fn read(self) -> Result<MissingEpisode, StoreError> {
        Ok(MissingEpisode {
            id: MissingEpisodeId(self.id),
            case: CaseId(self.case_id),
            status: rows::code("missing_episodes", &self.status)?,
            agency: AgencyId(self.agency_id),
            reported_at: Timestamp::new(self.reported_at),
            last_seen_at: Timestamp::new(self.last_seen_at),
            police_at: self.police_at.map(Timestamp::new),
            found_at: self.found_at.map(Timestamp::new),
            interviewed_at: self.interviewed_at.map(Timestamp::new),
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = handovers, treat_none_as_default_value = false)]
pub(super) struct HandoverRow {
    id: Uuid,
    country: String,
    case_id: Uuid,
    status: String,
    from_agency_id: Uuid,
    to_agency_id: Option<Uuid>,
    to_country: Option<String>,
    proposed_at: OffsetDateTime,
    ended_at: Option<OffsetDateTime>,
}

impl HandoverRow {
    pub fn of(it: &Handover, country: String) -> Self {
        let (agency, abroad) = match it.to {
            Destination::Agency(id) => (Some(id.0), None),
            Destination::Country(code) => (None, Some(code.to_string())),
        };
        Self {
            id: it.id.0,
            country,
            case_id: it.case.0,
            status: it.status.to_string(),
            from_agency_id: it.from.0,
            to_agency_id: agency,
            to_country: abroad,
            proposed_at: it.proposed_at.raw(),
            ended_at: it.ended_at.map(Timestamp::raw),
        }
    }

    pub fn read(self) -> Result<Handover, StoreError> {
        let to = match (self.to_agency_id, self.to_country) {
            (Some(id), None) => Destination::Agency(AgencyId(id)),
            (None, Some(code)) => Destination::Country(rows::country("handovers", &code)?),
            _ => return Err(StoreError::corrupt("handovers", "not one receiver")),
        };
        Ok(Handover {
            id: HandoverId(self.id),
            case: CaseId(self.case_id),
            status: rows::code("handovers", &self.status)?,
            from: AgencyId(self.from_agency_id),
            to,
            proposed_at: Timestamp::new(self.proposed_at),
            ended_at: self.ended_at.map(Timestamp::new),
        })
    }
}
