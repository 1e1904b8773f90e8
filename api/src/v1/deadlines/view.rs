//! A deadline as it is shown: what is owed, by when, and how that instant came about.

use domain::{
    AgencyId, CaseId, Day, DeadlineId, ProfessionalId, Reference, Timestamp,
    deadlines::{ComputedFrom, Deadline, DeadlineState, DutyKind, Pause, Skipped, Span},
    events::SubjectKind,
    rules::Verification,
    text::Country,
    vocabulary::{Role, Urgency},
};
use persistence::deadlines::Escalation;
use serde::Serialize;
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::v1::common::page;

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
    /// Days that it moved over and that do not count.
    #[schema(max_items = 1000)]
    pub skipped: Vec<Skipped>,
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
    /// The deadline as it stands at an instant.
    pub fn of(it: Deadline, now: Timestamp, told: Option<&[Escalation]>) -> Self {
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
        Self {
            since: it.since,
            until: it.until,
            ended: it.ended,
            due_before: it.due_before,
            skipped: it.skipped,
        }
    }
}

impl From<&Escalation> for EscalationView {
    fn from(it: &Escalation) -> Self {
        Self { rung: it.rung, agency_id: it.agency, role: it.role, at: it.at }
    }
}
