//! The plan of a transfer, which both sides confirm.

use actix_web::{post, web::Path};
use domain::{
    Timestamp, TransnationalRequestId,
    text::{Line, Text},
    transnational::{Arrangement, Plan},
};
use persistence::transnational::Extra;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    acting::{Acted, act, plainly},
    readiness::ReadinessBody,
    view::RequestView,
};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
};

/// A plan of the transfer.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "departsAt": "2026-11-26T06:00:00Z", "arrivesAt": "2026-11-26T12:00:00Z", "fromPlace": "Child protection, Tallinn",
    "toPlace": "The focal point there", "borderPoints": ["Ikla"], "escort": "Two workers of the shelter",
    "emergencyContacts": ["+372 000 0009"],
    "readiness": {
        "risk": { "on": "2026-11-20", "level": "low" }, "family": { "on": "2026-11-20", "byCountry": "LV", "placeOfCare": true },
        "receiving": { "named": true, "acceptedInWriting": true, "planned": true }, "foundAgainst": false, "procedures": [],
        "consulted": { "prosecutorOn": "2026-11-20", "viewsOn": "2026-11-20", "viewsAddressed": true },
        "placement": { "basis": "parent" }
    }
}))]
pub struct ProposePlan {
    /// When the child leaves.
    pub departs_at: Timestamp,
    /// When the child is to arrive; four hours later it is missing.
    pub arrives_at: Timestamp,
    /// Where the child is handed to the escort: an office or a border point, never where it lives.
    pub from_place: Line<300>,
    /// Where the escort hands the child over: an office or a border point, never where it will live.
    pub to_place: Line<300>,
    /// Border points on the way, airports and ports among them: where it is looked for first if it does not arrive.
    #[schema(min_items = 1, max_items = 20)]
    pub border_points: Vec<Line<300>>,
    /// Who is with the child.
    pub escort: Line<300>,
    /// Whom to call on the way.
    #[schema(min_items = 1, max_items = 20)]
    pub emergency_contacts: Vec<Line<300>>,
    /// The safeguards, as they are attested today.
    pub readiness: ReadinessBody,
}

/// Propose a plan of the transfer
///
/// By the requesting side, once the other has accepted: silence is not consent (R56). Every safeguard holds (R47 to R54),
/// the child is not missing (R74), and no other request has taken it to another country. Where it lives is not part of a plan,
/// so that nobody learns it from one: it leaves from the country that asks.
#[utoipa::path(
    operation_id = "proposeTransferPlan", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = ProposePlan,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/propose-plan")]
pub async fn propose_transfer_plan(
    call: Call,
    id: Path<String>,
    body: Json<ProposePlan>,
) -> Result<Answer, Failure> {
    let given = body.value;
    act(call, &id, &body.canonical, move |record, at, tx| {
        let it = &record.request;
        let lines = |all: &[Line<300>]| all.iter().cloned().map(String::from).collect();
        let plan = Plan {
            version: it.next_plan(),
            departs_at: given.departs_at,
            arrives_at: given.arrives_at,
            from_place: given.from_place.clone().into(),
            to_place: given.to_place.clone().into(),
            border_points: lines(&given.border_points),
            escort: given.escort.clone().into(),
            emergency_contacts: lines(&given.emergency_contacts),
        };
        let receiving = tx.country(record.request.to.country).ok();
        let readiness =
            given.readiness.attested(&record.request, at, receiving.as_ref().map(|it| &it.profile))?;
        let missing = tx.child_is_missing(it.case)?;
        let decided = it.propose_plan(plan, &readiness, missing, at)?;
        it.check_child_here(&tx.moves_of(it.case)?)?;
        let extra = Extra { readiness: Some(readiness), ..record.extra.clone() };
        Ok(Acted { request: decided, extra })
    })
    .await
}

/// Who receives the child.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "carer": "The foster family", "emergencyContacts": ["+371 0000 0105"] }))]
pub struct ConfirmPlan {
    /// The receiving carer or guardian, by name or function; no address.
    pub carer: Line<300>,
    /// Whom to call there.
    #[schema(min_items = 1, max_items = 20)]
    pub emergency_contacts: Vec<Line<300>>,
}

/// Confirm the plan of the transfer
///
/// By the requested side, with who receives the child (R49).
#[utoipa::path(
    operation_id = "confirmTransferPlan", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = ConfirmPlan,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/confirm-plan")]
pub async fn confirm_transfer_plan(
    call: Call,
    id: Path<String>,
    body: Json<ConfirmPlan>,
) -> Result<Answer, Failure> {
    let it = body.value;
    let arrangement = Arrangement {
        carer: it.carer.into(),
        emergency_contacts: it.emergency_contacts.into_iter().map(String::from).collect(),
    };
    plainly(call, &id, &body.canonical, move |it, at| it.confirm_plan(arrangement.clone(), at)).await
}

/// Why, for the other side.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "because": "The carer cannot come on that day." }))]
pub struct Because {
    /// Why.
    pub because: Text<2000>,
}

/// Refuse the plan of the transfer
///
/// By the requested side, or to take its confirmation back.
#[utoipa::path(
    operation_id = "refuseTransferPlan", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = Because,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/refuse-plan")]
pub async fn refuse_transfer_plan(
    call: Call,
    id: Path<String>,
    body: Json<Because>,
) -> Result<Answer, Failure> {
    let because = String::from(body.value.because);
    plainly(call, &id, &body.canonical, move |it, at| it.refuse_plan(because.clone(), at)).await
}
