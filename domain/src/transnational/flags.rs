//! What time says of a request, for whoever reads it: flags and warnings, by which nothing is decided (T19).

use super::{NEAR, Request};
use crate::{CodeList as _, Timestamp, Violation, deadlines::DutyKind, directory::CountryEntry, rules};

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

impl Request {
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
        let mut late: Vec<_> =
            self.flags(country, now).iter().map(|it| Violation::of(rule(it), "", it.label())).collect();
        if let Some((by, _)) = self
            .owed()
            .contains(&DutyKind::WarnOfDanger)
            .then(|| self.due(DutyKind::WarnOfDanger, country, now))
            .flatten()
        {
            let to = &self.to;
            let because =
                format!("warn {} of the danger by {by}: a tr_danger_notice to {}", to.country, to.code);
            late.push(Violation::of(&rules::R77, "", because));
        }
        late
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
