//! Handing a case over: proposed by whoever leads, answered by whoever receives.

use actix_web::{post, web::Path};
use domain::{
    AgencyId, CaseId, Day,
    cases::file::refuse_restricted,
    cases::lifecycle::{self as life, ConsentAnswer, HandoverPoint},
    text::{Country, Line, Text},
};
use persistence::StoreError;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{acting::act, view::LifecycleView};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
};

/// A handover to propose: to an agency of the country, or abroad.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[validate(schema(function = "one_receiver"))]
#[schema(example = json!({
    "abroad": {
        "country": "FI", "authority": "An invented authority", "movesOn": "2026-12-01",
        "consent": { "answer": "consented", "document": "Consent 7/2026", "dated": "2026-11-20" }
    },
    "reasons": "His mother lives there and has custody."
}))]
pub struct ProposeHandover {
    /// The agency of the country that is to lead; it has accepted a referral of the child.
    pub to_agency_id: Option<AgencyId>,
    /// The other country, with its consent.
    pub abroad: Option<NewAbroad>,
    /// The reasons, in words.
    pub reasons: Text<2000>,
}

/// A handover to another country.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewAbroad {
    /// The country.
    pub country: Country,
    /// The authority that takes over.
    pub authority: Line<200>,
    /// The day on which the child moves.
    pub moves_on: Day,
    /// Whether that country consents.
    pub consent: NewConsent,
}

/// Whether another country consents. No answer is never consent.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewConsent {
    /// What it says.
    pub answer: ConsentAnswer,
    /// The document, as that authority names it.
    pub document: Option<Line<200>>,
    /// The day of the document, before the move.
    pub dated: Option<Day>,
}

/// An agency or another country.
fn one_receiver(it: &ProposeHandover) -> Result<(), ValidationError> {
    if it.to_agency_id.is_some() == it.abroad.is_some() {
        return Err(ValidationError::new("one_receiver")
            .with_message("either an agency of the country or another country".into()));
    }
    Ok(())
}

impl From<NewAbroad> for life::Abroad {
    fn from(it: NewAbroad) -> Self {
        Self {
            country: it.country,
            authority: it.authority.into(),
            moves_on: it.moves_on,
            consent: life::Consent {
                answer: it.consent.answer,
                document: it.consent.document.map(String::from),
                dated: it.consent.dated,
            },
        }
    }
}

/// Propose to hand the case over
///
/// Inside the country the receiver leads the same case once it confirms; abroad the case ends here with the confirmation.
/// Until then whoever leads stays responsible.
#[utoipa::path(
    operation_id = "proposeHandover", tag = "lifecycle", params(("id" = CaseId, Path, description = "The case.")),
    request_body = ProposeHandover,
    responses((status = 200, description = "The life of the case.", body = LifecycleView))
)]
#[post("/v1/cases/{id}/propose-handover")]
pub async fn propose_handover(
    call: Call,
    id: Path<String>,
    body: Json<ProposeHandover>,
) -> Result<Answer, Failure> {
    let given = body.value;
    act(call, &id, &body.canonical, move |case, at, tx| {
        let reasons = given.reasons.clone().into();
        let wanted = match (given.to_agency_id, given.abroad.clone()) {
            (Some(to), _) => {
                let to = match tx.agency(to) {
                    Err(StoreError::NotFound) => return Err(Failure::reference("/toAgencyId")),
                    other => other?,
                };
                let restricted = tx.is_restricted(case.id, to.id, None)?;
                refuse_restricted(restricted, "/toAgencyId")
                    .map_err(|it| Failure::from(it).alerting(case.id, to.id))?;
                life::ProposeHandover::Inside { to: Box::new(to), reasons }
            }
            (None, Some(to)) => life::ProposeHandover::Abroad { to: to.into(), reasons },
            (None, None) => return Err(Failure::reference("/toAgencyId")),
        };
        Ok(case.propose_handover(&wanted, at)?)
    })
    .await
}

/// What the receiver confirms; all of it must hold.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "confirmed": ["child_arrived", "carer_present", "plan_accepted", "child_told"],
    "writing": { "authority": "An invented authority", "document": "Letter 8/2026", "dated": "2026-11-24" }
}))]
pub struct ConfirmHandover {
    /// What holds; without every point it is refused.
    #[schema(max_items = 10)]
    pub confirmed: Vec<HandoverPoint>,
    /// What the authority of the other country confirms in writing.
    pub writing: Option<NewWriting>,
}

/// What an authority of another country wrote.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewWriting {
    /// The authority.
    pub authority: Line<200>,
    /// The document, as that authority names it.
    pub document: Line<200>,
    /// The day of the document.
    pub dated: Day,
}

/// Confirm a handover
///
/// By the agency that is asked, or for another country by the focal point on the written confirmation of the authority there.
/// Without the arrival, a guardian or carer, the accepted plan and a child that was told it is refused (R55).
#[utoipa::path(
    operation_id = "confirmHandover", tag = "lifecycle", params(("id" = CaseId, Path, description = "The case.")),
    request_body = ConfirmHandover,
    responses((status = 200, description = "The life of the case.", body = LifecycleView))
)]
#[post("/v1/cases/{id}/confirm-handover")]
pub async fn confirm_handover(
    call: Call,
    id: Path<String>,
    body: Json<ConfirmHandover>,
) -> Result<Answer, Failure> {
    let it = body.value;
    let wanted = life::Arrival {
        confirmed: it.confirmed,
        writing: it.writing.map(|it| life::Writing {
            authority: it.authority.into(),
            document: it.document.into(),
            dated: it.dated,
        }),
    };
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.confirm_handover(&wanted, at)?)).await
}

/// Why a handover is refused or withdrawn.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "reasons": "No carer for her could be found here." }))]
pub struct EndHandover {
    /// The reasons, in words.
    pub reasons: Text<2000>,
}

/// Refuse a handover
///
/// By whoever is asked; whoever leads goes on leading.
#[utoipa::path(
    operation_id = "refuseHandover", tag = "lifecycle", params(("id" = CaseId, Path, description = "The case.")),
    request_body = EndHandover,
    responses((status = 200, description = "The life of the case.", body = LifecycleView))
)]
#[post("/v1/cases/{id}/refuse-handover")]
pub async fn refuse_handover(
    call: Call,
    id: Path<String>,
    body: Json<EndHandover>,
) -> Result<Answer, Failure> {
    let reasons = String::from(body.value.reasons);
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.refuse_handover(&reasons, at)?)).await
}

/// Withdraw a handover
///
/// By whoever proposed it.
#[utoipa::path(
    operation_id = "withdrawHandover", tag = "lifecycle", params(("id" = CaseId, Path, description = "The case.")),
    request_body = EndHandover,
    responses((status = 200, description = "The life of the case.", body = LifecycleView))
)]
#[post("/v1/cases/{id}/withdraw-handover")]
pub async fn withdraw_handover(
    call: Call,
    id: Path<String>,
    body: Json<EndHandover>,
) -> Result<Answer, Failure> {
    let reasons = String::from(body.value.reasons);
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.withdraw_handover(&reasons, at)?)).await
}
