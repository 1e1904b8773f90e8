//! What the requested side does until it decides, and the answers to its questions.

use actix_web::{post, web::Path};
use domain::{
    AgencyId, Refused, TransnationalRequestId, Violation,
    text::{Line, Text},
    transnational::{Reply, Request, RequestAct},
    vocabulary::TransnationalRequestStatus,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    acting::{Acted, act, plainly},
    receiver::own,
    view::RequestView,
};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
    v1::{common::Nothing, referrals::referenced},
};

/// Who has it.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "officer": "Officer L. of the focal point" }))]
pub struct AcknowledgeRequest {
    /// The named officer.
    pub officer: Line<200>,
}

/// Acknowledge a request
///
/// By the requested office, with a named officer; also what was forwarded to it. The three months of the law keep their
/// first start.
#[utoipa::path(
    operation_id = "acknowledgeTransnationalRequest", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = AcknowledgeRequest,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/acknowledge")]
pub async fn acknowledge_transnational_request(
    call: Call,
    id: Path<String>,
    body: Json<AcknowledgeRequest>,
) -> Result<Answer, Failure> {
    let officer = String::from(body.value.officer);
    plainly(call, &id, &body.canonical, move |it, at| match it.status {
        TransnationalRequestStatus::Forwarded => it.take_forwarded(officer.clone(), at),
        _ => it.acknowledge(officer.clone(), at),
    })
    .await
}

/// To whom it is forwarded.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "toAgencyId": "019b7000-1f00-7000-8000-000000000006", "because": "The Central Authority is competent for this."
}))]
pub struct ForwardRequest {
    /// The competent authority of the own country.
    pub to_agency_id: AgencyId,
    /// Why, for the other side.
    pub because: Text<2000>,
}

/// Forward a request
///
/// An authority that is not competent forwards it to the one that is and tells the sender (R81); it declines nothing for
/// that. No office gets it twice, and it is forwarded five times at the most: then the national coordinator says who is
/// competent.
#[utoipa::path(
    operation_id = "forwardTransnationalRequest", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = ForwardRequest,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/forward")]
pub async fn forward_transnational_request(
    call: Call,
    id: Path<String>,
    body: Json<ForwardRequest>,
) -> Result<Answer, Failure> {
    let given = body.value;
    act(call, &id, &body.canonical, move |record, at, tx| {
        let to = referenced(tx.agency(given.to_agency_id), "/toAgencyId")?;
        if to.country != at.country.code || !to.active {
            return Err(Failure::reference("/toAgencyId"));
        }
        let competent = own(tx, record.request.case, &to)?;
        Ok(Acted::on(record, record.request.forward(competent, String::from(given.because.clone()), at)?))
    })
    .await
}

/// Questions.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "questions": ["Who has parental responsibility?"] }))]
pub struct AskQuestions {
    /// The questions.
    #[schema(min_items = 1, max_items = 20)]
    pub questions: Vec<Text<2000>>,
}

/// Ask the requesting side
///
/// The times of the mechanism stand still once meanwhile, the limit of the law never.
#[utoipa::path(
    operation_id = "requestTransnationalInformation", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = AskQuestions,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/request-information")]
pub async fn request_transnational_information(
    call: Call,
    id: Path<String>,
    body: Json<AskQuestions>,
) -> Result<Answer, Failure> {
    let questions: Vec<String> = body.value.questions.into_iter().map(String::from).collect();
    plainly(call, &id, &body.canonical, move |it, at| it.request_more(questions.clone(), at)).await
}

/// What is said to one question: the answer, or why there is none.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
pub struct QuestionReply {
    /// The answer.
    pub answer: Option<Text<2000>>,
    /// Why there is no answer, where there is none.
    pub no_answer_because: Option<Text<2000>>,
}

/// Answers.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "answers": [{ "answer": "Her mother alone; she is told of the request." }] }))]
pub struct GiveAnswers {
    /// One for each of `questions`, in their order.
    #[schema(min_items = 1, max_items = 20)]
    #[validate(nested)]
    pub answers: Vec<QuestionReply>,
}

/// Each reply is an answer or the reason why there is none, and not both.
fn replies(given: Vec<QuestionReply>) -> Result<Vec<Reply>, Refused> {
    let one = |(place, it): (usize, QuestionReply)| match (it.answer, it.no_answer_because) {
        (Some(answer), None) => Ok(Reply::Answer(answer.into())),
        (None, Some(because)) => Ok(Reply::NoAnswer(because.into())),
        _ => {
            let because = "give the answer, or say why there is none (noAnswerBecause)";
            let pointer = format!("/answers/{place}").into();
            Err(Violation { pointer, ..Violation::plain("answer_or_reason", "", because) })
        }
    };
    let all: Vec<_> = given.into_iter().enumerate().map(one).collect();
    if all.iter().any(Result::is_err) {
        return Err(Refused::Broken(all.into_iter().filter_map(Result::err).collect()));
    }
    Ok(all.into_iter().flatten().collect())
}

/// Answer the questions of the requested side
///
/// By the agency of the case or its office: each question in its order, with an answer or the reason why there is none.
#[utoipa::path(
    operation_id = "provideTransnationalInformation", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = GiveAnswers,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/provide-information")]
pub async fn provide_transnational_information(
    call: Call,
    id: Path<String>,
    body: Json<GiveAnswers>,
) -> Result<Answer, Failure> {
    let given = body.value.answers;
    plainly(call, &id, &body.canonical, move |it, at| {
        it.check_act(RequestAct::AnswerMore, at.by)?;
        it.answer_more(replies(given.clone())?, at)
    })
    .await
}

/// Begin the assessment
///
/// By the requested side, with the case that it opened or without one.
#[utoipa::path(
    operation_id = "assessTransnationalRequest", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = Nothing,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/assess")]
pub async fn assess_transnational_request(
    call: Call,
    id: Path<String>,
    body: Json<Nothing>,
) -> Result<Answer, Failure> {
    plainly(call, &id, &body.canonical, |it: &Request, at| it.assess(None, at)).await
}
