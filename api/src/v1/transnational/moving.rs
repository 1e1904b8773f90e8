//! The move of the child: departure, turning back, arrival, handover, and how it is afterwards.

use actix_web::{post, web::Path};
use domain::{
    Decided, Timestamp, TransnationalRequestId,
    text::{Line, Text},
    transnational::{Handover, Request},
};
use persistence::{
    Tx,
    transnational::{Extra, Record},
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    acting::{Acted, act, plainly},
    planning::Because,
    readiness::ReadinessBody,
    view::RequestView,
};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
};

/// The safeguards, as they hold on the day.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "readiness": {
    "risk": { "on": "2026-11-20", "level": "low" }, "family": { "on": "2026-11-20", "byCountry": "LV", "placeOfCare": true },
    "receiving": { "named": true, "acceptedInWriting": true, "planned": true }, "foundAgainst": false, "procedures": [],
    "consulted": { "prosecutorOn": "2026-11-20", "viewsOn": "2026-11-20", "viewsAddressed": true },
    "placement": { "basis": "parent" }
} }))]
pub struct RecordDeparture {
    /// The safeguards: every step asks for them anew.
    pub readiness: ReadinessBody,
}

/// Let the child go
///
/// Under the plan that both sides have confirmed, unless another request has taken the child abroad meanwhile. Four hours after the planned arrival a child that has not arrived is
/// missing, and the protocol begins by itself.
#[utoipa::path(
    operation_id = "recordDeparture", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = RecordDeparture,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/depart")]
pub async fn record_departure(
    call: Call,
    id: Path<String>,
    body: Json<RecordDeparture>,
) -> Result<Answer, Failure> {
    let given = body.value;
    act(call, &id, &body.canonical, move |record, at, tx| {
        let receiving = tx.country(record.request.to.country).ok();
        let readiness =
            given.readiness.attested(&record.request, at, receiving.as_ref().map(|it| &it.profile))?;
        let missing = tx.child_is_missing(record.request.case)?;
        let decided = record.request.depart(&readiness, missing, at)?;
        record.request.check_child_here(&tx.moves_of(record.request.case)?)?;
        let extra = Extra { readiness: Some(readiness), ..record.extra.clone() };
        Ok(Acted { request: decided, extra })
    })
    .await
}

/// Bring the child back
///
/// To the last safe place. The requesting side asks for it, because the child may have arrived already; the requested one
/// says it.
#[utoipa::path(
    operation_id = "turnTransferBack", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = Because,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/turn-back")]
pub async fn turn_transfer_back(
    call: Call,
    id: Path<String>,
    body: Json<Because>,
) -> Result<Answer, Failure> {
    let because = String::from(body.value.because);
    plainly(call, &id, &body.canonical, move |it, at| it.turn_back(because.clone(), at)).await
}

/// When the child arrived.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "arrivedAt": "2026-11-24T08:00:00Z" }))]
pub struct ConfirmArrival {
    /// When.
    pub arrived_at: Timestamp,
}

/// Confirm that the child arrived
///
/// By the receiving side, in time or late. A child who had not arrived in time was reported missing by the mechanism: its
/// arrival ends that on the cases of both countries, each when it learns of it, and whoever leads owes the talk after a
/// return. A child whom somebody has reported missing otherwise, before or since, stays so, with the warning
/// `still_missing`: record in the case that it was found.
#[utoipa::path(
    operation_id = "confirmArrival", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = ConfirmArrival,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/confirm-arrival")]
pub async fn confirm_arrival(
    call: Call,
    id: Path<String>,
    body: Json<ConfirmArrival>,
) -> Result<Answer, Failure> {
    let arrived = body.value.arrived_at;
    act(call, &id, &body.canonical, move |record, at, tx| {
        let decided = record.request.confirm_arrival(arrived, at)?;
        tx.end_missing_by_arrival(record, &decided.value, at.country)?;
        received(record, decided, tx)
    })
    .await
}

/// The act, with what whoever receives the child is told.
fn received(record: &Record, mut decided: Decided<Request>, tx: &mut Tx<'_>) -> Result<Acted, Failure> {
    decided.warnings.extend(Request::still_missing(tx.child_is_missing(record.request.case)?));
    Ok(Acted::on(record, decided))
}

/// What a handover needs (R55).
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "carerPresent": "The foster mother", "planAccepted": true, "childTold": true }))]
pub struct TakeChildOver {
    /// The guardian or carer who is with the child.
    pub carer_present: Option<Line<300>>,
    /// Whether the plan is accepted.
    pub plan_accepted: bool,
    /// Whether the child was told.
    pub child_told: bool,
}

/// Take the responsibility over
///
/// By the receiving side: the child is there, with a guardian or carer, knows it, and the plan stands (R55). Until then
/// the requesting side stays responsible.
#[utoipa::path(
    operation_id = "takeChildOver", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = TakeChildOver,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/hand-over")]
pub async fn take_child_over(
    call: Call,
    id: Path<String>,
    body: Json<TakeChildOver>,
) -> Result<Answer, Failure> {
    let it = body.value;
    let handover = Handover {
        carer_present: it.carer_present.map(String::from),
        plan_accepted: it.plan_accepted,
        child_told: it.child_told,
    };
    act(call, &id, &body.canonical, move |record, at, tx| {
        let decided = record.request.hand_over(handover.clone(), at)?;
        received(record, decided, tx)
    })
    .await
}

/// How the child is.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "report": "She goes to school and sees her aunt every week." }))]
pub struct ReportOnChild {
    /// The report, for the other side.
    pub report: Text<2000>,
}

/// Report on the child
///
/// By the receiving side: after a week, and after 1, 3, 6 and 12 months. The first may come at any time, each further one
/// from the middle between two of these times on.
#[utoipa::path(
    operation_id = "reportOnChild", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = ReportOnChild,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/report")]
pub async fn report_on_child(
    call: Call,
    id: Path<String>,
    body: Json<ReportOnChild>,
) -> Result<Answer, Failure> {
    let report = String::from(body.value.report);
    plainly(call, &id, &body.canonical, move |it, at| it.report(report.clone(), at)).await
}
