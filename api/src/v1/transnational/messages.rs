//! What the two sides have told each other, with receipts.

use actix_web::{get, web::Path};
use domain::{
    Timestamp, TransnationalRequestId,
    transnational::{Body, Digest, Kind, Message, NoticeKind, Reply, Request, Side, canonical},
};
use serde::Serialize;
use serde_with::skip_serializing_none;
use utoipa::ToSchema;

use super::{
    content::DigestView,
    parts::{Sentence, sentences},
};
use crate::{
    call::{Call, Listed, PageQuery},
    failure::Failure,
    http::{Answer, Query},
    problems,
    v1::common::{listed, page, path_id},
};

/// One message between the two sides.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TransnationalMessage)]
#[serde(rename_all = "camelCase")]
pub struct MessageView {
    /// Who wrote it.
    pub from: Side,
    /// Its number among the messages of that side.
    pub seq: u32,
    /// What it says.
    pub kind: Kind,
    /// Which notice it is, if it is one that somebody acknowledges.
    pub notice: Option<NoticeKind>,
    /// When it was written, by the clock of that side.
    pub at: Timestamp,
    /// The digest of its bytes.
    pub digest: DigestView,
    /// Whether the other side has it.
    pub receipted: bool,
    /// Whether it did not fit the state here and is kept as evidence.
    pub unexpected: Option<bool>,
    /// What was written in words.
    #[schema(max_items = 20)]
    pub texts: Option<Vec<Sentence>>,
}

page! {
    /// The messages of a request, in the order in which this side knows them.
    MessagePage as TransnationalMessagePage of MessageView
}

/// The length of a place in the list.
const PLACE: usize = 21;

/// Where a message stands: when it was written, its number, who wrote it; in bytes that sort the same.
fn place_of(it: &Message) -> [u8; PLACE] {
    let mut place = [0; PLACE];
    let (at, rest) = place.split_at_mut(16);
    let (seq, side) = rest.split_at_mut(4);
    // Before 1970 nothing was written: what comes with such a time stands first.
    at.copy_from_slice(&it.at.raw().unix_timestamp_nanos().max(0).to_be_bytes());
    seq.copy_from_slice(&it.seq.to_be_bytes());
    side.fill(u8::from(it.from == Side::Requested));
    place
}

/// What a message says in words; the package and the decision are read where they belong.
fn texts(body: &Body) -> Vec<String> {
    match body {
        Body::InfoRequested(all) => all.clone(),
        Body::InfoGiven(all) => all.iter().map(Reply::words).map(str::to_owned).collect(),
        Body::Readdressed(office) | Body::OfficeChanged(office) => vec![office.code.clone()],
        Body::Forwarded { because, .. } | Body::PlanRefused { because, .. } => vec![because.clone()],
        Body::Acknowledged { officer, .. } => vec![officer.clone()],
        Body::WithdrawalRequested(it)
        | Body::Voided(it)
        | Body::TurnBackRequested(it)
        | Body::TurnedBack(it)
        | Body::FollowedUp(it)
        | Body::Answered(it) => vec![it.clone()],
        Body::Closed(it) => std::iter::once(&it.outcome).chain(&it.follow_up_ends_because).cloned().collect(),
        Body::Notice(it) => vec![it.about.clone()],
        _ => Vec::new(),
    }
}

fn view(it: &Request, message: &Message) -> MessageView {
    let own = message.from == it.side;
    let open = own || it.content_open();
    MessageView {
        from: message.from,
        seq: message.seq,
        kind: message.body.kind(),
        notice: message.notice(),
        at: message.at,
        digest: DigestView(Digest::of(&canonical(message))),
        receipted: !own || message.seq <= it.acknowledged,
        unexpected: (!own && it.unexpected.contains(&message.seq)).then_some(true),
        texts: if open { sentences(&texts(&message.body)) } else { None },
    }
}

/// The messages between the two sides
///
/// Everything that either side told the other, with what the other has receipted: by when it was written, then by its number,
/// then the requesting side first. A message keeps its place; one that comes late takes its own among the others.
#[utoipa::path(
    operation_id = "listTransnationalMessages", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request."), PageQuery),
    responses((status = 200, description = "A page of messages.", body = MessagePage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/transnational-requests/{id}/messages")]
pub async fn list_transnational_messages(
    call: Call,
    id: Path<String>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, TransnationalRequestId::parse)?;
    let place = page.0.cursor.as_deref().map(|it| call.open_cursor(it)).transpose()?;
    let invalid = |_| Failure::new(&problems::INVALID_CURSOR);
    let after = place.map(|it| <[u8; PLACE]>::try_from(it.as_slice()).map_err(invalid)).transpose()?;
    let limit = usize::from(page.0.limit.unwrap_or(50));
    let all = call
        .look_about(move |tx| {
            let it = tx.transnational_request(id)?.request;
            let mut all: Vec<&Message> = it.sent.iter().chain(&it.received).collect();
            all.sort_by_key(|message| place_of(message));
            let wanted = all.into_iter().filter(|message| after.is_none_or(|it| it < place_of(message)));
            let told = wanted.take(limit + 1).map(|message| (place_of(message), view(&it, message)));
            Ok((told.collect::<Vec<_>>(), it.case.map(|case| case.0)))
        })
        .await?;
    let last = all.get(limit.saturating_sub(1)).filter(|_| all.len() > limit);
    let next_cursor = last.and_then(|(place, _)| call.seal_cursor(place));
    let link = next_cursor.as_deref().map(|it| call.link(it));
    let data = all.into_iter().take(limit).map(|(_, view)| view).collect();
    Ok(listed(&MessagePage::from(Listed { data, next_cursor }), link))
}
