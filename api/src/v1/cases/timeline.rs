//! What happened in a case.

use actix_web::{get, web::Path};
use domain::CaseId;

use crate::{
    call::{Call, Listed, PageQuery},
    failure::Failure,
    http::{Answer, Query},
    v1::{
        common::{listed, path_id},
        events::{EventPage, EventView, place_of},
    },
};

/// The timeline of a case
///
/// What happened, oldest first, as far as the own agency may know of it.
#[utoipa::path(
    operation_id = "getCaseTimeline", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), PageQuery),
    responses((status = 200, description = "A page of events.", body = EventPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/cases/{id}/timeline")]
pub async fn get_case_timeline(
    call: Call,
    id: Path<String>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, CaseId::parse)?;
    let after = place_of(&call, page.0.cursor.as_deref())?;
    let limit = page.0.limit.unwrap_or(50);
    let mut found = call
        .look(Some(id.0), move |tx| {
            tx.case(id)?;
            Ok(tx.timeline(id, after, limit)?)
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
