//! What a screening with grounds demands within a day (R20): that somebody takes a case in, or a second person writes
//! down why none follows.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Screening, assessment::ScreeningResult, entitlements::ACT_WITHIN};
use crate::{
    Decided, ProfessionalId, Refused, Timestamp, Violation,
    access::Caller,
    deadlines::{Change, Duty, DutyKind, Outcome, SetBy, limited},
    directory::CountryEntry,
    events::{EventType, Fact, SubjectKind},
    rules::{self, Verification},
    vocabulary::Urgency,
};

crate::codes! {
    /// Why no case follows from a screening that shows grounds.
    pub enum SetAsideReason = "set_aside_reason" {
        ChildKnown = "child_known": "A case of the child is open already",
        PassedOn = "passed_on": "Another agency takes the case in",
        Adult = "adult": "The person is an undisputed adult and was one at the time",
        Mistaken = "mistaken": "It was recorded in error",
    }
}

/// That a screening was set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// When.
    pub at: Timestamp,
    /// Who did it; never who screened.
    pub by: Option<ProfessionalId>,
    /// Why.
    pub reason: SetAsideReason,
    /// Why, in words.
    pub explanation: String,
}

impl Screening {
    /// Whether it shows so much that somebody must act.
    pub fn demands(&self) -> bool {
        let it = &self.assessment;
        it.result == ScreeningResult::ReasonableGrounds || !it.strong_direct.is_empty()
    }

    /// The duty of the agency that screened.
    pub(super) fn duty_to_act(&self, country: &CountryEntry) -> Option<Duty> {
        if !self.demands() {
            return None;
        }
        let set_by = SetBy {
            member: rules::R20.code.to_owned(),
            verification: Verification::Proposal,
            source: "Project proposal: no external source sets it".to_owned(),
            profile_valid_from: country.valid_from,
        };
        let (due_at, computed_from) = limited(country, self.screened_at, ACT_WITHIN, set_by)?;
        Some(Duty {
            kind: DutyKind::ActOnIndicator,
            subject: SubjectKind::Screening,
            subject_id: self.id.0,
            case: None,
            reference: None,
            urgency: Urgency::Urgent,
            owner: self.agency,
            professional: self.professional,
            watcher: None,
            answers_to: self.agency,
            due_at,
            computed_from,
        })
    }

    /// The end of that duty.
    pub(crate) fn acted_on(&self) -> Option<Change> {
        let outcome = Outcome::Fulfilled;
        let kind = DutyKind::ActOnIndicator;
        self.demands().then_some(Change::Closed { subject_id: self.id.0, kind, outcome })
    }

    /// Sets a screening aside: a second person of the agency writes down why no case follows (R19, R20).
    pub fn set_aside(
        &self,
        reason: SetAsideReason,
        explanation: String,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        if self.set_aside.is_some() {
            return Err(Refused::wrong_state("the screening was set aside before"));
        }
        if by.professional.is_none() || by.professional == self.professional {
            let because = "whoever screened does not set the screening aside alone";
            return Err(Refused::Broken(vec![Violation::of(&rules::R19, "", because)]));
        }
        let set_aside = SetAside { at: now, by: by.professional, reason, explanation };
        let value = Self { set_aside: Some(set_aside), version: self.version.next(), ..self.clone() };
        let fact = Fact {
            event: EventType::ScreeningSetAside,
            subject: SubjectKind::Screening,
            subject_id: self.id.0,
            version: value.version.0,
            case: None,
            audience: vec![self.agency],
            payload: json!({ "reason": reason }),
        };
        let closed = self.acted_on().into_iter().collect();
        Ok(Decided::new(value, vec![fact], Vec::new()).with_deadlines(closed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        AgencyId, ProfessionalId,
        given::{caller, country_entry, id, now, rule_codes},
        identification::{Certainty, NewScreening, Observation},
        vocabulary::AgencyType,
    };

    fn screener(number: u128) -> Caller {
        let by = caller(id::<AgencyId>(1), AgencyType::Police);
        Caller { professional: Some(id::<ProfessionalId>(number)), ..by }
    }

    fn screened(indicator: &str, certainty: Certainty) -> Decided<Screening> {
        let new = NewScreening {
            concern: None,
            observations: vec![Observation { indicator: indicator.to_owned(), certainty }],
            acts: Vec::new(),
            controlling_person: false,
            judgement: None,
            talk_minutes: None,
            notes: None,
        };
        Screening::record(id(400), new, (None, &country_entry()), &screener(50), now()).expect("recorded")
    }

    #[test]
    fn r20_warns_within_a_day_of_a_screening_on_which_nobody_acts() {
        let decided = screened("beg_adult_collects", Certainty::Reported);
        let [Change::Opened(duty)] = &decided.deadlines[..] else { panic!("{:?}", decided.deadlines) };
        assert_eq!(
            (duty.kind, duty.subject, duty.owner),
            (DutyKind::ActOnIndicator, SubjectKind::Screening, id(1))
        );
        assert_eq!(duty.due_at, now().plus(time::Duration::hours(24)));
    }

    #[test]
    fn r20_allows_a_screening_that_shows_little_to_rest() {
        assert_eq!(screened("gen_fear_anxious_withdrawn", Certainty::Reported).deadlines, []);
        assert_eq!(screened("beg_adult_collects", Certainty::Suspected).deadlines, []);
    }

    #[test]
    fn a_second_person_sets_it_aside_once_and_the_duty_ends() {
        let it = screened("beg_adult_collects", Certainty::Reported).value;
        let aside = |by: &Caller| it.set_aside(SetAsideReason::ChildKnown, "words".to_owned(), by, now());
        let refused = aside(&screener(50)).expect_err("alone");
        assert_eq!(rule_codes(refused.violations()), ["R19"]);
        let decided = aside(&screener(51)).expect("two people");
        let closed = Change::Closed {
            subject_id: id(400),
            kind: DutyKind::ActOnIndicator,
            outcome: Outcome::Fulfilled,
        };
        assert_eq!(decided.deadlines, [closed]);
        assert!(!decided.facts[0].payload.to_string().contains("words"));
        let again =
            decided.value.set_aside(SetAsideReason::Mistaken, "words".to_owned(), &screener(52), now());
        assert!(matches!(again, Err(Refused::WrongState(_))));
    }
}
