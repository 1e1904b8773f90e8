//! A deadline: who must do what by when, how that instant was computed, and what became of it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{DutyKind, Skipped, Span};
use crate::{
    AgencyId, CaseId, Day, DeadlineId, ProfessionalId, Reference, Timestamp,
    directory::{Checked, CountryEntry},
    events::SubjectKind,
    rules::Verification,
    text::Country,
    vocabulary::Urgency,
};

crate::codes! {
    /// What became of a deadline.
    pub enum Outcome = "deadline_outcome" {
        Fulfilled = "fulfilled": "Fulfilled",
        Missed = "missed": "Never fulfilled: what it belonged to has expired",
        Lapsed = "lapsed": "No longer owed",
    }
}

crate::codes! {
    /// Where a deadline stands.
    pub enum DeadlineState = "deadline_state" {
        Running = "running": "Running",
        Paused = "paused": "Paused while the other side answers a question",
        Overdue = "overdue": "Overdue",
        Met = "met": "Fulfilled in time",
        Late = "late": "Fulfilled after it was due",
        Missed = "missed": "Never fulfilled: what it belonged to has expired",
        Lapsed = "lapsed": "No longer owed",
    }
}

/// What is owed: a duty of one agency with its time limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// What must be done.
    pub kind: DutyKind,
    /// What kind of thing it is about.
    pub subject: SubjectKind,
    /// The id of that thing.
    pub subject_id: Uuid,
    /// The case, if there is one.
    pub case: Option<CaseId>,
    /// The reference of a referral, to name it on the telephone.
    pub reference: Option<Reference>,
    /// How urgent it is.
    pub urgency: Urgency,
    /// The agency that must act.
    pub owner: AgencyId,
    /// The professional of that agency who is known to be responsible.
    pub professional: Option<ProfessionalId>,
    /// The other side, which waits for it.
    pub watcher: Option<AgencyId>,
    /// The agency whose supervisor is told first: it stays responsible for the child (R85).
    pub answers_to: AgencyId,
    /// By when.
    pub due_at: Timestamp,
    /// How that instant came about.
    pub computed_from: ComputedFrom,
}

impl Duty {
    /// When somebody is told first if nothing is done: when it is due, or later where it is a target, or before where law
    /// sets it; at once if that had passed before it began, as
    /// in a chain of referrals, whose clock keeps running (R83). Each further step counts from here, so that whoever is
    /// asked last has time to answer before the referral expires.
    pub fn first_step_at(&self, opened: Timestamp) -> Timestamp {
        self.computed_from.warn_at.unwrap_or(self.due_at).max(opened)
    }
}

/// What set a time limit: a member of the national profile or of a request, with how well it has been checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SetBy {
    /// The member, for instance `responseTimes.urgent.acknowledge`.
    pub member: String,
    /// How well it has been checked.
    pub verification: Verification,
    /// Where it comes from.
    pub source: String,
    /// The day from which the profile is valid.
    pub profile_valid_from: Day,
}

impl SetBy {
    /// A value of the profile.
    pub fn of<T>(set: &Checked<T>, member: impl Into<String>, country: &CountryEntry) -> Self {
        Self {
            member: member.into(),
            verification: set.verification,
            source: set.source.clone(),
            profile_valid_from: country.valid_from,
        }
    }
}

/// How an instant was computed: with the same calendar, anybody can do it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ComputedFrom {
    /// From when it counts.
    pub started_at: Timestamp,
    /// How long; absent where a day was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// The day that was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named_day: Option<Day>,
    /// What set it.
    pub set_by: SetBy,
    /// Whose calendar.
    pub country: Country,
    /// In which time zone days begin and end; IANA name.
    pub time_zone: String,
    /// Days on the way that do not count.
    pub skipped: Vec<Skipped>,
    /// An instant before which it is never due: a child is not to be met before it is decided who does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    /// When the first person is told, where that is not when it is due: a target is not missed at once, and of a limit of
    /// the law people hear while there is time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn_at: Option<Timestamp>,
    /// When it stood still.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
}

impl ComputedFrom {
    /// Of a day that was named.
    pub fn named(country: &CountryEntry, now: Timestamp, day: Day, set_by: SetBy) -> Self {
        Self {
            started_at: now,
            span: None,
            named_day: Some(day),
            set_by,
            country: country.code,
            time_zone: country.profile.time_zone.clone(),
            skipped: Vec::new(),
            not_before: None,
            warn_at: None,
            pauses: Vec::new(),
        }
    }
}

/// When something is due that has so long from an instant, and how that came about; none without a calendar.
pub fn limited(
    country: &CountryEntry,
    from: Timestamp,
    span: Span,
    set_by: SetBy,
) -> Option<(Timestamp, ComputedFrom)> {
    let limit = country.working_time()?.limit(from, span);
    let computed = ComputedFrom {
        started_at: from,
        span: Some(span),
        named_day: None,
        set_by,
        country: country.code,
        time_zone: country.profile.time_zone.clone(),
        skipped: limit.skipped,
        not_before: None,
        warn_at: None,
        pauses: Vec::new(),
    };
    Some((limit.at, computed))
}

/// A time in which a deadline stood still.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pause {
    /// Since when.
    pub since: Timestamp,
    /// Until when, at the latest.
    pub until: Timestamp,
    /// Whether it has ended.
    pub ended: bool,
    /// When the deadline would have been due without it.
    pub due_before: Timestamp,
    /// Days that it moved over and that do not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
}

/// The end of a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed {
    /// When.
    pub at: Timestamp,
    /// How.
    pub outcome: Outcome,
}

/// A duty on the books of the mechanism.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// Its id.
    pub id: DeadlineId,
    /// The country.
    pub country: Country,
    /// What is owed.
    pub duty: Duty,
    /// How far it has been escalated; 0 is not at all.
    pub rung: u8,
    /// When the next step is taken if nothing is done.
    pub next_step_at: Option<Timestamp>,
    /// Its end.
    pub closed: Option<Closed>,
}

impl Deadline {
    /// Where it stands.
    pub fn state(&self, now: Timestamp) -> DeadlineState {
        let in_time = self.closed.is_none_or(|it| it.at <= self.duty.due_at);
        match self.closed.map(|it| it.outcome) {
            Some(Outcome::Fulfilled) if in_time => DeadlineState::Met,
            Some(Outcome::Fulfilled) => DeadlineState::Late,
            Some(Outcome::Missed) => DeadlineState::Missed,
            Some(Outcome::Lapsed) => DeadlineState::Lapsed,
            // At the very instant it is due, whoever was told of it sees why.
            None if self.duty.due_at < now || self.rung > 0 && self.duty.due_at <= now => {
                DeadlineState::Overdue
            }
            None => {
                let standing = |it: &Pause| !it.ended && now <= it.until;
                let paused = self.duty.computed_from.pauses.iter().any(standing);
                if paused { DeadlineState::Paused } else { DeadlineState::Running }
            }
        }
    }
}

/// What an act does to deadlines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A duty begins.
    Opened(Box<Duty>),
    /// It is due at another instant, because it stood still.
    Moved {
        /// What it is about.
        subject_id: Uuid,
        /// Which duty.
        kind: DutyKind,
        /// When it is due now.
        due_at: Timestamp,
        /// Why.
        pause: Pause,
    },
    /// Somebody of the agency that owes it answers for it.
    Assigned {
        /// What it is about.
        subject_id: Uuid,
        /// Which duty.
        kind: DutyKind,
        /// Who.
        professional: Option<ProfessionalId>,
    },
    /// Another agency leads the case: what the one before owed or waited for is the new one's.
    HandedOver {
        /// The case.
        case: CaseId,
        /// Who led.
        from: AgencyId,
        /// Who leads now.
        to: AgencyId,
    },
    /// It ends.
    Closed {
        /// What it is about.
        subject_id: Uuid,
        /// Which duty.
        kind: DutyKind,
        /// How.
        outcome: Outcome,
    },
}
