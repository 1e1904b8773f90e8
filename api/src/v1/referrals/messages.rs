//! Messages between the two sides.

use actix_web::{get, post, web::Path};
use domain::{
    AgencyId, MessageId, ProfessionalId, ReferralId, Timestamp,
    referrals::{Message, Referral, ReferralSide},
    text::Text,
    vocabulary::DataClass,
};
use persistence::{StoreError, Tx};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    call::{Call, PageQuery},
    failure::Failure,
    http::{Answer, Json, Query, Shown, Tag},
    v1::common::{listed, page, path_id},
};

/// What one side writes to the other.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "text": "He is on his way; the patrol calls when they arrive." }))]
pub struct CreateMessage {
    /// The message.
    pub text: Text<4000>,
}

/// A message; written once.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReferralMessage)]
#[serde(rename_all = "camelCase")]
pub struct MessageView {
    /// Its id.
    pub id: MessageId,
    /// The referral.
    pub referral_id: ReferralId,
    /// The agency that wrote it.
    pub agency_id: AgencyId,
    /// Who wrote it.
    pub professional_id: Option<ProfessionalId>,
    /// When.
    pub at: Timestamp,
    /// The message.
    #[schema(max_length = 4000)]
    pub text: String,
}

page! {
    /// A page of messages, newest first.
    MessagePage as ReferralMessagePage of MessageView
}

impl From<Message> for MessageView {
    fn from(it: Message) -> Self {
        Self {
            id: it.id,
            referral_id: it.referral,
            agency_id: it.agency,
            professional_id: it.professional,
            at: it.at,
            text: it.text,
        }
    }
}

fn shown(tx: &Tx<'_>, referral: &Referral, message: Message) -> Shown<MessageView> {
    let tag = Tag::of(tx.keys(), &format!("message/{}", message.id));
    Shown::new(MessageView::from(message), tag).of_case(referral.case, vec![DataClass::D15ReferralMetadata])
}

fn read(tx: &mut Tx<'_>, referral: ReferralId, id: MessageId) -> Result<Shown<MessageView>, Failure> {
    let (referral, side) = tx.referral(referral)?;
    let message = tx.message(&referral, id)?;
    if !referral.message_open_to(side, &tx.cx.caller, &message) {
        return Err(StoreError::NotFound.into());
    }
    Ok(shown(tx, &referral, message))
}

/// Write to the other side
///
/// While the referral is under way. Messages are sealed and cannot be changed.
#[utoipa::path(
    operation_id = "createReferralMessage", tag = "referrals",
    params(("id" = ReferralId, Path, description = "The referral.")), request_body = CreateMessage,
    responses((status = 201, description = "The message.", body = MessageView))
)]
#[post("/v1/referrals/{id}/messages")]
pub async fn create_referral_message(
    call: Call,
    id: Path<String>,
    body: Json<CreateMessage>,
) -> Result<Answer, Failure> {
    let referral = path_id(&id, ReferralId::parse)?;
    let given = body.value;
    call.create(
        &body.canonical,
        format!("/v1/referrals/{referral}/messages"),
        move |tx, id| {
            let (referral, _) = tx.referral(referral)?;
            let text = given.text.clone().into();
            let decided = referral.write(MessageId(id), text, &tx.cx.caller, tx.cx.now)?;
            tx.add_message(&referral, &decided)?;
            Ok(shown(tx, &referral, decided.value))
        },
        move |tx, id| read(tx, referral, MessageId(id)),
    )
    .await
}

/// The messages
///
/// Of both sides, newest first. A receiver that no longer has the referral keeps its own.
#[utoipa::path(
    operation_id = "listReferralMessages", tag = "referrals",
    params(("id" = ReferralId, Path, description = "The referral."), PageQuery),
    responses((status = 200, description = "A page of messages.", body = MessagePage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/referrals/{id}/messages")]
pub async fn list_referral_messages(
    call: Call,
    id: Path<String>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, ReferralId::parse)?;
    let (found, link) = call
        .list(
            page.0,
            None,
            move |tx, page| {
                let (referral, side) = tx.referral(id)?;
                let closed = side == ReferralSide::Receiver && !referral.content_open_to(side);
                let own = closed.then_some(tx.cx.caller.agency);
                Ok(tx.messages(&referral, own, page)?)
            },
            MessageView::from,
        )
        .await?;
    Ok(listed(&MessagePage::from(found), link))
}

/// A message
///
/// One message, for the two sides.
#[utoipa::path(
    operation_id = "getReferralMessage", tag = "referrals",
    params(
        ("id" = ReferralId, Path, description = "The referral."),
        ("messageId" = MessageId, Path, description = "The message.")
    ),
    responses((status = 200, description = "The message.", body = MessageView))
)]
#[get("/v1/referrals/{id}/messages/{messageId}")]
pub async fn get_referral_message(call: Call, path: Path<(String, String)>) -> Result<Answer, Failure> {
    let (referral, id) = path.into_inner();
    let (referral, id) = (path_id(&referral, ReferralId::parse)?, path_id(&id, MessageId::parse)?);
    call.read(Some(id.0), move |tx| read(tx, referral, id)).await
}
