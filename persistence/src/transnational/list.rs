//! Requests in a list: no more columns than it shows.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, Queryable, RunQueryDsl as _,
    Selectable, SelectableHelper as _,
};
use domain::{
    AgencyId, CaseId, Reference, Timestamp, TransnationalRequestId,
    text::Country,
    transnational::{Route, Side},
    vocabulary::{TransnationalRequestStatus, TransnationalRequestType, Urgency},
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::country_of;
use crate::{Page, PageRequest, StoreError, rows, schema::transnational_requests as requests, store::Tx};

#[derive(Queryable, Selectable)]
#[diesel(table_name = requests)]
struct Row {
    id: Uuid,
    request_id: Uuid,
    side: String,
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
    notices_open: i16,
    carry_at: Option<OffsetDateTime>,
}

/// A request in a list, with nothing that was written.
#[derive(Clone, Debug)]
pub struct RequestLine {
    /// Its id.
    pub id: TransnationalRequestId,
    /// Which side this is.
    pub side: Side,
    /// The office here.
    pub office: AgencyId,
    /// The agency that has the case here.
    pub lead: Option<AgencyId>,
    /// The case here.
    pub case: Option<CaseId>,
    /// What is asked.
    pub request_type: TransnationalRequestType,
    /// By which route.
    pub route: Route,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Its status as people see it.
    pub status: TransnationalRequestStatus,
    /// When it reached its status.
    pub status_at: Timestamp,
    /// The reference here.
    pub reference: Reference,
    /// The other country.
    pub other_country: Country,
    /// The office there, by its code.
    pub other_office: String,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// When it was first received.
    pub first_received_at: Option<Timestamp>,
    /// Own notices that nobody there has acknowledged.
    pub notices_open: u16,
    /// Whether something that this side wrote has not been receipted there.
    pub waits: bool,
}

impl TryFrom<Row> for RequestLine {
    type Error = StoreError;
    fn try_from(it: Row) -> Result<Self, StoreError> {
        let table = "transnational_requests";
        let status = rows::code(table, &it.status)?;
        Ok(Self {
            id: TransnationalRequestId(it.request_id),
            side: rows::code(table, &it.side)?,
            office: AgencyId(it.agency_id),
            lead: it.lead_agency_id.map(AgencyId),
            case: it.case_id.map(CaseId),
            request_type: rows::code(table, &it.request_type)?,
            route: rows::code(table, &it.route)?,
            urgency: rows::code(table, &it.urgency)?,
            status: if it.suspended { TransnationalRequestStatus::SuspendedSafety } else { status },
            status_at: Timestamp::new(it.status_at),
            reference: rows::reference(table, &it.reference)?,
            other_country: country_of(&it.other_country)?,
            other_office: it.other_office,
            sent_at: it.sent_at.map(Timestamp::new),
            first_received_at: it.first_received_at.map(Timestamp::new),
            notices_open: u16::try_from(it.notices_open).unwrap_or_default(),
            waits: it.carry_at.is_some() || status == TransnationalRequestStatus::Undeliverable,
        })
    }
}

/// Which requests of the caller's agency are listed.
#[derive(Clone, Copy, Debug)]
pub struct RequestFilter {
    /// The side on which the own country stands: asked by another, or asking it.
    pub side: Side,
    /// Of this status only.
    pub status: Option<TransnationalRequestStatus>,
    /// Of this type only.
    pub request_type: Option<TransnationalRequestType>,
    /// Of this case only.
    pub case: Option<CaseId>,
    /// Only those of which the other side has not acknowledged something, or all others.
    pub unacknowledged: Option<bool>,
}

impl Tx<'_> {
    /// A page of the requests of which the caller's agency is the office or leads the case, newest first.
    pub fn transnational_requests(
        &mut self,
        filter: RequestFilter,
        page: PageRequest,
    ) -> Result<Page<RequestLine>, StoreError> {
        let caller = &self.cx.caller;
        let agency = caller.agency.0;
        // As `Request::concerns` has it: what was not submitted is its author's alone.
        let review = TransnationalRequestStatus::NationalReview.to_string();
        let asked = Side::Requested.to_string();
        let shared =
            requests::side.eq(asked).or(requests::sent_at.is_not_null()).or(requests::status.eq(review));
        let mut query = requests::table
            .filter(requests::country.eq(caller.country.to_string()))
            .filter(requests::side.eq(filter.side.to_string()))
            .filter(requests::lead_agency_id.eq(agency).or(requests::agency_id.eq(agency).and(shared)))
            .filter(requests::id.lt(page.before()))
            .filter(requests::case_id.is_null().or(requests::case_id.ne_all(self.barred.clone())))
            .order(requests::id.desc())
            .limit(page.fetch())
            .select(Row::as_select())
            .into_boxed();
        query = match filter.status {
            Some(TransnationalRequestStatus::SuspendedSafety) => query.filter(requests::suspended),
            Some(status) => query
                .filter(requests::status.eq(status.to_string()))
                .filter(diesel::dsl::not(requests::suspended)),
            None => query,
        };
        if let Some(it) = filter.request_type {
            query = query.filter(requests::request_type.eq(it.to_string()));
        }
        if let Some(waits) = filter.unacknowledged {
            let undeliverable = TransnationalRequestStatus::Undeliverable.to_string();
            let open = requests::carry_at
                .is_not_null()
                .or(requests::notices_open.gt(0))
                .or(requests::status.eq(undeliverable));
            query = if waits { query.filter(open) } else { query.filter(diesel::dsl::not(open)) };
        }
        for case in filter.case.into_iter().chain(caller.case) {
            query = query.filter(requests::case_id.eq(case.0));
        }
        let rows: Vec<Row> = query.load(self.conn)?;
        page.page(rows, |it| it.id, RequestLine::try_from).transposed()
    }
}
