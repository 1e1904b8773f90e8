//! Time limits and flags of a request (4.4): what is owed in each state, by when, and the three months of the law.
//!
//! Both sides keep the same duties on their own clocks: the requested one to do them, the requesting one to chase them.
//! No clock decides anything; it tells people.

use serde::{Deserialize, Serialize};

use super::{
    Channels, Instrument, Noticed, Request, Side, UNDER_WAY,
    states::{ACCEPTED_OR_PLANNED, UNDECIDED},
};
use crate::{
    AgencyId, Day, Timestamp,
    deadlines::{Change, ComputedFrom, Duty, DutyKind, Outcome, Pause, SetBy, Span, limited},
    directory::CountryEntry,
    events::SubjectKind,
    referrals::{ChildView, end_of},
    rules::Verification,
    vocabulary::{TransnationalRequestStatus as S, Urgency},
};

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
        let told = self.notices_to_acknowledge().next().is_some();
        let tells = self.notices_unacknowledged().next().is_some();
        let requesting = self.side == Side::Requesting;
        let planning = ACCEPTED_OR_PLANNED.contains(&self.status);
        let (agreed, unanswered) = (self.plan_agreed(), self.plan_unanswered());
        let back = self.transfer.back_at.is_some();
        let missed = self.status == S::InTransit && self.transfer.missed_at.is_some();
        [
            (K::AcknowledgeRequest, self.sent_at.is_some() && waits),
            (K::DecideRequest, undecided),
            (K::LegalAnswer, undecided && self.limited_by_law()),
            (K::AnswerRequestQuestions, self.status == S::InfoRequested),
            (K::ConfirmArrival, self.status == S::InTransit && self.transfer.missed_at.is_none()),
            (K::ReportMissing, self.status == S::InTransit && self.transfer.unreported),
            (K::TakeOverChild, self.status == S::Arrived),
            (K::FollowUpReport, cared_for && usize::from(self.transfer.reports) < REPORTS.len()),
            (K::CloseRequest, ended && self.sent_at.is_some()),
            (K::AcknowledgeNotice, told),
            (K::ChaseNotice, tells),
            (K::ReviewRequest, self.status == S::NationalReview),
            (K::PlanTransfer, planning && !agreed && !unanswered && !back),
            (K::AnswerPlan, planning && unanswered),
            (K::BeginTransfer, self.status == S::TransferPlanned && agreed),
            (K::ReceiveBack, planning && !agreed && back),
            (K::WarnOfDanger, requesting && missed && self.transfer.warned_at.is_none()),
            (K::AskView, self.view_day().is_some() && !self.child_was_asked()),
        ]
        .into_iter()
        .filter_map(|(kind, owed)| owed.then_some(kind))
        .collect()
    }

    /// Whether law sets three months for the answer: that of the Regulation, where it binds both States (R80).
    fn limited_by_law(&self) -> bool {
        let day = self.sent_at.map(|it| Day(it.date()));
        let pair = (self.country, self.to.country);
        let bound = |day| Channels::known().applies(Instrument::BrusselsIib, pair, day);
        super::rule_of(self.request_type).legal_limit && day.is_some_and(bound)
    }

    /// The day on which the child is asked for its view, where it was sent without one and goes on (R24).
    fn view_day(&self) -> Option<Day> {
        let goes_on =
            self.side == Side::Requesting && self.sent_at.is_some() && UNDER_WAY.contains(&self.status);
        match self.prepared.child_view {
            Some(ChildView::Missing { ask_again_on, .. }) if goes_on => ask_again_on,
            _ => None,
        }
    }

    /// When the next report on the child is taken; none where it is taken now.
    pub(super) fn next_report_from(&self, country: &CountryEntry) -> Option<Timestamp> {
        let next = usize::from(self.transfer.reports);
        let due = |which: usize| {
            let span = REPORTS.get(which)?;
            Some(country.working_time()?.limit(self.handed_over_at?, *span).at)
        };
        let (before, after) = (due(next.checked_sub(1)?)?, due(next)?);
        Some(before.plus((after.raw() - before.raw()) / 2))
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
                let (due, computed) = limited(country, self.clock()?, LEGAL_LIMIT, set_by)?;
                Some((due, ComputedFrom { warn_at: Some(due.plus(-NEAR)), ..computed }))
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
            DutyKind::AcknowledgeNotice | DutyKind::ChaseNotice => {
                let by = |(_, it): (u32, Noticed<'_>)| it.acknowledge_by;
                let first = if kind == DutyKind::ChaseNotice {
                    self.notices_unacknowledged().map(by).min()?
                } else {
                    self.notices_to_acknowledge().map(by).min()?
                };
                let (_, computed) = of(now, Span::Hours(24), "transnational.notice")?;
                Some((first, computed))
            }
            DutyKind::ReviewRequest => {
                of(self.status_at, acknowledge_within(self.urgency), "transnational.review")
            }
            DutyKind::PlanTransfer => {
                let from = self.transfer.plan_at.map_or(self.status_at, |it| it.max(self.status_at));
                of(from, decide_within(self.urgency), "transnational.plan")
            }
            DutyKind::AnswerPlan => {
                of(self.transfer.plan_at?, acknowledge_within(self.urgency), "transnational.answerPlan")
            }
            DutyKind::BeginTransfer => {
                of(self.transfer.plan.as_ref()?.departs_at, Span::Hours(24), "transnational.departure")
            }
            DutyKind::ReceiveBack => of(self.transfer.back_at?, Span::Hours(24), "transnational.receiveBack"),
            DutyKind::WarnOfDanger => of(self.transfer.missed_at?, Span::Hours(24), "transnational.danger"),
            DutyKind::AskView => end_of(self.view_day()?, country, self.sent_at?),
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
            K::FollowUpReport | K::AcknowledgeNotice | K::ChaseNotice if still_owed => true,
            _ if still_owed => false,
            K::AcknowledgeRequest => !withdrawn && self.status != S::Forwarded,
            K::DecideRequest | K::LegalAnswer => self.decision.is_some() || self.answer.is_some(),
            K::AnswerRequestQuestions => self.status == S::Acknowledged,
            K::ConfirmArrival => self.transfer.arrived_at.is_some(),
            K::TakeOverChild => self.handed_over_at.is_some(),
            K::FollowUpReport => before.is_some_and(|it| it.transfer.reports < self.transfer.reports),
            K::CloseRequest => self.status == S::Closed,
            K::ReviewRequest => !withdrawn,
            K::PlanTransfer => self.plan_unanswered() || self.plan_agreed(),
            K::AnswerPlan => {
                self.plan_agreed() || before.is_some_and(|it| it.transfer.refused != self.transfer.refused)
            }
            K::BeginTransfer => self.status == S::InTransit,
            K::WarnOfDanger => self.transfer.warned_at.is_some(),
            K::AskView => self.child_was_asked(),
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
        let owner = self.owner(kind);
        let other = if owner == self.office { self.lead } else { Some(self.office) };
        Some(Duty {
            kind,
            subject: SubjectKind::TransnationalRequest,
            subject_id: self.id.0,
            case: self.case,
            reference: Some(self.reference.clone()),
            urgency: self.urgency,
            owner,
            professional: None,
            watcher: other.filter(|it| *it != owner),
            answers_to: self.lead.unwrap_or(self.office),
            due_at,
            computed_from,
        })
    }

    /// Who of this side acts or chases: the office until the child is taken over, then who leads its case here; what is
    /// done with the child itself and its view is for the agency that has it.
    fn owner(&self, kind: DutyKind) -> AgencyId {
        use DutyKind as K;
        let own = matches!(
            kind,
            K::PlanTransfer | K::BeginTransfer | K::ReceiveBack | K::WarnOfDanger | K::AskView
        );
        let leads = match self.side {
            Side::Requesting => own,
            Side::Requested => self.handed_over_at.is_some(),
        };
        self.lead.filter(|_| leads).unwrap_or(self.office)
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
