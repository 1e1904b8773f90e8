//! Changing a draft.

use actix_web::{patch, web::Path};
use domain::{
    TransnationalRequestId,
    transnational::{At, Heading, Material, RequestAct},
    vocabulary::Urgency,
};
use persistence::{
    Tx,
    transnational::{Extra, Record},
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    acting::{Acted, act},
    content::MaterialBody,
    receiver::other_office,
    view::RequestView,
};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
};

/// What changes of a draft; what is absent stays.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({
    "urgency": "urgent",
    "content": {
        "disclosures": [
            { "dataClass": "d1_identity", "lawfulBases": ["gdpr_6_1_e_public_task"] },
            { "dataClass": "d15_referral_metadata", "lawfulBases": ["gdpr_6_1_e_public_task"] }
        ],
        "written": [{ "part": "best_interests_assessment", "text": "Care near her grandmother serves her best." }], "serviceNeeds": ["safe_accommodation"],
        "viewMissingReason": "urgent_danger", "askAgainOn": "2099-01-01"
    }
}))]
pub struct TransnationalRequestPatch {
    /// How urgent it is.
    #[schema(nullable = false)]
    pub urgency: Option<Urgency>,
    /// What goes into the package, as a whole.
    #[validate(nested)]
    #[schema(nullable = false)]
    pub content: Option<MaterialBody>,
}

/// Change a draft
///
/// A merge patch by its author, until it is submitted or sent. The package is made anew of the case as it is now.
#[utoipa::path(
    operation_id = "updateTransnationalRequest", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")),
    request_body(content = TransnationalRequestPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[patch("/v1/transnational-requests/{id}")]
pub async fn update_transnational_request(
    call: Call,
    id: Path<String>,
    body: Json<TransnationalRequestPatch>,
) -> Result<Answer, Failure> {
    let given = body.value;
    act(call, &id, &body.canonical, move |record, at, tx| amended(record, at, tx, given.clone())).await
}

fn amended(
    record: &Record,
    at: At<'_>,
    tx: &mut Tx<'_>,
    given: TransnationalRequestPatch,
) -> Result<Acted, Failure> {
    let it = &record.request;
    it.check_act(RequestAct::Amend, at.by)?;
    let urgency = given.urgency.unwrap_or(it.urgency);
    let material = given.content.map(Material::from).or_else(|| record.extra.material.clone());
    let material = material.unwrap_or_default();
    let (case, relation) = tx.case(it.case.unwrap_or(domain::CaseId(it.id.0)))?;
    let child = tx.child(&case)?;
    let pseudonym = tx.pseudonym(&case, it.to.country)?;
    let mut chain = it.prepared.package.as_ref().map(|it| it.chain.clone()).unwrap_or_default();
    if chain.bound.is_none() {
        chain.pass_on = material.pass_on.clone();
    }
    let heading = Heading {
        id: it.id,
        request_type: it.request_type,
        urgency,
        from: it.from.clone(),
        to: other_office(tx, it.route, it.to.country, Some(&it.to.code))?,
        reference: it.reference.clone(),
        chain,
    };
    let of = (&case, &child.identity, &relation);
    let prepared = material.prepare(heading, of, Some(pseudonym), (at.by, at.now));
    let (prepared, identity, found) = prepared.map_err(|it| it.within("/content"))?;
    let mut request = it.amend(prepared, urgency, at)?;
    request.warnings.extend(found);
    let extra = Extra { material: Some(material), identity, ..record.extra.clone() };
    Ok(Acted { request, extra })
}
