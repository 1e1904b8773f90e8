//! What either side does at any time: suspending for safety, and notices that follow what was sent.

use actix_web::{post, web::Path};
use domain::{Timestamp, TransnationalRequestId, text::Text, transnational::NoticeKind};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{acting::plainly, planning::Because, view::RequestView};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
};

/// Suspend a request for safety
///
/// By either side, after a finding that disclosure endangers the child (R78). The other side learns that it is suspended,
/// and nothing of why.
#[utoipa::path(
    operation_id = "suspendTransnationalRequest", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = Because,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/suspend")]
pub async fn suspend_transnational_request(
    call: Call,
    id: Path<String>,
    body: Json<Because>,
) -> Result<Answer, Failure> {
    let because = String::from(body.value.because);
    plainly(call, &id, &body.canonical, move |it, at| it.suspend(because.clone(), at)).await
}

/// The new assessment of the risk.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "riskAssessedAt": "2026-11-24T08:00:00Z" }))]
pub struct LiftSuspension {
    /// When the risk was assessed anew; after the suspension.
    pub risk_assessed_at: Option<Timestamp>,
}

/// Lift the own suspension
///
/// Once the risk was assessed anew (R78); it goes on where it stood.
#[utoipa::path(
    operation_id = "liftTransnationalSuspension", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = LiftSuspension,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/lift-suspension")]
pub async fn lift_transnational_suspension(
    call: Call,
    id: Path<String>,
    body: Json<LiftSuspension>,
) -> Result<Answer, Failure> {
    let assessed = body.value.risk_assessed_at;
    plainly(call, &id, &body.canonical, move |it, at| it.lift(assessed, at)).await
}

/// A notice that follows what was sent.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "kind": "correction", "about": "The birth year in the package is wrong: it is 2014." }))]
pub struct GiveNotice {
    /// What it is.
    pub kind: NoticeKind,
    /// What it is about.
    pub about: Text<2000>,
}

/// Tell of a correction, a withdrawn consent, a recall or the child's view
///
/// Who is asked corrects what it said itself or tells of a consent; it neither calls back what it was sent nor asks the child
/// for the other side (R114). Closing tells of itself, and so does sending a request by which something is passed on. Where it was sent without the child's view, `child_asked` tells what came of it when the child was asked again (R24).
/// Somebody there acknowledges it within 24 hours; until then it is listed. After a recall the package is closed there.
#[utoipa::path(
    operation_id = "giveTransnationalNotice", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = GiveNotice,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/notify")]
pub async fn give_transnational_notice(
    call: Call,
    id: Path<String>,
    body: Json<GiveNotice>,
) -> Result<Answer, Failure> {
    let (kind, about) = (body.value.kind, String::from(body.value.about));
    plainly(call, &id, &body.canonical, move |it, at| it.notify(kind, about.clone(), at)).await
}

/// Which notice.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "seq": 2 }))]
pub struct AcknowledgeNotice {
    /// Its number, as `noticesToAcknowledge` has it.
    #[schema(minimum = 1)]
    pub seq: u32,
}

/// Acknowledge a notice
///
/// By a person of the side that was told; the closing with its final outcome is one too.
#[utoipa::path(
    operation_id = "acknowledgeTransnationalNotice", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = AcknowledgeNotice,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/acknowledge-notice")]
pub async fn acknowledge_transnational_notice(
    call: Call,
    id: Path<String>,
    body: Json<AcknowledgeNotice>,
) -> Result<Answer, Failure> {
    let seq = body.value.seq;
    plainly(call, &id, &body.canonical, move |it, at| it.acknowledge_notice(seq, at)).await
}
