//! Reading requests between countries: one, and those from and to other countries.

use actix_web::{get, web::Path};
use domain::{
    AgencyId, CaseId, Reference, Timestamp, TransnationalRequestId,
    text::Country,
    transnational::{Route, Side},
    vocabulary::{TransnationalRequestStatus, TransnationalRequestType, Urgency},
};
use persistence::{
    Tx,
    transnational::{RequestFilter, RequestLine},
};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::{IntoParams, ToSchema};

use super::view::{RequestView, shown};
use crate::{
    call::{Call, PageQuery},
    failure::Failure,
    http::{Answer, Query, Shown},
    v1::common::{Include, IncludeQuery, listed, page, path_id},
};

/// Reads a request as the caller sees it today.
pub(super) fn read(
    tx: &mut Tx<'_>,
    id: TransnationalRequestId,
    with_blocked: bool,
) -> Result<Shown<RequestView>, Failure> {
    let record = tx.transnational_request(id)?;
    let country = tx.country(record.request.country)?;
    Ok(shown(tx, &record, &country, &[], with_blocked))
}

/// A request in a list: nothing that was written.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TransnationalRequestSummary)]
#[serde(rename_all = "camelCase")]
pub struct RequestSummaryView {
    /// Its id; the same on both sides.
    pub id: TransnationalRequestId,
    /// Its reference here.
    pub reference: Reference,
    /// Which side this is.
    pub side: Side,
    /// The case here.
    pub case_id: Option<CaseId>,
    /// The agency that has the case here.
    pub lead_agency_id: Option<AgencyId>,
    /// The office at this end of the route.
    pub office_agency_id: AgencyId,
    /// The other country.
    pub other_country: Country,
    /// The office there, by its code.
    #[schema(max_length = 60)]
    pub other_office: String,
    /// What is asked.
    pub request_type: TransnationalRequestType,
    /// By which route.
    pub route: Route,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Its status.
    pub status: TransnationalRequestStatus,
    /// When it reached its status.
    pub status_at: Timestamp,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// When the other country first received it.
    pub first_received_at: Option<Timestamp>,
    /// Own notices that nobody there has acknowledged.
    pub notices_unacknowledged: u16,
    /// Whether something that this side wrote has not been receipted there.
    pub unreceipted: bool,
}

page! {
    /// A page of requests, newest first.
    RequestPage as TransnationalRequestPage of RequestSummaryView
}

impl From<RequestLine> for RequestSummaryView {
    fn from(it: RequestLine) -> Self {
        Self {
            id: it.id,
            reference: it.reference,
            side: it.side,
            case_id: it.case,
            lead_agency_id: it.lead,
            office_agency_id: it.office,
            other_country: it.other_country,
            other_office: it.other_office,
            request_type: it.request_type,
            route: it.route,
            urgency: it.urgency,
            status: it.status,
            status_at: it.status_at,
            sent_at: it.sent_at,
            first_received_at: it.first_received_at,
            notices_unacknowledged: it.notices_open,
            unreceipted: it.waits,
        }
    }
}

domain::codes! {
    /// Requests of other countries, or to them.
    pub enum RequestBox = "transnational_box" {
        In = "in": "Requests of other countries",
        Out = "out": "Requests to other countries",
    }
}

/// Which requests.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct RequestQuery {
    /// From other countries, or to them.
    #[param(inline, required = true, example = "out")]
    pub r#box: RequestBox,
    /// Of this status only.
    pub status: Option<TransnationalRequestStatus>,
    /// Of this type only.
    pub request_type: Option<TransnationalRequestType>,
    /// Of this case only.
    pub case_id: Option<CaseId>,
    /// With true, only those of which the other side has not acknowledged something; with false, all others.
    #[param(example = true)]
    pub unacknowledged: Option<bool>,
}

/// Requests between countries
///
/// Those of which the own agency is the office or leads the case, newest first; nothing of the child. What the other side
/// has not acknowledged is listed with `unacknowledged=true`.
#[utoipa::path(
    operation_id = "listTransnationalRequests", tag = "transnational", params(RequestQuery, PageQuery),
    responses((status = 200, description = "A page of requests.", body = RequestPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/transnational-requests")]
pub async fn list_transnational_requests(
    call: Call,
    filter: Query<RequestQuery>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let it = filter.0;
    let filter = RequestFilter {
        side: match it.r#box {
            RequestBox::In => Side::Requested,
            RequestBox::Out => Side::Requesting,
        },
        status: it.status,
        request_type: it.request_type,
        case: it.case_id,
        unacknowledged: it.unacknowledged,
    };
    let (found, link) = call
        .list(
            page.0,
            it.case_id.map(|it| it.0),
            move |tx, page| Ok(tx.transnational_requests(filter, page)?),
            RequestSummaryView::from,
        )
        .await?;
    Ok(listed(&RequestPage::from(found), link))
}

/// A request between countries
///
/// As the caller's side has it: each side has a record of its own, joined by messages.
#[utoipa::path(
    operation_id = "getTransnationalRequest", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request."), IncludeQuery),
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[get("/v1/transnational-requests/{id}")]
pub async fn get_transnational_request(
    call: Call,
    id: Path<String>,
    query: Query<IncludeQuery>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, TransnationalRequestId::parse)?;
    let with_blocked = query.0.include == Some(Include::BlockedActions);
    call.read(Some(id.0), move |tx| read(tx, id, with_blocked)).await
}
