//! Changing a draft: what is asked, of whom, and what is prepared to be sent.

use actix_web::{patch, web::Path};
use domain::{
    AgencyId, ReferralId, ServiceId,
    directory::Need,
    referrals::{Amend, Referral, Send},
    text::Text,
    vocabulary::{ReferralReason, ServiceCode, Urgency},
};
use persistence::Tx;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{
    acting::{act, only_the_sender},
    content::PackageBody,
    receiver::{Chosen, service_of_an_agency},
    view::ReferralView,
};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
    v1::common::clearable,
};

/// What changes of a draft; what is absent stays. `null` clears.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[validate(schema(function = "goes_together"))]
#[schema(example = json!({
    "toAgencyId": "0192f0c1-2345-7abc-8def-0123456789ac", "urgency": "urgent",
    "package": {
        "disclosures": [
            { "dataClass": "d1_identity", "lawfulBases": ["gdpr_6_1_e_public_task"] },
            { "dataClass": "d15_referral_metadata", "lawfulBases": ["gdpr_6_1_e_public_task"] }
        ],
        "viewMissingReason": "urgent_danger", "askAgainOn": "2099-01-01", "childInformed": true
    }
}))]
pub struct ReferralPatch {
    /// The agency that is asked; `null` routes the referral anew by competence, territory and need.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(
        value_type = Option<String>, format = "uuid", min_length = 36, max_length = 36,
        pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
    )]
    pub to_agency_id: Option<Option<AgencyId>>,
    /// The service of that agency that is asked.
    #[schema(nullable = false)]
    pub to_service_id: Option<ServiceId>,
    /// How urgent it is.
    #[schema(nullable = false)]
    pub urgency: Option<Urgency>,
    /// Why it is made.
    #[schema(min_items = 1, max_items = 20, nullable = false)]
    pub reasons: Option<Vec<ReferralReason>>,
    /// What is asked for.
    #[schema(max_items = 40, nullable = false)]
    pub services: Option<Vec<ServiceCode>>,
    /// What is asked and why.
    #[schema(nullable = false)]
    pub summary: Option<Text<4000>>,
    /// What is prepared to be sent.
    #[validate(nested)]
    #[schema(nullable = false)]
    pub package: Option<PackageBody>,
}

/// A service is named together with its agency.
fn goes_together(it: &ReferralPatch) -> Result<(), ValidationError> {
    service_of_an_agency(it.to_agency_id.flatten(), it.to_service_id)
}

fn amend(it: &Referral, tx: &mut Tx<'_>, given: ReferralPatch) -> Result<domain::Decided<Referral>, Failure> {
    let command = Amend {
        reasons: given.reasons,
        services: given.services,
        urgency: given.urgency,
        summary: given.summary.map(String::from),
        prepared: given.package.map(Send::from),
    };
    let Some(agency) = given.to_agency_id else {
        return Ok(it.amend(command, None, &tx.cx.caller, tx.cx.now)?);
    };
    only_the_sender(it, tx)?;
    let (case, _) = tx.case(it.case)?;
    let child = tx.child(&case)?;
    let services = command.services.as_ref().unwrap_or(&it.services);
    let urgency = command.urgency.unwrap_or(it.urgency);
    let need = Need::of_child(&child.identity, services, urgency, it.file.area.clone(), tx.cx.now);
    let chosen = Chosen::of(tx, (agency, given.to_service_id), &need, &it.tried(), it.case)?;
    Ok(it.amend(command, Some(&chosen.fit(&need)), &tx.cx.caller, tx.cx.now)?)
}

/// Change a draft
///
/// A merge patch by the sender, until it is sent. With `package` it prepares what is to be sent, which
/// `GET …/package` then shows as the receiver will see it.
#[utoipa::path(
    operation_id = "updateReferral", tag = "referrals",
    params(("id" = ReferralId, Path, description = "The referral.")),
    request_body(content = ReferralPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The referral.", body = ReferralView))
)]
#[patch("/v1/referrals/{id}")]
pub async fn update_referral(
    call: Call,
    id: Path<String>,
    body: Json<ReferralPatch>,
) -> Result<Answer, Failure> {
    let given = body.value;
    act(call, &id, &body.canonical, move |it, tx| amend(it, tx, given.clone())).await
}
