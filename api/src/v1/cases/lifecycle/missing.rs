//! A child that is missing: reported, searched for, found, and talked with.

use actix_web::{post, web::Path};
use domain::{
    CaseId, Timestamp,
    cases::lifecycle::{self as life, AlertKind, FoundOutcome, InterviewOutcome, ToldPolice},
    text::{Line, Text},
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{acting::act, view::LifecycleView};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
};

/// The report that a child is missing.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "lastSeenAt": "2026-11-24T05:00:00Z", "circumstances": "Not in her room at the morning roll call; her telephone is off.",
    "police": { "notYetBecause": "The line is busy; we call again in ten minutes." }, "crossBorderLink": true
}))]
pub struct ReportChildMissing {
    /// When the child was last seen.
    pub last_seen_at: Timestamp,
    /// What is known, in words.
    pub circumstances: Text<4000>,
    /// Whether police were told: when, or why not yet.
    pub police: PoliceBody,
    /// Whether there is a link to another country, which is then told through the focal point.
    pub cross_border_link: Option<bool>,
}

/// Whether police were told: when, or why not yet.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PoliceBody {
    /// When they were told.
    pub notified_at: Option<Timestamp>,
    /// The number that they gave.
    pub reference: Option<Line<100>>,
    /// Why they were not told yet, in words.
    pub not_yet_because: Option<Text<1000>>,
}

/// Report the child missing
///
/// By whoever takes part in the case. Police are told at once (R74); everybody in the case knows of it, and a handover or a
/// closure that was pending goes back. `If-Match` takes the ETag of the lifecycle or of the case.
#[utoipa::path(
    operation_id = "reportChildMissing", tag = "lifecycle", params(("id" = CaseId, Path, description = "The case.")),
    request_body = ReportChildMissing,
    responses((status = 200, description = "The life of the case.", body = LifecycleView))
)]
#[post("/v1/cases/{id}/report-missing")]
pub async fn report_child_missing(
    call: Call,
    id: Path<String>,
    body: Json<ReportChildMissing>,
) -> Result<Answer, Failure> {
    let it = body.value;
    let wanted = life::ReportMissing {
        last_seen_at: it.last_seen_at,
        circumstances: it.circumstances.into(),
        police: ToldPolice {
            at: it.police.notified_at,
            reference: it.police.reference.map(String::from),
            not_yet: it.police.not_yet_because.map(String::from),
        },
        cross_border: it.cross_border_link == Some(true),
    };
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.report_missing(&wanted, at)?)).await
}

/// That police were told.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "notifiedAt": "2026-11-24T07:10:00Z", "reference": "T-2026-0107" }))]
pub struct RecordPoliceNotified {
    /// When.
    pub notified_at: Timestamp,
    /// The number that they gave.
    pub reference: Option<Line<100>>,
}

/// Record that police were told
///
/// By whoever takes part in the case; it ends that duty.
#[utoipa::path(
    operation_id = "recordPoliceNotified", tag = "lifecycle", params(("id" = CaseId, Path, description = "The case.")),
    request_body = RecordPoliceNotified,
    responses((status = 200, description = "The life of the case.", body = LifecycleView))
)]
#[post("/v1/cases/{id}/record-police-notified")]
pub async fn record_police_notified(
    call: Call,
    id: Path<String>,
    body: Json<RecordPoliceNotified>,
) -> Result<Answer, Failure> {
    let it = body.value;
    let wanted =
        ToldPolice { at: Some(it.notified_at), reference: it.reference.map(String::from), not_yet: None };
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.record_police_notified(&wanted, at)?)).await
}

/// An alert on a missing child.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "kinds": ["sis", "hotline_116000"], "issuedAt": "2026-11-24T07:30:00Z", "reference": "S-0042"
}))]
pub struct RecordMissingAlert {
    /// Which ones.
    #[schema(min_items = 1, max_items = 10)]
    pub kinds: Vec<AlertKind>,
    /// When.
    pub issued_at: Timestamp,
    /// The number of the alert.
    pub reference: Option<Line<100>>,
}

/// Record an alert
///
/// Others search as well: an alert in the Schengen Information System, the hotline 116 000, another country.
#[utoipa::path(
    operation_id = "recordMissingAlert", tag = "lifecycle", params(("id" = CaseId, Path, description = "The case.")),
    request_body = RecordMissingAlert,
    responses((status = 200, description = "The life of the case.", body = LifecycleView))
)]
#[post("/v1/cases/{id}/record-missing-alert")]
pub async fn record_missing_alert(
    call: Call,
    id: Path<String>,
    body: Json<RecordMissingAlert>,
) -> Result<Answer, Failure> {
    let it = body.value;
    let wanted =
        life::RecordAlert { kinds: it.kinds, at: it.issued_at, reference: it.reference.map(String::from) };
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.record_alert(&wanted, at)?)).await
}

/// That the child is missing for a long time.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "reasons": "No trace for six months; all alerts stay." }))]
pub struct RecordLongTermMissing {
    /// What was done to find the child, in words.
    pub reasons: Text<2000>,
}

/// Record that the child is missing for a long time
///
/// The search goes on. Only now can the case be closed as untraceable.
#[utoipa::path(
    operation_id = "recordLongTermMissing", tag = "lifecycle",
    params(("id" = CaseId, Path, description = "The case.")), request_body = RecordLongTermMissing,
    responses((status = 200, description = "The life of the case.", body = LifecycleView))
)]
#[post("/v1/cases/{id}/record-long-term-missing")]
pub async fn record_long_term_missing(
    call: Call,
    id: Path<String>,
    body: Json<RecordLongTermMissing>,
) -> Result<Answer, Failure> {
    let reasons = String::from(body.value.reasons);
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.record_long_term(&reasons, at)?)).await
}

/// That the child was found.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "outcome": "found_safe", "foundAt": "2026-11-24T07:45:00Z", "circumstances": "She came back by herself, cold and hungry."
}))]
pub struct RecordChildFound {
    /// How.
    pub outcome: FoundOutcome,
    /// When.
    pub found_at: Timestamp,
    /// Where and how, in words.
    pub circumstances: Text<4000>,
}

/// Record that the child was found
///
/// By a case manager or supervisor of the agency that leads, or by whoever reported it. Nobody is punished for having gone;
/// within 72 hours somebody independent talks with the child. A child that was found exploited is screened anew.
#[utoipa::path(
    operation_id = "recordChildFound", tag = "lifecycle", params(("id" = CaseId, Path, description = "The case.")),
    request_body = RecordChildFound,
    responses((status = 200, description = "The life of the case.", body = LifecycleView))
)]
#[post("/v1/cases/{id}/record-found")]
pub async fn record_child_found(
    call: Call,
    id: Path<String>,
    body: Json<RecordChildFound>,
) -> Result<Answer, Failure> {
    let it = body.value;
    let wanted =
        life::RecordFound { outcome: it.outcome, at: it.found_at, circumstances: it.circumstances.into() };
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.record_found(&wanted, at)?)).await
}

/// The talk with the child after the return.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "outcome": "held", "doneAt": "2026-11-24T07:55:00Z", "byWhom": "A worker of the youth centre", "independent": true,
    "summary": "She was afraid of being sent back to the man."
}))]
pub struct RecordReturnInterview {
    /// What came of it.
    pub outcome: InterviewOutcome,
    /// When.
    pub done_at: Timestamp,
    /// Who talked with the child, in words.
    pub by_whom: Line<200>,
    /// Whether that person is independent of whoever cares for the child; it must be.
    pub independent: bool,
    /// What the child said, in words.
    pub summary: Option<Text<4000>>,
}

/// Record the talk after the return
///
/// It ends that duty.
#[utoipa::path(
    operation_id = "recordReturnInterview", tag = "lifecycle",
    params(("id" = CaseId, Path, description = "The case.")), request_body = RecordReturnInterview,
    responses((status = 200, description = "The life of the case.", body = LifecycleView))
)]
#[post("/v1/cases/{id}/record-return-interview")]
pub async fn record_return_interview(
    call: Call,
    id: Path<String>,
    body: Json<RecordReturnInterview>,
) -> Result<Answer, Failure> {
    let it = body.value;
    let wanted = life::RecordReturnInterview {
        outcome: it.outcome,
        at: it.done_at,
        by_whom: it.by_whom.into(),
        independent: it.independent,
        summary: it.summary.map(String::from),
    };
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.record_return_interview(&wanted, at)?)).await
}
