//! The receiver's answers and the sender's cancellation.

use actix_web::{post, web::Path};
use domain::{
    AgencyId, Day, ReferralId,
    referrals::{Accept, Cancel, Decline, Suggestion},
    text::{Line, Text},
    vocabulary::{DeclineReason, ServiceCode},
};
use persistence::{StoreError, Tx};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{
    acting::{act, act_and_follow},
    view::ReferralView,
};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
    v1::common::Nothing,
};

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

/// Who answers for it, when the child is first met, and what of it if not all.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "worker": "Duty worker, evening shift", "firstAppointmentOn": "2099-01-01" }))]
pub struct AcceptReferral {
    /// Who of the receiver answers for it.
    pub worker: Line<200>,
    /// The first appointment.
    pub first_appointment_on: Day,
    /// What is accepted; all that was asked where nothing is said. The rest becomes a draft of the sender.
    #[schema(min_items = 1, max_items = 40)]
    pub services: Option<Vec<ServiceCode>>,
}

/// Accept a referral
///
/// Takes the responsibility on and names who answers for it. The receiver then takes part in the case with what was
/// disclosed. What is not accepted becomes a draft of the sender, named in `followedBy`; it keeps the clock (R83).
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
    act_and_follow(call, &id, &body.canonical, move |it, tx| {
        let command = Accept {
            worker: given.worker.clone().into(),
            first_appointment_on: given.first_appointment_on,
            services: given.services.clone(),
        };
        let rest = (ReferralId(tx.fresh_id()), tx.fresh_reference()?);
        let country = tx.country(it.country)?;
        Ok(it.accept(command, rest, &country, &tx.cx.caller, tx.cx.now)?)
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

/// An agency of the directory in the caller's country; unknown and foreign look the same.
pub(super) fn known_agency(tx: &mut Tx<'_>, id: AgencyId, pointer: &'static str) -> Result<(), Failure> {
    match tx.agency(id) {
        Ok(it) if it.country == tx.cx.caller.country => Ok(()),
        Ok(_) | Err(StoreError::NotFound) => Err(Failure::reference(pointer)),
        Err(other) => Err(other.into()),
    }
}

/// Decline a referral
///
/// With a coded reason and a suggestion, or that none is known (R82). What was disclosed is closed to the decliner, who
/// keeps reading its own answer; the sender has a time to find other help (R106). Whom law obliges to accept cannot
/// decline (R84); it may propose to reroute together.
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
        if let Some(agency) = given.suggested_agency_id {
            known_agency(tx, agency, "/suggestedAgencyId")?;
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
        let country = tx.country(it.country)?;
        Ok(it.decline(command, &country, &tx.cx.caller, tx.cx.now)?)
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
/// The sender withdraws it, with a reason; or says after a refusal that no other help is needed, and why.
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
