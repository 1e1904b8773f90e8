//! What is owed in each state, by when, and what an act does to it: deadlines follow from the state and nothing else.

use super::{ChildView, Referral, ReferralAct, Sent};
use crate::{
    AgencyId, Day, ProfessionalId, Timestamp,
    deadlines::{Change, ComputedFrom, Duty, DutyKind, Outcome, SetBy, limited},
    directory::{CountryEntry, ResponseTime},
    events::SubjectKind,
    vocabulary::ReferralStatus,
};

/// The times to answer, with how each was computed.
pub(super) struct Limits {
    pub sent: Sent,
    acknowledge: ComputedFrom,
    decide: ComputedFrom,
    first_contact: ComputedFrom,
}

impl Referral {
    /// The duties that are open in this state.
    pub fn owed(&self) -> Vec<DutyKind> {
        use DutyKind as K;
        use ReferralStatus as S;
        let answers = matches!(self.status, S::Sent | S::Acknowledged | S::InfoRequested);
        let running = answers || matches!(self.status, S::Accepted | S::InService);
        let stranded = matches!(self.status, S::Declined | S::Expired);
        let draft_that_follows = self.status == S::Draft && self.origin.is_some();
        [
            (K::Acknowledge, self.status == S::Sent),
            (K::Decide, answers),
            (K::FirstContact, answers || self.status == S::Accepted),
            (K::ProvideInformation, self.status == S::InfoRequested),
            (K::NextStep, stranded || draft_that_follows),
            (K::AskView, running && self.view_is_missing()),
            (K::Feedback, self.owes_feedback()),
        ]
        .into_iter()
        .filter_map(|(kind, owed)| owed.then_some(kind))
        .collect()
    }

    /// What an act does to the deadlines: what it opens, and the end of what is owed no more.
    pub(super) fn changes(&self, act: ReferralAct, after: &Self, opened: Vec<Duty>) -> Vec<Change> {
        let owed = after.owed();
        let ended = self.owed().into_iter().filter(|kind| !owed.contains(kind)).map(|kind| {
            let fulfilled = act.operation().is_some_and(|it| kind.row().fulfilled_by.contains(&it));
            let outcome = match act {
                _ if fulfilled => Outcome::Fulfilled,
                ReferralAct::Expire => Outcome::Missed,
                _ => Outcome::Lapsed,
            };
            Change::Closed { subject_id: self.id.0, kind, outcome }
        });
        ended.chain(opened.into_iter().map(|it| Change::Opened(Box::new(it)))).collect()
    }

    /// The times to answer if it is sent now; none where the profile or the calendar does not give them.
    pub(super) fn limits(&self, country: &CountryEntry, now: Timestamp) -> Option<Limits> {
        let times = country.profile.times(self.urgency)?;
        let clock = self.clock(now);
        let of = |span, member| limited(country, clock, span, self.set_by(country, member));
        let (acknowledge_by, acknowledge) = of(times.acknowledge, "acknowledge")?;
        let (decide_by, decide) = of(times.decide, "decide")?;
        let (meet_by, mut first_contact) = of(times.first_contact, "firstContact")?;
        if meet_by < decide_by {
            first_contact.not_before = Some(decide_by);
        }
        let sent = Sent { at: now, acknowledge_by, decide_by, first_contact_by: meet_by.max(decide_by) };
        Some(Limits { sent, acknowledge, decide, first_contact })
    }

    /// What begins with sending.
    pub(super) fn duties_of_sending(&self, limits: Limits, country: &CountryEntry) -> Vec<Duty> {
        let Some(receiver) = self.to.map(|it| it.agency) else { return Vec::new() };
        let Limits { sent, acknowledge, decide, first_contact } = limits;
        let mut duties: Vec<Duty> = [
            (DutyKind::Acknowledge, sent.acknowledge_by, acknowledge),
            (DutyKind::Decide, sent.decide_by, decide),
            (DutyKind::FirstContact, sent.first_contact_by, first_contact),
        ]
        .map(|(kind, due_at, computed)| self.duty(kind, receiver, due_at, computed))
        .into();
        duties.extend(self.duty_to_ask(country, sent.at));
        duties
    }

    fn duty_to_ask(&self, country: &CountryEntry, now: Timestamp) -> Option<Duty> {
        let package = self.file.package.as_ref()?;
        let ChildView::Missing { ask_again_on: Some(day), .. } = package.child_view else { return None };
        let (due_at, computed) = end_of(day, country, now)?;
        Some(self.duty(DutyKind::AskView, self.from, due_at, computed))
    }

    /// The sender's duty to find other help.
    pub(super) fn duty_of_next_step(&self, country: &CountryEntry, now: Timestamp) -> Option<Duty> {
        self.duty_within(DutyKind::NextStep, self.from, |it| it.next_step, "nextStep", country, now)
    }

    /// The sender's duty to answer a question.
    pub(super) fn duty_of_information(&self, country: &CountryEntry, now: Timestamp) -> Option<Duty> {
        let kind = DutyKind::ProvideInformation;
        self.duty_within(kind, self.from, |it| it.information, "information", country, now)
    }

    /// The receiver's duty to tell the sender what came of it.
    pub(super) fn duty_of_feedback(&self, country: &CountryEntry, now: Timestamp) -> Option<Duty> {
        let set = &country.profile.feedback_within;
        let set_by = SetBy::of(set, "feedbackWithin", country);
        let (due_at, computed) = limited(country, now, set.value, set_by)?;
        Some(self.duty(DutyKind::Feedback, self.to?.agency, due_at, computed))
    }

    fn duty_within(
        &self,
        kind: DutyKind,
        owner: AgencyId,
        span: impl Fn(&ResponseTime) -> crate::deadlines::Span,
        member: &str,
        country: &CountryEntry,
        now: Timestamp,
    ) -> Option<Duty> {
        let times = country.profile.times(self.urgency)?;
        let (due_at, computed) = limited(country, now, span(times), self.set_by(country, member))?;
        Some(self.duty(kind, owner, due_at, computed))
    }

    fn set_by(&self, country: &CountryEntry, member: &str) -> SetBy {
        let member = format!("responseTimes.{}.{member}", self.urgency);
        SetBy::of(&country.profile.response_times, member, country)
    }

    /// Who of an agency is known to answer for it.
    fn person_for(&self, owner: AgencyId) -> Option<ProfessionalId> {
        if owner == self.from {
            self.file.sent_by
        } else {
            self.file.acceptance.as_ref().and_then(|it| it.by)
        }
    }

    fn duty(&self, kind: DutyKind, owner: AgencyId, due_at: Timestamp, computed: ComputedFrom) -> Duty {
        let other = if owner == self.from { self.to.map(|it| it.agency) } else { Some(self.from) };
        Duty {
            kind,
            subject: SubjectKind::Referral,
            subject_id: self.id.0,
            case: Some(self.case),
            reference: Some(self.reference.clone()),
            urgency: self.urgency,
            owner,
            professional: self.person_for(owner),
            // A draft, or one that is over for the receiver, is the sender's own affair.
            watcher: other.filter(|_| self.sent.is_some() && kind != DutyKind::NextStep),
            answers_to: self.from,
            due_at,
            computed_from: computed,
        }
    }
}

/// The end of a day that the sender named.
pub(crate) fn end_of(day: Day, country: &CountryEntry, now: Timestamp) -> Option<(Timestamp, ComputedFrom)> {
    let set_by = SetBy::of(&country.profile.view_again_within_days, "askAgainOn", country);
    let at = country.working_time()?.end_of(day.0);
    Some((at, ComputedFrom::named(country, now, day, set_by)))
}
