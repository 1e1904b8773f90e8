//! What happened in a case.

use actix_web::{get, web::Path};
use domain::{
    AgencyId, CaseId, Timestamp,
    access::names_hideaway,
    events::{EventType, SubjectKind},
};
use persistence::events::TimelineFilter;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    call::{Call, Listed, PageQuery},
    failure::Failure,
    http::{Answer, Query},
    v1::{
        common::{listed, path_id},
        events::{EventPage, EventView, place_of},
    },
};

/// Which events.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct TimelineQuery {
    /// Of this type only.
    #[serde(rename = "type")]
    #[param(inline)]
    pub event: Option<EventType>,
    /// About this kind of thing only.
    #[param(inline)]
    pub subject: Option<SubjectKind>,
    /// At this instant or later.
    #[param(example = "2026-11-24T09:00:00Z")]
    pub from: Option<Timestamp>,
    /// Before this instant.
    #[param(example = "2026-11-25T09:00:00Z")]
    pub until: Option<Timestamp>,
    /// Of acts of this agency only; of one that is not named to the caller nothing is found.
    pub agency_id: Option<AgencyId>,
}

/// The timeline of a case
///
/// What happened, oldest first, as far as the caller may know of it: of what is in a section hears who reads that section. Of
/// one type, about one kind of thing, in a span of time, or by one agency, if so asked.
#[utoipa::path(
    operation_id = "getCaseTimeline", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), TimelineQuery, PageQuery),
    responses((status = 200, description = "A page of events.", body = EventPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/cases/{id}/timeline")]
pub async fn get_case_timeline(
    call: Call,
    id: Path<String>,
    filter: Query<TimelineQuery>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, CaseId::parse)?;
    let after = place_of(&call, page.0.cursor.as_deref())?;
    let it = filter.0;
    let filter = TimelineFilter {
        event: it.event,
        subject: it.subject,
        from: it.from,
        until: it.until,
        agency: it.agency_id,
    };
    let limit = page.0.limit.unwrap_or(50);
    let mut found = call
        .look(Some(id.0), move |tx| {
            let (_, relation) = tx.case(id)?;
            // Whoever asks for an agency by name learns nothing of one that is not named to it.
            if let Some(agency) = filter.agency
                && !names_hideaway(&tx.cx.caller, Some(&relation), agency)
                && tx.is_hideaway(Some(agency))?
            {
                return Ok(Vec::new());
            }
            Ok(tx.timeline((id, &relation), filter, after, limit)?)
        })
        .await?;
    let more = found.len() > usize::from(limit);
    found.truncate(limit.into());
    let last = found.last().filter(|_| more).map(|it| it.place);
    let next_cursor = last.and_then(|it| call.seal_cursor(&it.to_be_bytes()));
    let link = next_cursor.as_deref().map(|it| call.link(it));
    let data = found.into_iter().map(EventView::from).collect();
    Ok(listed(&EventPage::from(Listed { data, next_cursor }), link))
}
