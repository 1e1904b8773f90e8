//! Drafting a request to another country.

use actix_web::post;
use domain::{
    AgencyId, CaseId, Refused, TransnationalRequestId,
    access::Relation,
    text::{Country, Line},
    transnational::{
        At, Chain, DraftRequest, Heading, Hop, Material, PassOn, Request, Route, Side, check_abroad,
        check_onward,
    },
    vocabulary::{TransnationalRequestType, Urgency},
};
use persistence::{Tx, transnational::Extra};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    content::MaterialBody,
    read::read,
    receiver::{named, other_office, own, own_office},
    view::{RequestView, shown},
};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json, Shown},
    v1::referrals::referenced,
};

/// A request to draft.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "caseId": "0192f0c1-2345-7abc-8def-0123456789ab", "requestType": "tr_assistance_referral", "route": "focal_point",
    "urgency": "urgent", "toCountry": "LV",
    "content": {
        "disclosures": [
            { "dataClass": "d1_identity", "lawfulBases": ["gdpr_6_1_e_public_task"] },
            { "dataClass": "d15_referral_metadata", "lawfulBases": ["gdpr_6_1_e_public_task"] }
        ],
        "written": [{ "part": "best_interests_assessment", "text": "Care near her grandmother serves her best." }], "serviceNeeds": ["safe_accommodation"], "withIdentity": true,
        "viewMissingReason": "urgent_danger", "askAgainOn": "2099-01-01"
    }
}))]
pub struct CreateTransnationalRequest {
    /// The case.
    pub case_id: CaseId,
    /// What is asked.
    pub request_type: TransnationalRequestType,
    /// By which route.
    pub route: Route,
    /// How urgent it is.
    pub urgency: Urgency,
    /// The country that is asked.
    pub to_country: Country,
    /// The office that is asked, by its code; without it the one that answers now.
    pub to_office: Option<Line<60>>,
    /// The own office on that route; without it the one that answers now.
    pub office_id: Option<AgencyId>,
    /// The request of another country by which the child's data came here, where they are passed on; named whenever the
    /// case was opened from such a request and another country than that one is asked (R113).
    pub onward_of: Option<TransnationalRequestId>,
    /// What goes into the package.
    #[validate(nested)]
    pub content: MaterialBody,
}

/// Draft a request to another country
///
/// By the agency that leads the case. The package is made at once of what is given and of the case as the author reads it:
/// `GET …/package` shows exactly what the receiver will see, `GET …/checklist` what is missing.
#[utoipa::path(
    operation_id = "createTransnationalRequest", tag = "transnational", request_body = CreateTransnationalRequest,
    responses((status = 201, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests")]
pub async fn create_transnational_request(
    call: Call,
    body: Json<CreateTransnationalRequest>,
) -> Result<Answer, Failure> {
    let wanted = body.value;
    call.naming_case(wanted.case_id)
        .create(
            &body.canonical,
            "/v1/transnational-requests".to_owned(),
            move |tx, id| draft(tx, TransnationalRequestId(id), wanted.clone()),
            |tx, id| read(tx, TransnationalRequestId(id), false),
        )
        .await
}

fn draft(
    tx: &mut Tx<'_>,
    id: TransnationalRequestId,
    wanted: CreateTransnationalRequest,
) -> Result<Shown<RequestView>, Failure> {
    let (case, relation) = referenced(tx.case(wanted.case_id), "/caseId")?;
    if relation != Relation::Lead {
        return Err(Refused::not_yours("the agency that leads the case asks another country").into());
    }
    let cx = tx.cx;
    let country = tx.country(case.country)?;
    let office = own_office(tx, wanted.route, wanted.office_id)?;
    let to_code = wanted.to_office.map(String::from);
    check_abroad((case.country, wanted.to_country))?;
    check_onward(&tx.origins(&case)?, wanted.to_country, wanted.onward_of.is_some())?;
    let (to, to_type) = other_office(tx, wanted.route, wanted.to_country, to_code.as_deref())?;
    let material = Material::from(wanted.content);
    let chain = chain(tx, (case.id, wanted.onward_of), &material.pass_on, (&to, cx.now))?;
    let heading = Heading {
        id,
        request_type: wanted.request_type,
        urgency: wanted.urgency,
        from: named(&office),
        to: (to.clone(), to_type),
        reference: tx.fresh_reference()?,
        chain,
    };
    let reference = heading.reference.clone();
    let child = tx.child(&case)?;
    let pseudonym = tx.pseudonym(&case, wanted.to_country)?;
    let of = (&case, &child.identity, &relation);
    let prepared = material.prepare(heading, of, Some(pseudonym), (&cx.caller, cx.now));
    let (prepared, identity, found) = prepared.map_err(|it| it.within("/content"))?;
    let new = DraftRequest {
        id,
        reference,
        case: case.id,
        request_type: wanted.request_type,
        route: wanted.route,
        urgency: wanted.urgency,
        office: own(tx, Some(case.id), &office)?,
        to,
        prepared,
    };
    let mut decided = Request::draft(new, At { country: &country, by: &cx.caller, now: cx.now })?;
    decided.warnings.extend(found);
    let extra = Extra { material: Some(material), identity, ..Extra::default() };
    tx.add_request(&decided, &extra)?;
    let warnings = decided.warnings;
    let record = tx.transnational_request(id)?;
    Ok(shown(tx, &record, &country, &warnings, false))
}

/// The chain of a request: a beginning, or what came here and goes on as far as its origin allowed.
fn chain(
    tx: &mut Tx<'_>,
    (case, onward): (CaseId, Option<TransnationalRequestId>),
    further: &PassOn,
    (to, now): (&domain::transnational::Office, domain::Timestamp),
) -> Result<Chain, Failure> {
    let Some(id) = onward else { return Ok(Chain::beginning(further.clone())) };
    let received = referenced(tx.transnational_request(id), "/onwardOf")?.request;
    let ours = received.side == Side::Requested && received.case == Some(case);
    let Some(opening) = received.opening().filter(|_| ours && received.content_open()) else {
        return Err(Failure::reference("/onwardOf"));
    };
    let hop = Hop {
        request: received.id,
        from: opening.from.clone(),
        to: opening.to.clone(),
        at: received.first_received_at.unwrap_or(now),
    };
    let handling = &opening.package.handling;
    let passed = opening.chain.passed_on(hop, further.clone(), handling, (to.clone(), now));
    Ok(passed.map_err(|it| it.within("/onwardOf"))?)
}
