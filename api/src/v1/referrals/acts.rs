//! The receiver's answers and the sender's cancellation: one shape for each act.

use actix_web::{post, web::Path};
use domain::{
    AgencyId, Day, Decided, ReferralId,
    referrals::{Accept, Cancel, Complete, Decline, Referral, ReferralOutcome, Suggestion},
    text::{Line, Text},
    vocabulary::DeclineReason,
};
use persistence::{StoreError, Tx};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::read::read;
use super::view::{ReferralView, shown};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
    v1::common::{Nothing, path_id},
};

/// Loads, checks what the caller saw, decides, stores: what every act on a referral does.
async fn act(
    call: Call,
    id: &str,
    canonical: &[u8],
    decide: impl Fn(&Referral, &mut Tx<'_>) -> Result<Decided<Referral>, Failure> + Send + 'static,
) -> Result<Answer, Failure> {
    let id = path_id(id, ReferralId::parse)?;
    let expected = call.expected();
    call.act(
        id.0,
        canonical,
        move |tx| {
            let (before, side) = tx.referral(id)?;
            expected.check(&shown(tx, &before, side, &[], false).tag)?;
            let decided = decide(&before, tx)?;
            tx.save_referral(&before, &decided)?;
            Ok(shown(tx, &decided.value, side, &decided.warnings, false))
        },
        move |tx| read(tx, id, false),
    )
    .await
}

/// Acknowledge a referral
///
/// Confirms receipt; the time to acknowledge ends.
#[utoipa::path(
    operation_id = "acknowledgeReferral", tag = "referrals",
    params(("id" = ReferralId, Path, description = "The referral.")), request_body = Nothing,
    responses((status = 200, description = "The referral.", body = ReferralView))
)]
#[post("/v1/referrals/{id}/acknowledge")]
pub async fn acknowledge_referral(
    call: Call,
    id: Path<String>,
    body: Json<Nothing>,
) -> Result<Answer, Failure> {
    act(call, &id, &body.canonical, |it, tx| Ok(it.acknowledge(&tx.cx.caller, tx.cx.now)?)).await
}

/// Who answers for it and when the child is first met.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "worker": "Duty worker, evening shift", "firstAppointmentOn": "2099-01-01" }))]
pub struct AcceptReferral {
    /// Who of the receiver answers for it.
    pub worker: Line<200>,
    /// The first appointment.
    pub first_appointment_on: Day,
}

/// Accept a referral
///
/// Takes the responsibility on and names who answers for it. The receiver then takes part in the case with what was
/// disclosed.
#[utoipa::path(
    operation_id = "acceptReferral", tag = "referrals",
    params(("id" = ReferralId, Path, description = "The referral.")), request_body = AcceptReferral,
    responses((status = 200, description = "The referral.", body = ReferralView))
)]
#[post("/v1/referrals/{id}/accept")]
pub async fn accept_referral(
    call: Call,
    id: Path<String>,
    body: Json<AcceptReferral>,
) -> Result<Answer, Failure> {
    let given = body.value;
    act(call, &id, &body.canonical, move |it, tx| {
        let command =
            Accept { worker: given.worker.clone().into(), first_appointment_on: given.first_appointment_on };
        Ok(it.accept(command, &tx.cx.caller, tx.cx.now)?)
    })
    .await
}

/// A coded reason, and where else the child may be helped or that nothing is known.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[validate(schema(function = "one_suggestion"))]
#[schema(example = json!({ "reason": "no_capacity", "explanation": "All places are taken this week.", "noneKnown": true }))]
pub struct DeclineReferral {
    /// The reason; nationality, legal status, lack of cooperation and conduct are refused (R82).
    pub reason: DeclineReason,
    /// The reason in words.
    pub explanation: Option<Text<2000>>,
    /// An agency of the directory that may help.
    pub suggested_agency_id: Option<AgencyId>,
    /// Somebody else who may help.
    pub suggested_other: Option<Text<500>>,
    /// Whether no other help is known.
    pub none_known: Option<bool>,
}

fn one_suggestion(it: &DeclineReferral) -> Result<(), ValidationError> {
    let given = [it.suggested_agency_id.is_some(), it.suggested_other.is_some(), it.none_known == Some(true)];
    if given.iter().filter(|it| **it).count() > 1 {
        Err(ValidationError::new("several_suggestions")
            .with_message("one suggestion, or that none is known; not both".into()))
    } else {
        Ok(())
    }
}

/// Decline a referral
///
/// With a coded reason and a suggestion, or that none is known (R82). What was disclosed is closed to the decliner, who
/// keeps reading its own answer.
#[utoipa::path(
    operation_id = "declineReferral", tag = "referrals",
    params(("id" = ReferralId, Path, description = "The referral.")), request_body = DeclineReferral,
    responses((status = 200, description = "The referral.", body = ReferralView))
)]
#[post("/v1/referrals/{id}/decline")]
pub async fn decline_referral(
    call: Call,
    id: Path<String>,
    body: Json<DeclineReferral>,
) -> Result<Answer, Failure> {
    let given = body.value;
    act(call, &id, &body.canonical, move |it, tx| {
        if let Some(agency) = given.suggested_agency_id
            && matches!(tx.agency(agency), Err(StoreError::NotFound))
        {
            return Err(Failure::reference("/suggestedAgencyId"));
        }
        let suggestion = given
            .suggested_agency_id
            .map(Suggestion::Agency)
            .or_else(|| given.suggested_other.clone().map(|it| Suggestion::Other(it.into())))
            .or_else(|| given.none_known.filter(|it| *it).map(|_| Suggestion::NoneKnown));
        let command = Decline {
            reason: given.reason,
            explanation: given.explanation.clone().map(String::from),
            suggestion,
        };
        let profile = tx.profile()?;
        Ok(it.decline(command, &profile, &tx.cx.caller, tx.cx.now)?)
    })
    .await
}

/// Start the service
///
/// The receiver begins what it accepted.
#[utoipa::path(
    operation_id = "startReferral", tag = "referrals",
    params(("id" = ReferralId, Path, description = "The referral.")), request_body = Nothing,
    responses((status = 200, description = "The referral.", body = ReferralView))
)]
#[post("/v1/referrals/{id}/start")]
pub async fn start_referral(call: Call, id: Path<String>, body: Json<Nothing>) -> Result<Answer, Failure> {
    act(call, &id, &body.canonical, |it, tx| Ok(it.start(&tx.cx.caller, tx.cx.now)?)).await
}

/// The outcome, with feedback to the sender.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "outcome": "needs_met", "feedback": "Safe place found; the boy sleeps and eats well." }))]
pub struct CompleteReferral {
    /// The outcome.
    pub outcome: ReferralOutcome,
    /// Feedback to the sender.
    pub feedback: Text<4000>,
}

/// Complete a referral
///
/// Ends the service with its outcome and feedback to the sender.
#[utoipa::path(
    operation_id = "completeReferral", tag = "referrals",
    params(("id" = ReferralId, Path, description = "The referral.")), request_body = CompleteReferral,
    responses((status = 200, description = "The referral.", body = ReferralView))
)]
#[post("/v1/referrals/{id}/complete")]
pub async fn complete_referral(
    call: Call,
    id: Path<String>,
    body: Json<CompleteReferral>,
) -> Result<Answer, Failure> {
    let given = body.value;
    act(call, &id, &body.canonical, move |it, tx| {
        let command = Complete { outcome: given.outcome, feedback: given.feedback.clone().into() };
        Ok(it.complete(command, &tx.cx.caller, tx.cx.now)?)
    })
    .await
}

/// Why the referral is withdrawn.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "reason": "Another place was found." }))]
pub struct CancelReferral {
    /// The reason.
    pub reason: Text<2000>,
}

/// Cancel a referral
///
/// The sender withdraws it, with a reason.
#[utoipa::path(
    operation_id = "cancelReferral", tag = "referrals",
    params(("id" = ReferralId, Path, description = "The referral.")), request_body = CancelReferral,
    responses((status = 200, description = "The referral.", body = ReferralView))
)]
#[post("/v1/referrals/{id}/cancel")]
pub async fn cancel_referral(
    call: Call,
    id: Path<String>,
    body: Json<CancelReferral>,
) -> Result<Answer, Failure> {
    let given = body.value;
    act(call, &id, &body.canonical, move |it, tx| {
        let command = Cancel { reason: given.reason.clone().into() };
        Ok(it.cancel(command, &tx.cx.caller, tx.cx.now)?)
    })
    .await
}
