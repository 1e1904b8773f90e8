//! What the child's side brings, what other countries decided, and the end without a formal status.

use actix_web::{post, web::Path};
use domain::{
    CaseId,
    identification::{self as ident, Brought, Foreign, NoStatusReason, ReviewKind},
    text::Text,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{acting::act, findings::ForeignNotice, view::IdentificationView};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
};

/// An appeal, or new facts.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "kind": "new_facts", "broughtBy": "guardian", "reasons": "A cousin has told more." }))]
pub struct AppealDecision {
    /// Which of both.
    pub kind: ReviewKind,
    /// Who brings it.
    pub brought_by: Brought,
    /// What it says, in words.
    pub reasons: Text<4000>,
}

/// Appeal, or bring new facts
///
/// Anybody who takes part in the case opens a review; the safeguards of the presumption hold until it is decided by
/// others than those who decided first.
#[utoipa::path(
    operation_id = "appealDecision", tag = "identification", params(("id" = CaseId, Path, description = "The case.")),
    request_body = AppealDecision,
    responses((status = 200, description = "The identification.", body = IdentificationView))
)]
#[post("/v1/cases/{id}/identification/appeal")]
pub async fn appeal_decision(
    call: Call,
    id: Path<String>,
    body: Json<AppealDecision>,
) -> Result<Answer, Failure> {
    let it = body.value;
    let wanted = ident::Appeal { kind: it.kind, brought_by: it.brought_by, reasons: it.reasons.into() };
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.appeal(&wanted, at)?)).await
}

/// Declining the formal status.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "broughtBy": "guardian", "childInformed": true, "childView": "He does not want to be asked any more."
}))]
pub struct DeclineStatus {
    /// Who declines for the child.
    pub brought_by: Brought,
    /// Whether the child was told what the status is, and that help does not depend on it.
    pub child_informed: bool,
    /// The child's view, in words.
    pub child_view: Text<2000>,
}

/// Decline the formal status
///
/// By the child's side, once the child was informed. The child stays a registered victim, and help goes on unchanged.
#[utoipa::path(
    operation_id = "declineStatus", tag = "identification", params(("id" = CaseId, Path, description = "The case.")),
    request_body = DeclineStatus,
    responses((status = 200, description = "The identification.", body = IdentificationView))
)]
#[post("/v1/cases/{id}/identification/decline-status")]
pub async fn decline_status(
    call: Call,
    id: Path<String>,
    body: Json<DeclineStatus>,
) -> Result<Answer, Failure> {
    let it = body.value;
    let wanted = ident::DeclineStatus {
        brought_by: it.brought_by,
        child_informed: it.child_informed,
        child_view: it.child_view.into(),
    };
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.decline_status(&wanted, at)?)).await
}

/// Why there is no formal status.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "reason": "child_moved", "explanation": "He lives with an aunt abroad now." }))]
pub struct CloseWithoutStatus {
    /// Why.
    pub reason: NoStatusReason,
    /// What was done to reach the child, in words.
    pub explanation: Text<2000>,
}

/// Close without a formal status
///
/// The child moved or cannot be reached. New facts open it again, and with it what was not given.
#[utoipa::path(
    operation_id = "closeWithoutStatus", tag = "identification",
    params(("id" = CaseId, Path, description = "The case.")), request_body = CloseWithoutStatus,
    responses((status = 200, description = "The identification.", body = IdentificationView))
)]
#[post("/v1/cases/{id}/identification/close-without-status")]
pub async fn close_without_status(
    call: Call,
    id: Path<String>,
    body: Json<CloseWithoutStatus>,
) -> Result<Answer, Failure> {
    let it = body.value;
    let wanted = ident::CloseWithoutStatus { reason: it.reason, explanation: it.explanation.into() };
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.close_without_status(&wanted, at)?)).await
}

/// Recognise a decision of another country
///
/// Where the profile recognises it, the child is identified by the decision of another country, which is kept.
#[utoipa::path(
    operation_id = "recogniseForeignDecision", tag = "identification",
    params(("id" = CaseId, Path, description = "The case.")), request_body = ForeignNotice,
    responses((status = 200, description = "The identification.", body = IdentificationView))
)]
#[post("/v1/cases/{id}/identification/recognise-foreign-decision")]
pub async fn recognise_foreign_decision(
    call: Call,
    id: Path<String>,
    body: Json<ForeignNotice>,
) -> Result<Answer, Failure> {
    let decision = Foreign::from(body.value);
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.recognise_foreign_decision(&decision, at)?))
        .await
}
