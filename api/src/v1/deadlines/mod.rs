//! Deadlines: what is owed, by whom, by when, why, and who was told.

mod view;

use actix_web::{get, web::Path};
use domain::{
    CaseId, DeadlineId, Timestamp,
    deadlines::{Deadline, DutyKind},
    vocabulary::DataClass,
};
use persistence::{
    StoreError, Tx,
    deadlines::{DeadlineFilter, DeadlineScope, DeadlineStanding, DuePlace},
};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use self::view::{DeadlinePage, DeadlineView};
use super::common::{listed, path_id};
use crate::{
    Routes,
    call::{Call, Listed, PageQuery},
    failure::Failure,
    http::{Answer, Query, Shown, Tag},
    problems,
};

/// The routes of this room.
pub fn routes(config: &mut impl Routes) {
    config.service(list_deadlines).service(get_deadline).service(list_case_deadlines);
}

domain::codes! {
    /// Whose deadlines are listed.
    pub enum Whose = "deadline_scope" {
        Mine = "mine": "For which the calling professional answers",
        Agency = "agency": "Which the own agency owes",
        Watched = "watched": "For which the own agency waits",
        Escalated = "escalated": "Of which the own agency was told because they were overdue",
    }
}

domain::codes! {
    /// Where the listed deadlines stand.
    pub enum Standing = "deadline_standing" {
        Open = "open": "Neither fulfilled nor ended otherwise",
        Overdue = "overdue": "Open, and due before now",
        Closed = "closed": "Ended",
    }
}

/// Which deadlines.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct DeadlineQuery {
    /// Whose.
    #[param(inline, required = true, example = "agency")]
    pub scope: Whose,
    /// Where they stand.
    #[param(inline)]
    pub standing: Option<Standing>,
    /// Of this case only.
    pub case_id: Option<CaseId>,
    /// About this referral, concern or case only.
    #[param(value_type = Option<CaseId>)]
    pub subject_id: Option<Uuid>,
    /// Of this duty only.
    pub duty: Option<DutyKind>,
    /// Due within so many hours from now, overdue ones included.
    #[param(minimum = 1, maximum = 8784, example = 48)]
    pub due_within_hours: Option<u16>,
}

impl From<Whose> for DeadlineScope {
    fn from(it: Whose) -> Self {
        match it {
            Whose::Mine => Self::Mine,
            Whose::Agency => Self::Agency,
            Whose::Watched => Self::Watched,
            Whose::Escalated => Self::Escalated,
        }
    }
}

impl From<Standing> for DeadlineStanding {
    fn from(it: Standing) -> Self {
        match it {
            Standing::Open => Self::Open,
            Standing::Overdue => Self::Overdue,
            Standing::Closed => Self::Closed,
        }
    }
}

/// A page of deadlines, looked at and logged.
async fn paged(call: Call, filter: DeadlineFilter, page: PageQuery) -> Result<Answer, Failure> {
    let after = page.cursor.as_deref().map(|it| call.open_cursor(it)).transpose()?;
    let after = after.map(|it| place(&it)).transpose()?;
    let limit = page.limit.unwrap_or(50);
    let case = match filter.scope {
        DeadlineScope::Case(case) => Some(case),
        _ => filter.case,
    };
    let found = move |tx: &mut Tx<'_>| {
        if let DeadlineScope::Case(case) = filter.scope {
            let (_, relation) = tx.case(case)?;
            if !relation.own() {
                return Err(StoreError::NotFound.into());
            }
        }
        Ok(tx.deadlines(filter, after, limit)?)
    };
    let mut all = call.look(case.map(|it| it.0), found).await?;
    let more = all.len() > usize::from(limit);
    all.truncate(limit.into());
    let last = all.last().filter(|_| more);
    let next_cursor = last.and_then(|it| call.seal_cursor(&cursor(it)));
    let link = next_cursor.as_deref().map(|it| call.link(it));
    let now = call.now();
    let data = all.into_iter().map(|it| DeadlineView::of(it, now, None)).collect();
    Ok(listed(&DeadlinePage::from(Listed { data, next_cursor }), link))
}

/// The deadlines
///
/// What is owed, in the order in which it is due: by the caller, by its agency, to its agency, or of what it was told
/// because it was overdue.
#[utoipa::path(
    operation_id = "listDeadlines", tag = "deadlines", params(DeadlineQuery, PageQuery),
    responses((status = 200, description = "A page of deadlines.", body = DeadlinePage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/deadlines")]
pub async fn list_deadlines(
    call: Call,
    query: Query<DeadlineQuery>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let query = query.0;
    let filter = DeadlineFilter {
        scope: query.scope.into(),
        standing: query.standing.map(DeadlineStanding::from),
        case: query.case_id,
        subject: query.subject_id,
        duty: query.duty,
        due_before: query.due_within_hours.map(|it| call.now().plus(time::Duration::hours(it.into()))),
    };
    paged(call, filter, page.0).await
}

/// Which deadlines of a case.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CaseDeadlineQuery {
    /// Where they stand.
    #[param(inline)]
    pub standing: Option<Standing>,
    /// Of this duty only.
    pub duty: Option<DutyKind>,
}

/// The deadlines of a case
///
/// Whoever owes them, for the agencies that lead or opened the case.
#[utoipa::path(
    operation_id = "listCaseDeadlines", tag = "deadlines",
    params(("id" = CaseId, Path, description = "The case."), CaseDeadlineQuery, PageQuery),
    responses((status = 200, description = "A page of deadlines.", body = DeadlinePage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/cases/{id}/deadlines")]
pub async fn list_case_deadlines(
    call: Call,
    id: Path<String>,
    query: Query<CaseDeadlineQuery>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let filter = DeadlineFilter {
        scope: DeadlineScope::Case(path_id(&id, CaseId::parse)?),
        standing: query.0.standing.map(DeadlineStanding::from),
        case: None,
        subject: None,
        duty: query.0.duty,
        due_before: None,
    };
    paged(call, filter, page.0).await
}

/// The place after a deadline: when it is due, in microseconds, and its id.
fn cursor(it: &Deadline) -> Vec<u8> {
    let mut place = it.duty.due_at.micros().to_be_bytes().to_vec();
    place.extend_from_slice(it.id.0.as_bytes());
    place
}

fn place(cursor: &[u8]) -> Result<DuePlace, Failure> {
    let invalid = || Failure::new(&problems::INVALID_CURSOR);
    let (due, id) = cursor.split_at_checked(8).ok_or_else(invalid)?;
    let due = i64::from_be_bytes(due.try_into().map_err(|_| invalid())?);
    Ok(DuePlace {
        due_at: Timestamp::from_micros(due).ok_or_else(invalid)?,
        id: Uuid::from_slice(id).map_err(|_| invalid())?,
    })
}

/// A deadline
///
/// With how it was computed and who was told. For the agency that owes it, the one that waits, those that were told, and
/// those that lead or opened the case.
#[utoipa::path(
    operation_id = "getDeadline", tag = "deadlines",
    params(("id" = DeadlineId, Path, description = "The deadline.")),
    responses((status = 200, description = "The deadline.", body = DeadlineView))
)]
#[get("/v1/deadlines/{id}")]
pub async fn get_deadline(call: Call, id: Path<String>) -> Result<Answer, Failure> {
    let id = path_id(&id, DeadlineId::parse)?;
    call.read(Some(id.0), move |tx| {
        let (deadline, told) = tx.deadline(id)?;
        let case = deadline.duty.case;
        let view = DeadlineView::of(deadline, tx.cx.now, Some(&told));
        // It has no version: time alone changes where it stands, so its own text is its tag.
        let text = serde_json::to_string(&view).unwrap_or_default();
        let shown = Shown::new(view, Tag::of(tx.keys(), &format!("deadline/{text}")));
        Ok(match case {
            Some(case) => shown.of_case(case, vec![DataClass::D15ReferralMetadata]),
            None => shown,
        })
    })
    .await
}
