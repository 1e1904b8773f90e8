//! Time limits and flags of a request (4.4): what is owed in each state, by when, and the three months of the law.
//!
//! Both sides keep the same duties on their own clocks: the requested one to do them, the requesting one to chase them.
//! No clock decides anything; it tells people.

use serde::{Deserialize, Serialize};

use super::{Request, Side, states::UNDECIDED};
use crate::{
    AgencyId, CodeList as _, Timestamp, Violation,
    deadlines::{Change, ComputedFrom, Duty, DutyKind, Outcome, Pause, SetBy, Span, limited},
    directory::CountryEntry,
    events::SubjectKind,
    rules::{self, Verification},
    vocabulary::{TransnationalRequestStatus as S, Urgency},
};

crate::codes! {
    /// What time says of a request; nothing is decided by it (T19).
    pub enum TimeFlag = "transnational_time_flag" {
        AckOverdue = "ack_overdue": "The acknowledgement is overdue",
        DecisionOverdue = "decision_overdue": "The decision is overdue",
        LegalLimitNear = "legal_limit_near": "Two months and 15 days have passed since receipt",
        LegalLimitPassed = "legal_limit_passed": "The three months of the law have passed",
        ArrivalMissed = "arrival_missed": "The child did not arrive in time",
    }
}

/// A time in which the time to decide stood still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Standstill {
    /// Since when.
    pub since: Timestamp,
    /// Until when, at the latest.
    pub until: Timestamp,
    /// Whether it has ended.
    pub ended: bool,
}

/// How long the other side has to acknowledge, by urgency; no external source sets it.
pub const fn acknowledge_within(urgency: Urgency) -> Span {
    match urgency {
        Urgency::Immediate => Span::Hours(4),
        Urgency::Urgent => Span::Hours(24),
        Urgency::Priority => Span::WorkingDays(3),
        Urgency::Standard => Span::WorkingDays(5),
    }
}

/// How long it has to decide or answer, by urgency; no external source sets it.
pub const fn decide_within(urgency: Urgency) -> Span {
    match urgency {
        Urgency::Immediate => Span::Hours(24),
        Urgency::Urgent => Span::Hours(72),
        Urgency::Priority => Span::WorkingDays(10),
        Urgency::Standard => Span::CalendarDays(30),
    }
}

/// The limit of the law for an answer: three months from the first receipt (R80).
pub const LEGAL_LIMIT: Span = Span::Months(3);
/// How long before its end it is near: half a month (R80: two months and 15 days have passed).
pub const NEAR: time::Duration = time::Duration::days(15);
/// When the receiving side tells how the child is: the n-th report, counted from the handover.
pub const REPORTS: [Span; 5] =
    [Span::CalendarDays(7), Span::Months(1), Span::Months(3), Span::Months(6), Span::Months(12)];
/// How long the requesting side has to close what has ended, and to say what it does instead.
pub const CLOSE_WITHIN: Span = Span::WorkingDays(5);

impl Request {
    /// From when its times run: the first receipt, and the sending as long as that is not known.
    pub fn clock(&self) -> Option<Timestamp> {
        self.first_received_at.or(self.sent_at)
    }

    /// What is owed in this state.
    pub fn owed(&self) -> Vec<DutyKind> {
        use DutyKind as K;
        let undecided = self.sent_at.is_some() && UNDECIDED.contains(&self.status);
        let waits = matches!(self.status, S::Sent | S::Undeliverable | S::Delivered | S::Forwarded);
        let ended = matches!(self.status, S::Answered | S::Declined | S::Withdrawn);
        let cared_for = matches!(self.status, S::HandedOver | S::FollowUp);
        let notices =
            self.notices_to_acknowledge().next().is_some() || self.notices_unacknowledged().next().is_some();
        [
            (K::AcknowledgeRequest, self.sent_at.is_some() && waits),
            (K::DecideRequest, undecided),
            (K::LegalAnswer, undecided && super::rule_of(self.request_type).legal_limit),
            (K::AnswerRequestQuestions, self.status == S::InfoRequested),
            (K::ConfirmArrival, self.status == S::InTransit && self.transfer.missed_at.is_none()),
            (K::ReportMissing, self.status == S::InTransit && self.transfer.unreported),
            (K::TakeOverChild, self.status == S::Arrived),
            (K::FollowUpReport, cared_for && usize::from(self.transfer.reports) < REPORTS.len()),
            (K::CloseRequest, ended && self.sent_at.is_some()),
            (K::AcknowledgeNotice, notices),
        ]
        .into_iter()
        .filter_map(|(kind, owed)| owed.then_some(kind))
        .collect()
    }

    /// What time says of it now.
    pub fn flags(&self, country: &CountryEntry, now: Timestamp) -> Vec<TimeFlag> {
        let due = |kind| self.owed().contains(&kind).then(|| self.due(kind, country, now)).flatten();
        let past = |kind| due(kind).is_some_and(|(it, _)| it < now);
        let legal = due(DutyKind::LegalAnswer).map(|(it, _)| it);
        let near = legal.is_some_and(|it| it.plus(-NEAR) < now);
        let passed = legal.is_some_and(|it| it < now);
        [
            (TimeFlag::AckOverdue, past(DutyKind::AcknowledgeRequest)),
            (TimeFlag::DecisionOverdue, past(DutyKind::DecideRequest)),
            (TimeFlag::LegalLimitNear, near && !passed),
            (TimeFlag::LegalLimitPassed, passed),
            (TimeFlag::ArrivalMissed, self.missing_from().is_some_and(|it| it < now)),
        ]
        .into_iter()
        .filter_map(|(flag, holds)| holds.then_some(flag))
        .collect()
    }

    /// The same as warnings with their rules, for whoever reads it.
    pub fn late(&self, country: &CountryEntry, now: Timestamp) -> Vec<Violation> {
        let rule = |it: &TimeFlag| match it {
            TimeFlag::LegalLimitNear | TimeFlag::LegalLimitPassed => &rules::R80,
            TimeFlag::ArrivalMissed => &rules::R74,
            TimeFlag::AckOverdue | TimeFlag::DecisionOverdue => &rules::R85,
        };
        self.flags(country, now).iter().map(|it| Violation::of(rule(it), "", it.label())).collect()
    }

    /// When a duty is due and how that came about; none where it is not known.
    pub fn due(
        &self,
        kind: DutyKind,
        country: &CountryEntry,
        now: Timestamp,
    ) -> Option<(Timestamp, ComputedFrom)> {
        let proposal = |member: &str| SetBy {
            member: member.to_owned(),
            verification: Verification::Proposal,
            source: "Project proposal: no external source sets it".to_owned(),
            profile_valid_from: country.valid_from,
        };
        let of = |from, span, member: &str| limited(country, from, span, proposal(member));
        match kind {
            DutyKind::AcknowledgeRequest => {
                let span = acknowledge_within(self.urgency);
                let forwarded = (self.status == S::Forwarded).then_some(self.status_at);
                of(forwarded.or(self.clock())?, span, "transnational.acknowledge")
            }
            DutyKind::DecideRequest => {
                let span = decide_within(self.urgency);
                let (due, computed) = of(self.clock()?, span, "transnational.decide")?;
                let Some(pause) = self.pause else { return Some((due, computed)) };
                let stood = pause.until.raw() - pause.since.raw();
                let moved = country.working_time()?.prolonged(due, span, stood);
                let pause = Pause {
                    since: pause.since,
                    until: pause.until,
                    ended: pause.ended,
                    due_before: due,
                    skipped: moved.skipped,
                };
                Some((moved.at, ComputedFrom { pauses: vec![pause], ..computed }))
            }
            DutyKind::LegalAnswer => {
                let set_by = SetBy {
                    verification: Verification::TextRead,
                    source: "Regulation (EU) 2019/1111 Art. 80(4) and 82(6)".to_owned(),
                    ..proposal("transnational.legalLimit")
                };
                limited(country, self.clock()?, LEGAL_LIMIT, set_by)
            }
            DutyKind::AnswerRequestQuestions => {
                of(self.status_at, acknowledge_within(self.urgency), "transnational.information")
            }
            DutyKind::ConfirmArrival => {
                let plan = self.transfer.plan.as_ref()?;
                of(plan.arrives_at, Span::Hours(4), "transnational.arrival")
            }
            DutyKind::ReportMissing => {
                of(self.transfer.missed_at?, Span::Hours(24), "transnational.reportMissing")
            }
            DutyKind::TakeOverChild => of(self.status_at, Span::Hours(24), "transnational.handover"),
            DutyKind::FollowUpReport => {
                let span = REPORTS.get(usize::from(self.transfer.reports))?;
                of(self.handed_over_at?, *span, "transnational.followUp")
            }
            DutyKind::CloseRequest => of(self.status_at, CLOSE_WITHIN, "transnational.close"),
            DutyKind::AcknowledgeNotice => {
                let open = self.notices_to_acknowledge().chain(self.notices_unacknowledged());
                let first = open.map(|(_, it)| it.acknowledge_by).min()?;
                let (_, computed) = of(now, Span::Hours(24), "transnational.notice")?;
                Some((first, computed))
            }
            _ => None,
        }
    }

    /// What an act or a message does to deadlines: they follow from the state and nothing else. What is owed anew or at
    /// another instant is opened anew; what is owed no more ends.
    pub(super) fn changes(
        &self,
        before: Option<&Self>,
        country: &CountryEntry,
        now: Timestamp,
    ) -> Vec<Change> {
        let owed = |it: &Self| {
            let due = |kind: &DutyKind| it.due(*kind, country, now).map(|(at, _)| at);
            it.owed().into_iter().map(|kind| (kind, due(&kind))).collect::<Vec<_>>()
        };
        let (was, is) = (before.map(owed).unwrap_or_default(), owed(self));
        let mut changes = Vec::new();
        for (kind, due) in &was {
            let still = is.iter().find(|(it, _)| it == kind);
            if still.is_some_and(|(_, it)| it == due) {
                continue;
            }
            if let Some(moved) = still.and_then(|_| self.moved_by_pause(*kind, country, now)) {
                changes.push(moved);
                continue;
            }
            let outcome = self.ended(*kind, before, still.is_some());
            changes.push(Change::Closed { subject_id: self.id.0, kind: *kind, outcome });
        }
        for (kind, due) in &is {
            let kept = was.iter().find(|(it, _)| it == kind);
            let pause = kept.and_then(|_| self.moved_by_pause(*kind, country, now));
            if kept.is_some_and(|(_, it)| it == due) || pause.is_some() {
                continue;
            }
            changes.extend(self.duty(*kind, country, now).map(|it| Change::Opened(Box::new(it))));
        }
        changes
    }

    fn moved_by_pause(&self, kind: DutyKind, country: &CountryEntry, now: Timestamp) -> Option<Change> {
        let (due_at, computed) = self.due(kind, country, now).filter(|_| kind == DutyKind::DecideRequest)?;
        let pause = computed.pauses.into_iter().next()?;
        Some(Change::Moved { subject_id: self.id.0, kind, due_at, pause })
    }

    /// How a duty ended: by the deed that it asks for, or with what it belonged to.
    fn ended(&self, kind: DutyKind, before: Option<&Self>, still_owed: bool) -> Outcome {
        use DutyKind as K;
        let withdrawn = matches!(self.status, S::Withdrawn | S::Closed);
        let done = match kind {
            // Owed anew at another instant: only what is done again and again was done.
            K::FollowUpReport | K::AcknowledgeNotice if still_owed => true,
            _ if still_owed => false,
            K::AcknowledgeRequest => !withdrawn && self.status != S::Forwarded,
            K::DecideRequest | K::LegalAnswer => self.decision.is_some() || self.answer.is_some(),
            K::AnswerRequestQuestions => self.status == S::Acknowledged,
            K::ConfirmArrival => self.transfer.arrived_at.is_some(),
            K::TakeOverChild => self.handed_over_at.is_some(),
            K::FollowUpReport => before.is_some_and(|it| it.transfer.reports < self.transfer.reports),
            K::CloseRequest => self.status == S::Closed,
            _ => true,
        };
        match (done, kind) {
            (true, _) => Outcome::Fulfilled,
            (false, K::ConfirmArrival) if self.transfer.missed_at.is_some() => Outcome::Missed,
            (false, _) => Outcome::Lapsed,
        }
    }

    fn duty(&self, kind: DutyKind, country: &CountryEntry, now: Timestamp) -> Option<Duty> {
        let (due_at, computed_from) = self.due(kind, country, now)?;
        let owner = self.owner();
        Some(Duty {
            kind,
            subject: SubjectKind::TransnationalRequest,
            subject_id: self.id.0,
            case: self.case,
            reference: Some(self.reference.clone()),
            urgency: self.urgency,
            owner,
            professional: None,
            watcher: self.lead.filter(|it| *it != owner),
            answers_to: self.lead.unwrap_or(self.office),
            due_at,
            computed_from,
        })
    }

    /// Who of this side acts or chases: the office until the child is taken over, then who leads its case here.
    fn owner(&self) -> AgencyId {
        let theirs = self.side == Side::Requested && self.handed_over_at.is_some();
        self.lead.filter(|_| theirs).unwrap_or(self.office)
    }

    /// The time to decide stands still while a first question is answered, at the longest for as long as the answer may
    /// take.
    pub(super) fn pause_begins(&mut self, country: &CountryEntry, now: Timestamp) {
        if self.pause.is_none() {
            let until = country.working_time().map(|it| it.limit(now, acknowledge_within(self.urgency)).at);
            self.pause = until.map(|until| Standstill { since: now, until, ended: false });
        }
    }

    /// The answer came: the time runs on.
    pub(super) fn pause_ends(&mut self, now: Timestamp) {
        if let Some(pause) = self.pause.filter(|it| !it.ended) {
            self.pause = Some(Standstill { until: now.min(pause.until), ended: true, ..pause });
        }
    }
}

/// How long after a serious danger is known the other State is told, at the latest (R77).
pub const DANGER_WITHIN: time::Duration = time::Duration::hours(24);

/// R77: whether a danger notice is overdue: the danger is known, the child is known to be in the other State, and no
/// notice was sent for a day.
pub fn danger_notice_due(
    known_at: Timestamp,
    in_other_state: bool,
    sent_at: Option<Timestamp>,
    now: Timestamp,
) -> Option<Violation> {
    let due = known_at.plus(DANGER_WITHIN);
    let told = sent_at.is_some_and(|it| known_at <= it);
    (in_other_state && !told && due < now)
        .then(|| Violation::of(&rules::R77, "", format!("the other State should have been told by {due}")))
}
