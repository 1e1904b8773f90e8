//! The formal assessment and its decision; a negative one takes two agencies.

use actix_web::{post, web::Path};
use domain::{
    CaseId,
    identification::{Decide, NegativeGround, ProposeNegative, SecondOpinion},
    text::Text,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    acting::act,
    findings::{NewFindings, NewInformed},
    view::IdentificationView,
};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
    v1::common::Nothing,
};

/// Open the formal assessment
///
/// By an identification officer of an agency that the profile of the day lets decide.
#[utoipa::path(
    operation_id = "openFormalAssessment", tag = "identification",
    params(("id" = CaseId, Path, description = "The case.")), request_body = Nothing,
    responses((status = 200, description = "The identification.", body = IdentificationView))
)]
#[post("/v1/cases/{id}/identification/open-formal-assessment")]
pub async fn open_formal_assessment(
    call: Call,
    id: Path<String>,
    body: Json<Nothing>,
) -> Result<Answer, Failure> {
    act(call, &id, &body.canonical, |case, at, _| Ok(case.open_formal_assessment(at)?)).await
}

/// The decision that the child is a victim.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({
    "findings": {
        "act": "shown", "purpose": "shown", "acts": ["transportation"], "purposes": ["forced_begging"],
        "evidence": ["The statement of the child.", "The report of the patrol."]
    },
    "reasons": "Two adults brought him here and take what he is given.",
    "informed": { "child": true, "guardian": true }
}))]
pub struct DecideIdentification {
    /// What was found.
    pub findings: NewFindings,
    /// The reasons, in words.
    pub reasons: Text<4000>,
    /// Who was informed.
    pub informed: NewInformed,
}

/// Decide that the child is a victim
///
/// Act and purpose must be shown; means are never demanded for a child. Whoever decided first does not decide a review.
#[utoipa::path(
    operation_id = "decideIdentification", tag = "identification",
    params(("id" = CaseId, Path, description = "The case.")), request_body = DecideIdentification,
    responses((status = 200, description = "The identification.", body = IdentificationView))
)]
#[post("/v1/cases/{id}/identification/decide")]
pub async fn decide_identification(
    call: Call,
    id: Path<String>,
    body: Json<DecideIdentification>,
) -> Result<Answer, Failure> {
    let it = body.value;
    let wanted =
        Decide { findings: it.findings.into(), reasons: it.reasons.into(), informed: it.informed.into() };
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.decide(&wanted, at)?)).await
}

/// The proposal of a negative decision.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({
    "grounds": ["purpose_not_shown"],
    "findings": { "act": "unclear", "purpose": "not_shown", "evidence": ["The statement of the aunt."] },
    "reasons": "She came for a visit; nobody gained from it."
}))]
pub struct ProposeNegativeDecision {
    /// Its grounds. Those that law forbids are refused with their source.
    #[schema(max_items = 20)]
    pub grounds: Vec<NegativeGround>,
    /// What was found.
    pub findings: NewFindings,
    /// The reasons, in words.
    pub reasons: Text<4000>,
}

/// Propose a negative decision
///
/// Nothing is decided until an independent decider of another agency confirms it.
#[utoipa::path(
    operation_id = "proposeNegativeDecision", tag = "identification",
    params(("id" = CaseId, Path, description = "The case.")), request_body = ProposeNegativeDecision,
    responses((status = 200, description = "The identification.", body = IdentificationView))
)]
#[post("/v1/cases/{id}/identification/propose-negative")]
pub async fn propose_negative_decision(
    call: Call,
    id: Path<String>,
    body: Json<ProposeNegativeDecision>,
) -> Result<Answer, Failure> {
    let it = body.value;
    let wanted =
        ProposeNegative { grounds: it.grounds, findings: it.findings.into(), reasons: it.reasons.into() };
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.propose_negative(&wanted, at)?)).await
}

/// The agreement of the second decider.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({
    "reasons": "The file was read anew and the aunt was heard.", "informed": { "child": true, "guardian": true }
}))]
pub struct ConfirmNegativeDecision {
    /// The reasons, in words.
    pub reasons: Text<4000>,
    /// Who was informed.
    pub informed: NewInformed,
}

/// Confirm a negative decision
///
/// By an identification officer of another agency. It can be appealed for the time of the profile; the safeguards stay
/// until then, and help goes on.
#[utoipa::path(
    operation_id = "confirmNegativeDecision", tag = "identification",
    params(("id" = CaseId, Path, description = "The case.")), request_body = ConfirmNegativeDecision,
    responses((status = 200, description = "The identification.", body = IdentificationView))
)]
#[post("/v1/cases/{id}/identification/confirm-negative")]
pub async fn confirm_negative_decision(
    call: Call,
    id: Path<String>,
    body: Json<ConfirmNegativeDecision>,
) -> Result<Answer, Failure> {
    let it = body.value;
    let wanted = SecondOpinion { reasons: it.reasons.into(), informed: Some(it.informed.into()) };
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.confirm_negative(&wanted, at)?)).await
}

/// Why the second decider does not agree.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "reasons": "The cousin was not heard." }))]
pub struct ReturnNegativeDecision {
    /// The reasons, in words.
    pub reasons: Text<4000>,
}

/// Return a negative decision
///
/// The second decider does not agree: the assessment goes on.
#[utoipa::path(
    operation_id = "returnNegativeDecision", tag = "identification",
    params(("id" = CaseId, Path, description = "The case.")), request_body = ReturnNegativeDecision,
    responses((status = 200, description = "The identification.", body = IdentificationView))
)]
#[post("/v1/cases/{id}/identification/return-negative")]
pub async fn return_negative_decision(
    call: Call,
    id: Path<String>,
    body: Json<ReturnNegativeDecision>,
) -> Result<Answer, Failure> {
    let wanted = SecondOpinion { reasons: body.value.reasons.into(), informed: None };
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.return_negative(&wanted, at)?)).await
}
