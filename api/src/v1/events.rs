//! The feed of events.

use actix_web::get;
use domain::{
    AgencyId, CaseId, EventId, Timestamp,
    events::{EventType, SubjectKind},
    vocabulary::Purpose,
};
use persistence::events::Recorded;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::common::page;
use crate::{
    Routes,
    call::{Call, Listed},
    failure::Failure,
    http::{Answer, Query},
    problems,
};

/// The routes of this room.
pub fn routes(config: &mut impl Routes) {
    config.service(list_events);
}

/// Something that happened: types, ids and versions, never personal data.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Event)]
#[serde(rename_all = "camelCase")]
pub struct EventView {
    /// Its id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// What happened.
    #[serde(rename = "type")]
    pub event: EventType,
    /// What it happened to.
    pub subject: SubjectKind,
    /// The id of what it happened to.
    #[schema(value_type = CaseId)]
    pub subject_id: Uuid,
    /// The version of the subject after it; not of a case, which has parts that not everybody sees.
    pub version: Option<i32>,
    /// The case.
    pub case_id: Option<CaseId>,
    /// The agency that acted; absent where the mechanism did by itself.
    pub agency_id: Option<AgencyId>,
    /// The purpose for which it acted.
    pub purpose: Purpose,
    /// Codes, ids and times that belong to it.
    #[schema(value_type = EventData)]
    pub data: serde_json::Value,
}

/// Codes, ids and times that belong to an event; its members depend on the type.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventData {}

page! {
    /// A page of events, oldest first.
    EventPage as EventPage of EventView
}

impl From<Recorded> for EventView {
    fn from(it: Recorded) -> Self {
        Self {
            id: it.id,
            at: it.at,
            event: it.event,
            subject: it.subject,
            subject_id: it.subject_id,
            version: (it.subject != SubjectKind::Case).then_some(it.version),
            case_id: it.case,
            agency_id: it.agency,
            purpose: it.purpose,
            data: it.payload,
        }
    }
}

/// The place inside a cursor over events.
pub fn place_of(call: &Call, cursor: Option<&str>) -> Result<i64, Failure> {
    let invalid = |_| Failure::new(&problems::INVALID_CURSOR);
    let Some(cursor) = cursor else { return Ok(0) };
    let place: [u8; 8] = call.open_cursor(cursor)?.try_into().map_err(invalid)?;
    Ok(i64::from_be_bytes(place))
}

/// From where to read on.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FeedQuery {
    /// `nextCursor` of the page before; absent to begin with the oldest event.
    #[param(max_length = 400, pattern = "^[A-Za-z0-9_-]+$", example = "Zm9v")]
    pub after: Option<String>,
    /// How many at most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
}

/// The feed of events
///
/// What happened, as far as the caller may know of it, oldest first and without gaps: an event appears once nothing older can
/// still be committed. Of what is in a section of a case hears who reads that section; a system without a professional hears
/// what some role of its agency reads, never of whereabouts and alleged offenders. `nextCursor` is always there; keep it and ask again later. It does not expire.
#[utoipa::path(
    operation_id = "listEvents", tag = "events", params(FeedQuery),
    responses((status = 200, description = "A page of events.", body = EventPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/events")]
pub async fn list_events(call: Call, query: Query<FeedQuery>) -> Result<Answer, Failure> {
    let after = call.feed_place(query.0.after.as_deref())?;
    let limit = query.0.limit.unwrap_or(50);
    let mut found = call.look(None, move |tx| Ok(tx.feed(after, limit)?)).await?;
    found.truncate(limit.into());
    let last = found.last().map_or(after, |it| it.place);
    let next_cursor = call.feed_cursor(last);
    let data = found.into_iter().map(EventView::from).collect();
    Ok(Answer::ok(&EventPage::from(Listed { data, next_cursor })))
}
