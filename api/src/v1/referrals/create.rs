//! Drafting a referral, or drafting and sending it at once.

use actix_web::post;
use domain::{
    AgencyId, CaseId, ReferralId, ServiceId,
    directory::{Area, Need},
    referrals::{Draft, Referral, ReferralSide, Send},
    text::Text,
    vocabulary::{ReferralReason, ServiceCode, Urgency},
};
use persistence::Tx;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{
    content::PackageBody,
    receiver::{Chosen, referenced, service_of_an_agency},
    view::{ReferralView, shown_after},
};
use crate::{
    call::{Call, Within},
    failure::Failure,
    http::{Answer, Json, Shown},
};

/// A referral to draft; with `send` it is drafted and sent in one act.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[validate(schema(function = "goes_together"))]
#[schema(example = json!({
    "caseId": "0192f0c1-2345-7abc-8def-0123456789ab", "toAgencyId": "0192f0c1-2345-7abc-8def-0123456789ac",
    "urgency": "urgent", "reasons": ["shelter"], "services": ["safe_accommodation"],
    "summary": "A boy of about eleven needs a safe place tonight."
}))]
pub struct CreateReferral {
    /// The case.
    pub case_id: CaseId,
    /// The agency that is asked; never a named person. Without it the referral is routed by competence, territory and
    /// need, and `routing` says why.
    pub to_agency_id: Option<AgencyId>,
    /// The service of that agency that is asked.
    pub to_service_id: Option<ServiceId>,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Why it is made.
    #[schema(min_items = 1, max_items = 20)]
    pub reasons: Vec<ReferralReason>,
    /// What is asked for.
    #[schema(max_items = 40)]
    pub services: Option<Vec<ServiceCode>>,
    /// Where it is needed, for the check that the receiver fits; it is not kept.
    pub area: Option<Area>,
    /// What is asked and why: what the receiver needs to decide, no more.
    pub summary: Text<4000>,
    /// Sends it at once.
    #[validate(nested)]
    pub send: Option<PackageBody>,
}

/// A service is named together with its agency.
fn goes_together(it: &CreateReferral) -> Result<(), ValidationError> {
    service_of_an_agency(it.to_agency_id, it.to_service_id)
}

/// Draft a referral
///
/// Asks another agency to take a defined responsibility or service. A draft is seen by its sender alone; with `send` it
/// is drafted and sent in one transaction.
#[utoipa::path(
    operation_id = "createReferral", tag = "referrals", request_body = CreateReferral,
    responses((status = 201, description = "The referral.", body = ReferralView))
)]
#[post("/v1/referrals")]
pub async fn create_referral(call: Call, body: Json<CreateReferral>) -> Result<Answer, Failure> {
    let wanted = body.value;
    let within = call.quota(None);
    call.naming_case(wanted.case_id)
        .create(
            &body.canonical,
            "/v1/referrals".to_owned(),
            move |tx, id| draft(tx, ReferralId(id), wanted.clone(), within),
            move |tx, id| {
                let (referral, side) = tx.referral(ReferralId(id))?;
                shown_after(tx, &referral, side, &[], within)
            },
        )
        .await
}

fn draft(
    tx: &mut Tx<'_>,
    id: ReferralId,
    wanted: CreateReferral,
    within: Within,
) -> Result<Shown<ReferralView>, Failure> {
    let (case, relation) = referenced(tx.case(wanted.case_id), "/caseId")?;
    let child = tx.child(&case)?;
    let ongoing = tx.ongoing_referrals(case.child, None)?;
    let new = Draft {
        id,
        reference: tx.fresh_reference()?,
        reasons: wanted.reasons,
        services: wanted.services.unwrap_or_default(),
        urgency: wanted.urgency,
        summary: wanted.summary.into(),
        area: wanted.area,
    };
    let now = tx.cx.now;
    let need = Need::of_child(&child.identity, &new.services, new.urgency, new.area.clone(), now);
    let chosen = Chosen::of(tx, (wanted.to_agency_id, wanted.to_service_id), &need, &[], case.id)?;
    let fit = chosen.fit(&need);
    let mut decided = Referral::draft(new, (&case, &relation), Some(&fit), &ongoing, &tx.cx.caller, now)?;
    if let Some(send) = wanted.send {
        let country = tx.country(case.country)?;
        let sent =
            decided.value.send(Send::from(send), (&case, &child, &relation), &country, &tx.cx.caller, now);
        decided = decided.then(sent.map_err(|it| it.within("/send"))?.within("/send"));
    }
    tx.add_referral(&decided)?;
    shown_after(tx, &decided.value, ReferralSide::Sender, &decided.warnings, within)
}
