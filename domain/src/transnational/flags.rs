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
