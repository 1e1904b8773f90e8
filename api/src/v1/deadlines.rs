//! Deadlines: what is owed, by whom, by when, why, and who was told.

use actix_web::{get, web::Path};
use domain::{
    AgencyId, CaseId, Day, DeadlineId, ProfessionalId, Reference, Timestamp,
    deadlines::{ComputedFrom, Deadline, DeadlineState, DutyKind, Pause, Skipped, Span},
    events::SubjectKind,
    rules::Verification,
    text::Country,
    vocabulary::{DataClass, Role, Urgency},
};
use persistence::{
    StoreError, Tx,
    deadlines::{DeadlineFilter, DeadlineScope, DeadlineStanding, DuePlace, Escalation},
};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::common::{listed, page, path_id};
use crate::{
    call::{Call, Listed, PageQuery},
    failure::Failure,
    http::{Answer, Query, Shown, Tag},
    problems,
};

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_deadlines).service(get_deadline);
}

/// A duty with its time limit.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Deadline)]
#[serde(rename_all = "camelCase")]
pub struct DeadlineView {
    /// Its id.
    pub id: DeadlineId,
    /// What must be done.
    pub duty: DutyKind,
    /// The rule behind it.
    #[schema(max_length = 5, pattern = "^R[0-9]{1,4}$", example = "R85")]
    pub rule: &'static str,
    /// What kind of thing it is about.
    pub subject: SubjectKind,
    /// The id of that thing.
    #[schema(value_type = CaseId)]
    pub subject_id: Uuid,
    /// The reference of the referral.
    pub reference: Option<Reference>,
    /// The case.
    pub case_id: Option<CaseId>,
    /// How urgent it is.
    pub urgency: Urgency,
    /// The agency that must act.
    pub agency_id: AgencyId,
    /// The professional of that agency who answers for it.
    pub professional_id: Option<ProfessionalId>,
    /// The other side, which waits for it.
    pub watcher_id: Option<AgencyId>,
    /// By when.
    pub due_at: Timestamp,
    /// Where it stands now.
    pub state: DeadlineState,
    /// How far it was escalated; 0 is not at all.
    pub rung: u8,
    /// When the next step is taken if nothing is done.
    pub next_step_at: Option<Timestamp>,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
    /// How the instant was computed.
    pub computed_from: ComputedFromView,
    /// Who was told; not in lists.
    #[schema(max_items = 20)]
    pub escalations: Option<Vec<EscalationView>>,
}

/// How an instant was computed: with the same calendar, anybody can do it again.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ComputedFrom)]
#[serde(rename_all = "camelCase")]
pub struct ComputedFromView {
    /// From when it counts.
    pub started_at: Timestamp,
    /// How long; absent where a day was named.
    pub span: Option<Span>,
    /// The day that was named.
    pub named_day: Option<Day>,
    /// What set it: a member of the country profile or of a request.
    #[schema(max_length = 100, example = "responseTimes.urgent.acknowledge")]
    pub set_by: String,
    /// How well that has been checked.
    pub verification: Verification,
    /// Where that comes from.
    #[schema(max_length = 300)]
    pub source: String,
    /// The day from which the profile is valid.
    pub profile_valid_from: Day,
    /// Whose calendar.
    pub country: Country,
    /// In which time zone days begin and end; IANA name.
    #[schema(max_length = 60, example = "Europe/Tallinn")]
    pub time_zone: String,
    /// Days on the way that do not count.
    #[schema(max_items = 1000)]
    pub skipped: Vec<Skipped>,
    /// An instant before which it is never due.
    pub not_before: Option<Timestamp>,
    /// When the first person is told, where that is later than it is due.
    pub warn_at: Option<Timestamp>,
    /// When it stood still.
    #[schema(max_items = 10)]
    pub pauses: Option<Vec<PauseView>>,
}

/// A time in which a deadline stood still.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeadlinePause)]
#[serde(rename_all = "camelCase")]
pub struct PauseView {
    /// Since when.
    pub since: Timestamp,
    /// Until when, at the latest.
    pub until: Timestamp,
    /// Whether it has ended.
    pub ended: bool,
    /// When the deadline would have been due without it.
    pub due_before: Timestamp,
}

/// Who was told that a duty is overdue.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeadlineEscalation)]
#[serde(rename_all = "camelCase")]
pub struct EscalationView {
    /// On which rung.
    pub rung: u8,
    /// Which agency.
    pub agency_id: AgencyId,
    /// Whoever has this role there.
    pub role: Role,
    /// When.
    pub at: Timestamp,
}

page! {
    /// A page of deadlines, in the order in which they are due.
    DeadlinePage as DeadlinePage of DeadlineView
}

impl DeadlineView {
    fn of(it: Deadline, now: Timestamp, told: Option<&[Escalation]>) -> Self {
        let state = it.state(now);
        let duty = it.duty;
        Self {
            id: it.id,
            duty: duty.kind,
            rule: duty.kind.row().rule.code,
            subject: duty.subject,
            subject_id: duty.subject_id,
            reference: duty.reference,
            case_id: duty.case,
            urgency: duty.urgency,
            agency_id: duty.owner,
            professional_id: duty.professional,
            watcher_id: duty.watcher,
            due_at: duty.due_at,
            state,
            rung: it.rung,
            next_step_at: it.next_step_at,
            closed_at: it.closed.map(|it| it.at),
            computed_from: duty.computed_from.into(),
            escalations: told.map(|all| all.iter().map(EscalationView::from).collect()),
        }
    }
}

impl From<ComputedFrom> for ComputedFromView {
    fn from(it: ComputedFrom) -> Self {
        let pauses: Vec<_> = it.pauses.into_iter().map(PauseView::from).collect();
        Self {
            started_at: it.started_at,
            span: it.span,
            named_day: it.named_day,
            set_by: it.set_by.member,
            verification: it.set_by.verification,
            source: it.set_by.source,
            profile_valid_from: it.set_by.profile_valid_from,
            country: it.country,
            time_zone: it.time_zone,
            skipped: it.skipped,
            not_before: it.not_before,
            warn_at: it.warn_at,
            pauses: Some(pauses).filter(|it| !it.is_empty()),
        }
    }
}

impl From<Pause> for PauseView {
    fn from(it: Pause) -> Self {
        Self { since: it.since, until: it.until, ended: it.ended, due_before: it.due_before }
    }
}

impl From<&Escalation> for EscalationView {
    fn from(it: &Escalation) -> Self {
        Self { rung: it.rung, agency_id: it.agency, role: it.role, at: it.at }
    }
}

domain::codes! {
    /// Whose deadlines are listed.
    pub enum Whose = "deadline_scope" {
        Mine = "mine": "For which the calling professional answers",
        Agency = "agency": "Which the own agency owes",
        Watched = "watched": "For which the own agency waits",
        Escalated = "escalated": "Of which the own agency was told because they were overdue",
        Case = "case": "Of one case, which the own agency leads or opened: give caseId",
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
    /// About this referral or concern only.
    #[param(value_type = Option<CaseId>)]
    pub subject_id: Option<Uuid>,
    /// Of this duty only.
    pub duty: Option<DutyKind>,
    /// Due within so many hours from now, overdue ones included.
    #[param(minimum = 1, maximum = 8784)]
    pub due_within_hours: Option<u16>,
}

impl DeadlineQuery {
    fn scope(self) -> Result<DeadlineScope, Failure> {
        let needs_case = || {
            Failure::invalid(
                &problems::INVALID_PARAMETER,
                "/caseId",
                "missing",
                "the scope case needs caseId",
            )
        };
        Ok(match self.scope {
            Whose::Mine => DeadlineScope::Mine,
            Whose::Agency => DeadlineScope::Agency,
            Whose::Watched => DeadlineScope::Watched,
            Whose::Escalated => DeadlineScope::Escalated,
            Whose::Case => DeadlineScope::Case(self.case_id.ok_or_else(needs_case)?),
        })
    }
}

fn found(
    tx: &mut Tx<'_>,
    filter: DeadlineFilter,
    after: Option<DuePlace>,
    limit: u16,
) -> Result<Vec<Deadline>, Failure> {
    if let DeadlineScope::Case(case) = filter.scope {
        let (_, relation) = tx.case(case)?;
        if !relation.own() {
            return Err(StoreError::NotFound.into());
        }
    }
    Ok(tx.deadlines(filter, after, limit)?)
}

/// The deadlines
///
/// What is owed, in the order in which it is due: by the caller, by its agency, to its agency, of what it was told
/// because it was overdue, or of one case.
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
        scope: query.scope()?,
        standing: query.standing.map(|it| match it {
            Standing::Open => DeadlineStanding::Open,
            Standing::Overdue => DeadlineStanding::Overdue,
            Standing::Closed => DeadlineStanding::Closed,
        }),
        case: query.case_id,
        subject: query.subject_id,
        duty: query.duty,
        due_before: query.due_within_hours.map(|it| call.now().plus(time::Duration::hours(it.into()))),
    };
    let after = page.0.cursor.as_deref().map(|it| call.open_cursor(it)).transpose()?;
    let after = after.map(|it| place(&it)).transpose()?;
    let limit = page.0.limit.unwrap_or(50);
    let case = query.case_id.map(|it| it.0);
    let mut all = call.look(case, move |tx| found(tx, filter, after, limit)).await?;
    let more = all.len() > usize::from(limit);
    all.truncate(limit.into());
    let last = all.last().filter(|_| more);
    let next_cursor = last.and_then(|it| call.seal_cursor(&cursor(it)));
    let link = next_cursor.as_deref().map(|it| call.link(it));
    let now = call.now();
    let data = all.into_iter().map(|it| DeadlineView::of(it, now, None)).collect();
    Ok(listed(&DeadlinePage::from(Listed { data, next_cursor }), link))
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
