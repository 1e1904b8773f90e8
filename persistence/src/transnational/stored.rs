//! The row of a record.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use domain::{
    AgencyId, CaseId, Timestamp, TransnationalRequestId, Version,
    transnational::{IdentityBlock, Office, Request},
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    country_of,
    file::{Extra, Messages, Whole},
};
use crate::{StoreError, rows, schema::transnational_requests as requests};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = requests, treat_none_as_default_value = false)]
pub(super) struct Row {
    pub id: Uuid,
    request_id: Uuid,
    side: String,
    country: String,
    agency_id: Uuid,
    lead_agency_id: Option<Uuid>,
    case_id: Option<Uuid>,
    request_type: String,
    route: String,
    urgency: String,
    status: String,
    suspended: bool,
    status_at: OffsetDateTime,
    reference: String,
    other_country: String,
    other_office: String,
    sent_at: Option<OffsetDateTime>,
    first_received_at: Option<OffsetDateTime>,
    acknowledged: i32,
    notices_open: i16,
    carry_at: Option<OffsetDateTime>,
    pub sealed: Vec<u8>,
    pub identity_sealed: Option<Vec<u8>>,
    version: i32,
}

/// What an act or a message changes of it.
#[derive(AsChangeset)]
#[diesel(table_name = requests, treat_none_as_null = true)]
pub(super) struct Standing {
    agency_id: Uuid,
    lead_agency_id: Option<Uuid>,
    case_id: Option<Uuid>,
    urgency: String,
    status: String,
    suspended: bool,
    status_at: OffsetDateTime,
    other_country: String,
    other_office: String,
    sent_at: Option<OffsetDateTime>,
    first_received_at: Option<OffsetDateTime>,
    acknowledged: i32,
    notices_open: i16,
    carry_at: Option<OffsetDateTime>,
    sealed: Vec<u8>,
    identity_sealed: Option<Vec<u8>>,
    version: i32,
}

impl Row {
    pub fn of(
        id: Uuid,
        it: &Request,
        (sealed, identity_sealed): (Vec<u8>, Option<Vec<u8>>),
        now: Timestamp,
    ) -> Self {
        let count = |many: usize| i32::try_from(many).unwrap_or(i32::MAX);
        Self {
            id,
            request_id: it.id.0,
            side: it.side.to_string(),
            country: it.country.to_string(),
            agency_id: it.office.0,
            lead_agency_id: it.lead.map(|it| it.0),
            case_id: it.case.map(|it| it.0),
            request_type: it.request_type.to_string(),
            route: it.route.to_string(),
            urgency: it.urgency.to_string(),
            status: it.status.to_string(),
            suspended: it.suspended(),
            status_at: it.status_at.raw(),
            reference: it.reference.to_string(),
            other_country: it.to.country.to_string(),
            other_office: it.to.code.clone(),
            sent_at: it.sent_at.map(Timestamp::raw),
            first_received_at: it.first_received_at.map(Timestamp::raw),
            acknowledged: i32::try_from(it.acknowledged).unwrap_or(i32::MAX),
            notices_open: i16::try_from(count(it.notices_unacknowledged().count())).unwrap_or(i16::MAX),
            carry_at: (!it.unacknowledged().is_empty()).then(|| now.raw()),
            sealed,
            identity_sealed,
            version: it.version.0,
        }
    }

    pub fn standing(self) -> Standing {
        Standing {
            agency_id: self.agency_id,
            lead_agency_id: self.lead_agency_id,
            case_id: self.case_id,
            urgency: self.urgency,
            status: self.status,
            suspended: self.suspended,
            status_at: self.status_at,
            other_country: self.other_country,
            other_office: self.other_office,
            sent_at: self.sent_at,
            first_received_at: self.first_received_at,
            acknowledged: self.acknowledged,
            notices_open: self.notices_open,
            carry_at: self.carry_at,
            sealed: self.sealed,
            identity_sealed: self.identity_sealed,
            version: self.version,
        }
    }

    pub fn read(
        self,
        whole: Whole,
        messages: Messages,
        identity: Option<IdentityBlock>,
    ) -> Result<(Request, Extra), StoreError> {
        let table = "transnational_requests";
        let (sent, received, held) = messages.received();
        let country = country_of(&self.country)?;
        let request = Request {
            id: TransnationalRequestId(self.request_id),
            side: rows::code(table, &self.side)?,
            country,
            request_type: rows::code(table, &self.request_type)?,
            route: rows::code(table, &self.route)?,
            urgency: rows::code(table, &self.urgency)?,
            status: rows::code(table, &self.status)?,
            status_at: Timestamp::new(self.status_at),
            case: self.case_id.map(CaseId),
            lead: self.lead_agency_id.map(AgencyId),
            office: AgencyId(self.agency_id),
            from: whole.from,
            to: Office { country: country_of(&self.other_country)?, code: self.other_office },
            reference: rows::reference(table, &self.reference)?,
            other_reference: whole.other_reference,
            prepared: whole.prepared,
            sent_at: self.sent_at.map(Timestamp::new),
            first_received_at: self.first_received_at.map(Timestamp::new),
            forwards: whole.forwards,
            been_at: whole.been_at,
            officer: whole.officer,
            decision: whole.decision,
            answer: whole.answer,
            withdrawal: whole.withdrawal,
            void: whole.void,
            pause: whole.pause,
            transfer: whole.transfer,
            handed_over_at: whole.handed_over_at,
            no_response_at: whole.no_response_at,
            suspension: whole.suspension,
            unexpected: whole.unexpected,
            sent,
            acknowledged: u32::try_from(self.acknowledged)
                .map_err(|_| StoreError::corrupt(table, "not a number of messages"))?,
            received,
            held,
            version: Version(self.version),
        };
        let extra = Extra {
            material: whole.material,
            identity,
            readiness: whole.readiness,
            returned: whole.returned,
        };
        Ok((request, extra))
    }
}
