//! Questions before a decision, and the child's view once it was asked again.

use actix_web::{post, web::Path};
use domain::{ReferralId, referrals::View, text::Text};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{acting::act, content::ChildsViewBody, view::ReferralView};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
};

/// What the receiver needs to know before it decides.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "question": "Does he need medicine tonight?" }))]
pub struct RequestInformation {
    /// The question.
    pub question: Text<2000>,
}

/// Ask the sender a question
///
/// Before the receiver decides (N4). The first question stops the time to decide until it is answered, at the longest for
/// as long as the sender has to answer (R105); `decideBy` says by when the decision is due at the latest.
#[utoipa::path(
    operation_id = "requestReferralInformation", tag = "referrals",
    params(("id" = ReferralId, Path, description = "The referral.")), request_body = RequestInformation,
    responses((status = 200, description = "The referral.", body = ReferralView))
)]
#[post("/v1/referrals/{id}/request-information")]
pub async fn request_referral_information(
    call: Call,
    id: Path<String>,
    body: Json<RequestInformation>,
) -> Result<Answer, Failure> {
    let given = body.value;
    act(call, &id, &body.canonical, move |it, tx| {
        let country = tx.country(it.country)?;
        Ok(it.request_information(given.question.clone().into(), &country, &tx.cx.caller, tx.cx.now)?)
    })
    .await
}

/// The answer to the receiver's question.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "answer": "No medicine. He has a cough and was seen by a doctor today." }))]
pub struct ProvideInformation {
    /// The answer.
    pub answer: Text<4000>,
}

/// Answer the receiver's question
///
/// The time to decide runs on.
#[utoipa::path(
    operation_id = "provideReferralInformation", tag = "referrals",
    params(("id" = ReferralId, Path, description = "The referral.")), request_body = ProvideInformation,
    responses((status = 200, description = "The referral.", body = ReferralView))
)]
#[post("/v1/referrals/{id}/provide-information")]
pub async fn provide_referral_information(
    call: Call,
    id: Path<String>,
    body: Json<ProvideInformation>,
) -> Result<Answer, Failure> {
    let given = body.value;
    act(call, &id, &body.canonical, move |it, tx| {
        let country = tx.country(it.country)?;
        Ok(it.provide_information(given.answer.clone().into(), &country, &tx.cx.caller, tx.cx.now)?)
    })
    .await
}

/// Record the child's view
///
/// Where a referral was sent without it (R24): what the child says once it was asked. Ends the duty to ask.
#[utoipa::path(
    operation_id = "recordReferralChildView", tag = "referrals",
    params(("id" = ReferralId, Path, description = "The referral.")), request_body = ChildsViewBody,
    responses((status = 200, description = "The referral.", body = ReferralView))
)]
#[post("/v1/referrals/{id}/child-view")]
pub async fn record_referral_child_view(
    call: Call,
    id: Path<String>,
    body: Json<ChildsViewBody>,
) -> Result<Answer, Failure> {
    let given = body.value;
    act(call, &id, &body.canonical, move |it, tx| {
        let country = tx.country(it.country)?;
        Ok(it.record_child_view(View::from(given.clone()), &country, &tx.cx.caller, tx.cx.now)?)
    })
    .await
}
