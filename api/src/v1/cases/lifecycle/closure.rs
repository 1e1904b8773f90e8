//! Opening a case for protection, closing it by two people, and opening it again.

use actix_web::{post, web::Path};
use domain::{
    CaseId, Day,
    cases::lifecycle::{self as life, ClosureItem},
    text::Text,
    vocabulary::{ClosureReason, ReopenReason},
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{acting::act, view::LifecycleView};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
    v1::common::Nothing,
};

/// Why a child needs protection.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "reasons": "She sleeps at the station and has nobody here." }))]
pub struct OpenCaseForProtection {
    /// The reasons, in words.
    pub reasons: Text<2000>,
}

/// Open a case for a need of protection
///
/// By a case manager of the agency that leads, whether or not the child is presumed a victim.
#[utoipa::path(
    operation_id = "openCaseForProtection", tag = "lifecycle",
    params(("id" = CaseId, Path, description = "The case.")), request_body = OpenCaseForProtection,
    responses((status = 200, description = "The life of the case.", body = LifecycleView))
)]
#[post("/v1/cases/{id}/open-for-protection")]
pub async fn open_case_for_protection(
    call: Call,
    id: Path<String>,
    body: Json<OpenCaseForProtection>,
) -> Result<Answer, Failure> {
    let wanted = life::OpenForProtection { reasons: body.value.reasons.into() };
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.open_for_protection(&wanted, at)?)).await
}

/// The request to close a case.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({
    "reason": "durable_solution_implemented", "explanation": "She has lived with her aunt for a year and goes to school.",
    "attested": [
        { "item": "solution_in_place", "on": "2026-05-01" },
        { "item": "safety_plan_ended", "on": "2026-10-01" },
        { "item": "proceedings_done", "on": "2026-09-15" },
        { "item": "child_informed", "on": "2026-11-20", "note": "She is glad, and wants to keep the number of the worker." },
        { "item": "guardian_informed", "on": "2026-11-20", "note": "The aunt agrees." },
        { "item": "guardian_duties_ended", "on": "2026-11-20" },
        { "item": "retention_set", "on": "2026-11-20" },
        { "item": "statistics_complete", "on": "2026-11-20" },
        { "item": "follow_up", "on": "2026-11-20" }
    ]
}))]
pub struct RequestClosure {
    /// Why.
    pub reason: ClosureReason,
    /// The reasons, in words.
    pub explanation: Text<4000>,
    /// What is attested of the checklist, item by item; what the node knows is looked up.
    #[schema(max_items = 30)]
    pub attested: Vec<NewAttested>,
}

/// What is attested of an item of the closure checklist.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewAttested {
    /// The item.
    pub item: ClosureItem,
    /// Since which day it holds.
    pub on: Day,
    /// How it is known; required are the views of the child and of the guardian, where they were informed.
    pub note: Option<Text<2000>>,
}

impl From<NewAttested> for life::Attested {
    fn from(it: NewAttested) -> Self {
        Self { item: it.item, on: it.on, note: it.note.map(String::from) }
    }
}

/// Ask to close a case
///
/// By a case manager of the agency that leads. Every hard item of the checklist that is not met is listed at once (R71); a
/// second person decides.
#[utoipa::path(
    operation_id = "requestClosure", tag = "lifecycle", params(("id" = CaseId, Path, description = "The case.")),
    request_body = RequestClosure,
    responses((status = 200, description = "The life of the case.", body = LifecycleView))
)]
#[post("/v1/cases/{id}/request-closure")]
pub async fn request_closure(
    call: Call,
    id: Path<String>,
    body: Json<RequestClosure>,
) -> Result<Answer, Failure> {
    let it = body.value;
    let wanted = life::ClosureRequest {
        reason: it.reason,
        explanation: it.explanation.into(),
        attested: it.attested.into_iter().map(life::Attested::from).collect(),
    };
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.request_closure(&wanted, at)?)).await
}

/// Approve a closure
///
/// By a supervisor of the agency that leads, who did not ask for it. The checklist is gone through again; with the case all
/// that was owed ends.
#[utoipa::path(
    operation_id = "approveClosure", tag = "lifecycle", params(("id" = CaseId, Path, description = "The case.")),
    request_body = Nothing,
    responses((status = 200, description = "The life of the case.", body = LifecycleView))
)]
#[post("/v1/cases/{id}/approve-closure")]
pub async fn approve_closure(call: Call, id: Path<String>, body: Json<Nothing>) -> Result<Answer, Failure> {
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.approve_closure(at)?)).await
}

/// Why a case stays open.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "reasons": "The aunt was not asked how long she can keep her." }))]
pub struct ReturnClosure {
    /// The reasons, in words.
    pub reasons: Text<2000>,
}

/// Return a closure
///
/// By a supervisor of the agency that leads: work goes on as before.
#[utoipa::path(
    operation_id = "returnClosure", tag = "lifecycle", params(("id" = CaseId, Path, description = "The case.")),
    request_body = ReturnClosure,
    responses((status = 200, description = "The life of the case.", body = LifecycleView))
)]
#[post("/v1/cases/{id}/return-closure")]
pub async fn return_closure(
    call: Call,
    id: Path<String>,
    body: Json<ReturnClosure>,
) -> Result<Answer, Failure> {
    let wanted = life::ReturnClosure { reasons: body.value.reasons.into() };
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.return_closure(&wanted, at)?)).await
}

/// Why a case is opened again.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "reason": "retrafficking", "explanation": "The helpline heard from her; the man has found her." }))]
#[serde(rename_all = "camelCase")]
pub struct ReopenCase {
    /// The reason.
    pub reason: ReopenReason,
    /// What happened, in words.
    pub explanation: Text<4000>,
}

/// Reopen a case
///
/// By anybody with a case role in an agency that leads or opened it. The safeguards of a presumed victim return at once (R72):
/// each entitlement is owed anew. If another case of a child like this was taken in meanwhile, whoever leads looks whether
/// it is one child (R70).
#[utoipa::path(
    operation_id = "reopenCase", tag = "lifecycle", params(("id" = CaseId, Path, description = "The case.")),
    request_body = ReopenCase,
    responses((status = 200, description = "The life of the case.", body = LifecycleView))
)]
#[post("/v1/cases/{id}/reopen")]
pub async fn reopen_case(call: Call, id: Path<String>, body: Json<ReopenCase>) -> Result<Answer, Failure> {
    let it = body.value;
    let wanted = life::Reopen { reason: it.reason, explanation: it.explanation.into() };
    act(call, &id, &body.canonical, move |case, at, tx| {
        let child = tx.child(case)?.identity;
        Ok(case.reopen(&wanted, &child, at)?)
    })
    .await
}
