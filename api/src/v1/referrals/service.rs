//! The service: begun, ended, and what the sender is told of it.

use actix_web::{post, web::Path};
use domain::{
    ReferralId,
    referrals::{Complete, ReferralOutcome},
    text::Text,
    vocabulary::ServiceCode,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{acting::act, view::ReferralView};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
    v1::common::Nothing,
};

/// Start the service
///
/// The child is met and the service begins.
#[utoipa::path(
    operation_id = "startReferral", tag = "referrals",
    params(("id" = ReferralId, Path, description = "The referral.")), request_body = Nothing,
    responses((status = 200, description = "The referral.", body = ReferralView))
)]
#[post("/v1/referrals/{id}/start")]
pub async fn start_referral(call: Call, id: Path<String>, body: Json<Nothing>) -> Result<Answer, Failure> {
    act(call, &id, &body.canonical, |it, tx| Ok(it.start(&tx.cx.caller, tx.cx.now)?)).await
}

/// How the service ended, with feedback to the sender now or later.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "outcome": "partly_met", "delivered": ["safe_accommodation"] }))]
pub struct EndReferral {
    /// The outcome.
    pub outcome: ReferralOutcome,
    /// What was delivered.
    #[schema(max_items = 40)]
    pub delivered: Option<Vec<ServiceCode>>,
    /// Feedback to the sender; without it, it is due within the time of the country profile (R107).
    pub feedback: Option<Text<4000>>,
}

impl From<EndReferral> for Complete {
    fn from(it: EndReferral) -> Self {
        Self {
            outcome: it.outcome,
            delivered: it.delivered.unwrap_or_default(),
            feedback: it.feedback.map(String::from),
        }
    }
}

/// Complete a referral
///
/// Ends the service as planned, with its outcome, what was delivered, and feedback to the sender.
#[utoipa::path(
    operation_id = "completeReferral", tag = "referrals",
    params(("id" = ReferralId, Path, description = "The referral.")), request_body = EndReferral,
    responses((status = 200, description = "The referral.", body = ReferralView))
)]
#[post("/v1/referrals/{id}/complete")]
pub async fn complete_referral(
    call: Call,
    id: Path<String>,
    body: Json<EndReferral>,
) -> Result<Answer, Failure> {
    let given = body.value;
    act(call, &id, &body.canonical, move |it, tx| {
        let country = tx.country(it.country)?;
        Ok(it.complete(given.clone().into(), &country, &tx.cx.caller, tx.cx.now)?)
    })
    .await
}

/// Interrupt a referral
///
/// Ends the service before its time, or what was accepted before it began; the needs are then not met.
#[utoipa::path(
    operation_id = "interruptReferral", tag = "referrals",
    params(("id" = ReferralId, Path, description = "The referral.")), request_body = EndReferral,
    responses((status = 200, description = "The referral.", body = ReferralView))
)]
#[post("/v1/referrals/{id}/interrupt")]
pub async fn interrupt_referral(
    call: Call,
    id: Path<String>,
    body: Json<EndReferral>,
) -> Result<Answer, Failure> {
    let given = body.value;
    act(call, &id, &body.canonical, move |it, tx| {
        let country = tx.country(it.country)?;
        Ok(it.interrupt(given.clone().into(), &country, &tx.cx.caller, tx.cx.now)?)
    })
    .await
}

/// What the sender is told.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "feedback": "He goes to school and has a mentor." }))]
pub struct GiveFeedback {
    /// In words.
    pub feedback: Text<4000>,
}

/// Tell the sender what came of it
///
/// Where the service ended without feedback (R107).
#[utoipa::path(
    operation_id = "giveReferralFeedback", tag = "referrals",
    params(("id" = ReferralId, Path, description = "The referral.")), request_body = GiveFeedback,
    responses((status = 200, description = "The referral.", body = ReferralView))
)]
#[post("/v1/referrals/{id}/feedback")]
pub async fn give_referral_feedback(
    call: Call,
    id: Path<String>,
    body: Json<GiveFeedback>,
) -> Result<Answer, Failure> {
    let given = body.value;
    act(call, &id, &body.canonical, move |it, tx| {
        Ok(it.give_feedback(given.feedback.clone().into(), &tx.cx.caller, tx.cx.now)?)
    })
    .await
}
