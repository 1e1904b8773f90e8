//! The decision of the requested side, or its answer.

use actix_web::{post, web::Path};
use domain::{
    TransnationalRequestId,
    text::Text,
    transnational::{Acceptance, ConsentDocument, Decision, Refusal},
    vocabulary::TransnationalDeclineReason,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{acting::plainly, parts::ConsentView, view::RequestView};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
};

domain::codes! {
    /// How a request is accepted.
    pub enum AcceptanceKind = "acceptance_kind" {
        InFull = "in_full": "In full",
        InPart = "in_part": "In part",
        OnConditions = "on_conditions": "On conditions",
    }
}

/// What is accepted.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "acceptance": "in_full" }))]
pub struct AcceptRequest {
    /// How.
    pub acceptance: AcceptanceKind,
    /// What is accepted, where that is a part.
    pub scope: Option<Text<2000>>,
    /// The conditions, where it is accepted on conditions.
    #[schema(max_items = 20)]
    pub conditions: Option<Vec<Text<2000>>>,
    /// The document of the consent, where a placement is asked for (R53).
    pub consent: Option<ConsentView>,
}

/// Accept a request
///
/// In full, in part or on conditions, by the requested side; a placement with the document of its consent (R53).
#[utoipa::path(
    operation_id = "acceptTransnationalRequest", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = AcceptRequest,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/accept")]
pub async fn accept_transnational_request(
    call: Call,
    id: Path<String>,
    body: Json<AcceptRequest>,
) -> Result<Answer, Failure> {
    let it = body.value;
    let conditions = it.conditions.unwrap_or_default().into_iter().map(String::from).collect();
    let consent = it.consent.map(|it| ConsentDocument { name: it.name.into(), dated: it.dated });
    let accepted = Acceptance { scope: it.scope.map(String::from), conditions, consent };
    let decision = match it.acceptance {
        AcceptanceKind::InFull => Decision::Accepted(accepted),
        AcceptanceKind::InPart => Decision::AcceptedPartly(accepted),
        AcceptanceKind::OnConditions => Decision::AcceptedConditionally(accepted),
    };
    plainly(call, &id, &body.canonical, move |it, at| it.accept(decision.clone(), at)).await
}

/// Why it is declined, and what could help instead.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "reason": "child_not_found", "explanation": "Nobody of this description has come here.",
    "alternatives": ["The Central Authority can ask the registries."]
}))]
pub struct DeclineRequest {
    /// The reason: one that the checklist of the request lists. That the child is not formally identified or not a national is
    /// always refused (R82).
    pub reason: TransnationalDeclineReason,
    /// The reason in words.
    pub explanation: Option<Text<2000>>,
    /// What could help instead.
    #[schema(max_items = 20)]
    pub alternatives: Option<Vec<Text<2000>>>,
    /// Whether nothing else is known.
    pub none_known: Option<bool>,
}

/// Decline a request
///
/// On a ground that is lawful for what is asked, and with what could help instead (R82): a search is not declined for want of
/// consent to a placement. The checklist lists the grounds, and so does the refusal. It is never for lack of competence, which is forwarded (R81), nor
/// where law obliges to help (R84). The child stays the requesting side's.
#[utoipa::path(
    operation_id = "declineTransnationalRequest", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = DeclineRequest,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/decline")]
pub async fn decline_transnational_request(
    call: Call,
    id: Path<String>,
    body: Json<DeclineRequest>,
) -> Result<Answer, Failure> {
    let it = body.value;
    let refusal = Refusal {
        reason: it.reason,
        explanation: it.explanation.map(String::from),
        alternatives: it.alternatives.unwrap_or_default().into_iter().map(String::from).collect(),
        none_known: it.none_known == Some(true),
    };
    plainly(call, &id, &body.canonical, move |it, at| it.decline(refusal.clone(), at)).await
}

/// The answer.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "answer": "The child was registered at school here until June." }))]
pub struct AnswerRequest {
    /// What was asked, answered.
    pub answer: Text<4000>,
}

/// Answer what was asked
///
/// For types that move no child.
#[utoipa::path(
    operation_id = "answerTransnationalRequest", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = AnswerRequest,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/answer")]
pub async fn answer_transnational_request(
    call: Call,
    id: Path<String>,
    body: Json<AnswerRequest>,
) -> Result<Answer, Failure> {
    let answer = String::from(body.value.answer);
    plainly(call, &id, &body.canonical, move |it, at| it.answer(answer.clone(), at)).await
}
