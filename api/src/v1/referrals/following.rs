//! Rerouting: by the sender after a refusal, or together with a receiver that law obliges.

use actix_web::{post, web::Path};
use domain::{
    AgencyId, ReferralId, ServiceId,
    referrals::{Followed, ProposeReroute, Referral, Reroute, Send},
    text::Text,
    vocabulary::{AgencyType, DeclineReason},
};
use persistence::Tx;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{
    acting::{act, act_and_follow, only_the_sender},
    answering::known_agency,
    content::PackageBody,
    receiver::Chosen,
    view::ReferralView,
};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
};

/// The agency that would take it over, and why.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "reason": "no_capacity", "toAgencyId": "0192f0c1-2345-7abc-8def-0123456789ac" }))]
pub struct ProposeReferralReroute {
    /// The reason, as for a refusal; the same grounds are refused (R82).
    pub reason: DeclineReason,
    /// The reason in words.
    pub explanation: Option<Text<2000>>,
    /// The agency that would take it over.
    pub to_agency_id: AgencyId,
}

/// Propose to reroute together
///
/// For a receiver that cannot decline (N12, R84), and for any other: it names the agency that would take the child over
/// and stays responsible until the sender reroutes.
#[utoipa::path(
    operation_id = "proposeReferralReroute", tag = "referrals",
    params(("id" = ReferralId, Path, description = "The referral.")), request_body = ProposeReferralReroute,
    responses((status = 200, description = "The referral.", body = ReferralView))
)]
#[post("/v1/referrals/{id}/propose-reroute")]
pub async fn propose_referral_reroute(
    call: Call,
    id: Path<String>,
    body: Json<ProposeReferralReroute>,
) -> Result<Answer, Failure> {
    let given = body.value;
    act(call, &id, &body.canonical, move |it, tx| {
        known_agency(tx, given.to_agency_id, "/toAgencyId")?;
        let command = ProposeReroute {
            reason: given.reason,
            explanation: given.explanation.clone().map(String::from),
            to: given.to_agency_id,
        };
        Ok(it.propose_reroute(command, &tx.cx.caller, tx.cx.now)?)
    })
    .await
}

/// The other receiver; with `send` the new referral is sent in the same act.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[validate(schema(function = "goes_together"))]
#[schema(example = json!({ "toAgencyId": "0192f0c1-2345-7abc-8def-0123456789ac" }))]
pub struct RerouteReferral {
    /// The agency that is asked now; without it the need is routed to one that was not asked before.
    pub to_agency_id: Option<AgencyId>,
    /// The service of that agency that is asked.
    pub to_service_id: Option<ServiceId>,
    /// Sends it at once.
    #[validate(nested)]
    pub send: Option<PackageBody>,
}

/// A service is named together with its agency.
fn goes_together(it: &RerouteReferral) -> Result<(), ValidationError> {
    super::receiver::service_of_an_agency(it.to_agency_id, it.to_service_id)
}

/// Reroute a referral
///
/// Asks another receiver for the same need: after a refusal or expiry, or when the receiver has proposed it (N7, N12).
/// The new referral is named in `followedBy`; it is a draft unless `send` is given, and keeps the first clock (R83). The
/// third reroute of a need is told to the national coordinator.
#[utoipa::path(
    operation_id = "rerouteReferral", tag = "referrals",
    params(("id" = ReferralId, Path, description = "The referral.")), request_body = RerouteReferral,
    responses((status = 200, description = "The referral that was rerouted.", body = ReferralView))
)]
#[post("/v1/referrals/{id}/reroute")]
pub async fn reroute_referral(
    call: Call,
    id: Path<String>,
    body: Json<RerouteReferral>,
) -> Result<Answer, Failure> {
    let given = body.value;
    act_and_follow(call, &id, &body.canonical, move |it, tx| reroute(it, tx, given.clone())).await
}

fn reroute(it: &Referral, tx: &mut Tx<'_>, given: RerouteReferral) -> Result<Followed, Failure> {
    only_the_sender(it, tx)?;
    let (case, relation) = tx.case(it.case)?;
    case.live()?;
    let child = tx.child(&case)?;
    let need = it.need(&child.identity, tx.cx.now);
    let chosen = Chosen::of(tx, (given.to_agency_id, given.to_service_id), &need, &it.tried(), it.case)?;
    let country = tx.country(it.country)?;
    let coordinator = tx.first_agency_of(AgencyType::NatCoordinator)?;
    let command = Reroute { id: ReferralId(tx.fresh_id()), reference: tx.fresh_reference()? };
    let by = &tx.cx.caller;
    let Followed { this, next } =
        it.reroute(command, &chosen.fit(&need), (&country, coordinator), by, tx.cx.now)?;
    let sent = |draft: domain::Decided<Referral>| match given.send.clone() {
        None => Ok(draft),
        Some(package) => {
            let of = (&case, &child, &relation);
            let sent = draft.value.send(Send::from(package), of, &country, by, tx.cx.now);
            // Opened and ended in one act: the duty to send the draft never began.
            let draft = draft.with_deadlines(Vec::new());
            sent.map(|it| draft.then(it.within("/send"))).map_err(|it| it.within("/send"))
        }
    };
    Ok(Followed { this, next: next.map(sent).transpose()? })
}
