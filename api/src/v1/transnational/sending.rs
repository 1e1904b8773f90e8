//! The national review, sending, withdrawing and closing: what the requesting side does with the request as a whole.

use actix_web::{post, web::Path};
use domain::{
    TransnationalRequestId,
    text::{Line, Text},
    transnational::{Channels, Closing, Request, RequestAct, check_origin_open},
};
use persistence::{Tx, transnational::Extra};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    acting::{Acted, act, plainly},
    content::DigestView,
    package::check_previewed,
    receiver::other_office,
    view::RequestView,
};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
};

/// The package as it was previewed.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "packageDigest": "0000000000000000000000000000000000000000000000000000000000000000" }))]
pub struct SendPackage {
    /// The digest of the package that was previewed: what would differ from it is not sent.
    pub package_digest: DigestView,
}

/// The request with the digest that the caller has seen, if what it passes on is still open.
fn previewed(tx: &mut Tx<'_>, it: &Request, seen: &SendPackage) -> Result<Request, Failure> {
    check_previewed(it, &seen.package_digest.0)?;
    check_origin_open(tx.origin_of(it)?.as_ref())?;
    let mut it = it.clone();
    it.prepared.previewed = Some(seen.package_digest.0.clone());
    Ok(it)
}

/// Submit a draft to the own focal point or Central Authority
///
/// All parts are there, the child's view or a reason too (R24), the package is what was previewed, and it could be sent
/// today (R79, R95).
#[utoipa::path(
    operation_id = "submitTransnationalRequest", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = SendPackage,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/submit-national")]
pub async fn submit_transnational_request(
    call: Call,
    id: Path<String>,
    body: Json<SendPackage>,
) -> Result<Answer, Failure> {
    let seen = body.value;
    act(call, &id, &body.canonical, move |record, at, tx| {
        record.request.check_act(RequestAct::SubmitNational, at.by)?;
        let decided = previewed(tx, &record.request, &seen)?.submit_national(Channels::known(), at)?;
        let extra = Extra { returned: None, ..record.extra.clone() };
        Ok(Acted { request: decided, extra })
    })
    .await
}

/// Why it is returned.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "reasons": "Say what the other side is asked to do first." }))]
pub struct ReturnToSender {
    /// The reasons, for the author.
    pub reasons: Text<2000>,
}

/// Return a request to its author
///
/// By the own office, with reasons.
#[utoipa::path(
    operation_id = "returnTransnationalRequest", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = ReturnToSender,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/return-to-sender")]
pub async fn return_transnational_request(
    call: Call,
    id: Path<String>,
    body: Json<ReturnToSender>,
) -> Result<Answer, Failure> {
    let reasons = String::from(body.value.reasons);
    act(call, &id, &body.canonical, move |record, at, _| {
        let decided = record.request.return_to_sender(at)?;
        let extra = Extra { returned: Some(reasons.clone()), ..record.extra.clone() };
        Ok(Acted { request: decided, extra })
    })
    .await
}

/// Approve and send
///
/// By the own office: a legal channel is open between the two States on this day (R79), and outside the European rules of
/// data protection a ground for the transfer is named (R95). It is carried to the other side at once.
#[utoipa::path(
    operation_id = "approveTransnationalRequest", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = SendPackage,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/approve")]
pub async fn approve_transnational_request(
    call: Call,
    id: Path<String>,
    body: Json<SendPackage>,
) -> Result<Answer, Failure> {
    let seen = body.value;
    act(call, &id, &body.canonical, move |record, at, tx| {
        record.request.check_act(RequestAct::ApproveSend, at.by)?;
        let it = previewed(tx, &record.request, &seen)?;
        Ok(Acted::on(record, it.approve_send(Channels::known(), at)?))
    })
    .await
}

/// Send directly
///
/// Without national review, by whoever has duty: a danger notice, or in immediate danger. The own office hears of it.
#[utoipa::path(
    operation_id = "sendTransnationalRequest", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = SendPackage,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/send-direct")]
pub async fn send_transnational_request(
    call: Call,
    id: Path<String>,
    body: Json<SendPackage>,
) -> Result<Answer, Failure> {
    let seen = body.value;
    act(call, &id, &body.canonical, move |record, at, tx| {
        record.request.check_act(RequestAct::SendDirect, at.by)?;
        let it = previewed(tx, &record.request, &seen)?;
        Ok(Acted::on(record, it.send_direct(Channels::known(), at)?))
    })
    .await
}

/// To whom it is sent again.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({}))]
pub struct RetryDelivery {
    /// Another office of the country, by its code; absent: the same again.
    pub to_office: Option<Line<60>>,
}

/// Send an undeliverable request again
///
/// The same message: it has one effect, however often it comes. With `toOffice` it goes to another office of that country,
/// as long as nobody there has received it; if the first one has after all and has begun, it stays there, and says so.
#[utoipa::path(
    operation_id = "retryTransnationalDelivery", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = RetryDelivery,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/retry-delivery")]
pub async fn retry_transnational_delivery(
    call: Call,
    id: Path<String>,
    body: Json<RetryDelivery>,
) -> Result<Answer, Failure> {
    let to = body.value.to_office.map(String::from);
    act(call, &id, &body.canonical, move |record, at, tx| {
        let it = &record.request;
        let Some(code) = &to else { return Ok(Acted::on(record, it.retry_delivery(at)?)) };
        it.check_act(RequestAct::Readdress, at.by)?;
        let (office, _) = other_office(tx, it.route, it.to.country, Some(code))?;
        Ok(Acted::on(record, it.readdress(office, at)?))
    })
    .await
}

/// Why it is withdrawn.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "reason": "A new risk became known." }))]
pub struct WithdrawRequest {
    /// The reason, for the other side.
    pub reason: Text<2000>,
}

/// Withdraw a request
///
/// Before it was sent at once. Afterwards it is asked for, and the requested side answers: it is withdrawn, or a decision
/// came first and stands. What could not be delivered, or has neither receipt nor answer after the last step of the ladder,
/// is withdrawn at once and declared void: the other country takes it in no more, and if it had come after all, what was
/// declared is a withdrawal that is asked for.
#[utoipa::path(
    operation_id = "withdrawTransnationalRequest", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = WithdrawRequest,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/withdraw")]
pub async fn withdraw_transnational_request(
    call: Call,
    id: Path<String>,
    body: Json<WithdrawRequest>,
) -> Result<Answer, Failure> {
    let reason = String::from(body.value.reason);
    plainly(call, &id, &body.canonical, move |it, at| it.withdraw(reason.clone(), at)).await
}

/// What came of it.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "outcome": "She stays here with a foster family; nothing more is asked." }))]
pub struct CloseRequest {
    /// The final outcome, for both sides.
    pub outcome: Text<4000>,
    /// Why no further report on the child is waited for, for both sides; asked for where the last is not in.
    pub follow_up_ends_because: Option<Text<2000>>,
}

/// Close a request
///
/// With the final outcome, which is told to the other side (CETS 197 Art. 34), where somebody acknowledges it within 24
/// hours; until then it is listed. Where a child is followed up, after the last
/// report or with the reason why no further one is waited for.
#[utoipa::path(
    operation_id = "closeTransnationalRequest", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = CloseRequest,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/close")]
pub async fn close_transnational_request(
    call: Call,
    id: Path<String>,
    body: Json<CloseRequest>,
) -> Result<Answer, Failure> {
    let closing = Closing {
        outcome: body.value.outcome.into(),
        follow_up_ends_because: body.value.follow_up_ends_because.map(String::from),
    };
    plainly(call, &id, &body.canonical, move |it, at| it.close(closing.clone(), at)).await
}
