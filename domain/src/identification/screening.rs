//! A screening: indicators observed, the rule's advice, a professional's judgement beside it.

use serde_json::json;

use super::{
    Concern, Observation, SetAside,
    assessment::{Assessment, Circumstances, assess},
};
use crate::{
    AgencyId, Check, ConcernId, Decided, ProfessionalId, Refused, ScreeningId, Timestamp, Version, Violation,
    access::{Caller, reads_intake_of},
    deadlines::{Change, DutyKind, Outcome},
    directory::CountryEntry,
    events::{EventType, Fact, SubjectKind},
    rules,
    text::Country,
    vocabulary::Act,
};

/// What was observed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewScreening {
    /// The concern that led to it, if any.
    pub concern: Option<ConcernId>,
    /// The indicators.
    pub observations: Vec<Observation>,
    /// Acts that are known.
    pub acts: Vec<Act>,
    /// Whether a person controls the child.
    pub controlling_person: bool,
    /// A professional's own reasons for reasonable grounds.
    pub judgement: Option<String>,
    /// How long the talk with the child took, in minutes.
    pub talk_minutes: Option<u16>,
    /// Notes; sealed before they are stored.
    pub notes: Option<String>,
}

/// A screening as recorded. What was observed never changes, a new look is a new screening; it can be set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screening {
    /// Its id.
    pub id: ScreeningId,
    /// The country.
    pub country: Country,
    /// The agency that screened.
    pub agency: AgencyId,
    /// Who screened.
    pub professional: Option<ProfessionalId>,
    /// When.
    pub screened_at: Timestamp,
    /// What was observed.
    pub content: NewScreening,
    /// What it comes to.
    pub assessment: Assessment,
    /// That a second person wrote down why no case follows.
    pub set_aside: Option<SetAside>,
    /// Its version.
    pub version: Version,
}

impl Screening {
    /// Records a screening and applies the rule (I2, R20 to R22). The concern that led to it is looked at by who must: whoever
    /// else screens leaves that duty open.
    pub fn record(
        id: ScreeningId,
        new: NewScreening,
        (concern, country): (Option<&Concern>, &CountryEntry),
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        let mut check = Check::default();
        for it in super::unknown_indicators(&new.observations) {
            check.require(false, || it);
        }
        check.require(!new.observations.is_empty() || new.judgement.is_some(), || {
            Violation::plain(
                "nothing_observed",
                "/observations",
                "neither an indicator nor a reasoned judgement is given",
            )
        });
        check.advise(new.talk_minutes.is_none_or(|it| it <= 30), || {
            Violation::of(&rules::R22, "/talkMinutes", "the talk took longer than 30 minutes")
        });
        let around = Circumstances {
            acts: new.acts.clone(),
            controlling_person: new.controlling_person,
            professional_judgement: new.judgement.is_some(),
        };
        let assessment = assess(&new.observations, &around);
        check.advise(assessment.suspected_only.is_empty(), || {
            Violation::of(
                &rules::R21,
                "/observations",
                "indicators that are only suspected are stored and not counted",
            )
        });
        let warnings = check.done()?;
        let fact = Fact {
            event: EventType::ScreeningRecorded,
            subject: SubjectKind::Screening,
            subject_id: id.0,
            version: 1,
            case: None,
            audience: vec![by.agency],
            payload: json!({ "result": assessment.result, "catalogueVersion": assessment.catalogue_version }),
        };
        let screening = Self {
            id,
            country: by.country,
            agency: by.agency,
            professional: by.professional,
            screened_at: now,
            content: new,
            assessment,
            set_aside: None,
            version: Version::FIRST,
        };
        let looked_at = concern.filter(|it| it.triage == by.agency).map(|it| Change::Closed {
            subject_id: it.id.0,
            kind: DutyKind::Triage,
            outcome: Outcome::Fulfilled,
        });
        let opened = screening.duty_to_act(country).map(|it| Change::Opened(Box::new(it)));
        let changes = looked_at.into_iter().chain(opened).collect();
        Ok(Decided::new(screening, vec![fact], warnings).with_deadlines(changes))
    }

    /// Only the agency that screened sees a screening itself, there whoever wrote it or looks at what comes in; a case made
    /// from it shows its result.
    pub fn visible_to(&self, caller: &Caller) -> bool {
        let held = self.agency == caller.agency && self.country == caller.country;
        held && reads_intake_of(caller, self.professional)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        given::{caller, codes, country, country_entry, id, now, rule_codes},
        identification::{Certainty, NewConcern, assessment::ScreeningResult},
        vocabulary::AgencyType,
    };

    fn police() -> Caller {
        caller(id::<AgencyId>(1), AgencyType::Police)
    }

    fn saw(certainty: Certainty) -> NewScreening {
        let indicator = "beg_adult_collects".to_owned();
        NewScreening {
            concern: None,
            observations: vec![Observation { indicator, certainty }],
            acts: Vec::new(),
            controlling_person: false,
            judgement: None,
            talk_minutes: None,
            notes: None,
        }
    }

    fn record(new: NewScreening) -> Result<Decided<Screening>, Refused> {
        Screening::record(id(400), new, (None, &country_entry()), &police(), now())
    }

    #[test]
    fn r22_allows_a_talk_of_thirty_minutes_and_none_at_all() {
        for talk_minutes in [None, Some(0), Some(30)] {
            let recorded =
                record(NewScreening { talk_minutes, ..saw(Certainty::Confirmed) }).expect("recorded");
            assert!(recorded.warnings.is_empty(), "{talk_minutes:?}");
        }
    }

    #[test]
    fn r22_warns_of_a_talk_of_thirty_one_minutes() {
        let long = NewScreening { talk_minutes: Some(31), ..saw(Certainty::Confirmed) };
        assert_eq!(rule_codes(&record(long).expect("recorded").warnings), ["R22"]);
    }

    #[test]
    fn r21_warns_of_what_is_only_suspected_and_counts_nothing_of_it() {
        let recorded = record(saw(Certainty::Suspected)).expect("recorded");
        assert_eq!(rule_codes(&recorded.warnings), ["R21"]);
        assert_eq!(recorded.value.assessment.result, ScreeningResult::Insufficient);
        assert_eq!(recorded.value.content.observations.len(), 1, "stored all the same");
    }

    #[test]
    fn r21_allows_what_is_confirmed_or_reported_and_counts_it() {
        for certainty in [Certainty::Confirmed, Certainty::Reported] {
            let recorded = record(saw(certainty)).expect("recorded");
            assert!(recorded.warnings.is_empty());
            assert_eq!(recorded.value.assessment.result, ScreeningResult::ReasonableGrounds, "{certainty}");
        }
    }

    #[test]
    fn a_concern_is_looked_at_by_who_must_and_by_nobody_else() {
        let of = |triage| Concern {
            id: id(300),
            country: country("EE"),
            agency: id(7),
            professional: None,
            received_at: now(),
            triage,
            triage_due: now(),
            content: NewConcern {
                description: "a girl who does not speak".to_owned(),
                location: None,
                contact: None,
                child_hint: None,
                danger: false,
                anonymous: false,
                noticed_at: None,
                observations: Vec::new(),
            },
            version: Version::FIRST,
        };
        for (triage, ended) in [(id::<AgencyId>(1), 1), (id(9), 0)] {
            let concern = of(triage);
            let new = NewScreening { concern: Some(concern.id), ..saw(Certainty::Confirmed) };
            let recorded =
                Screening::record(id(400), new, (Some(&concern), &country_entry()), &police(), now());
            let triaged = |it: &&Change| matches!(it, Change::Closed { kind: DutyKind::Triage, .. });
            let changes = recorded.expect("recorded").deadlines;
            assert_eq!(changes.iter().filter(triaged).count(), ended, "{triage}");
        }
    }

    #[test]
    fn something_is_observed_or_judged_and_known_to_the_catalogue() {
        let nothing = NewScreening { observations: Vec::new(), ..saw(Certainty::Confirmed) };
        assert_eq!(codes(record(nothing.clone()).expect_err("refused").violations()), ["nothing_observed"]);
        let judged = NewScreening { judgement: Some("her fear of the man".to_owned()), ..nothing };
        let result = record(judged).expect("recorded").value.assessment.result;
        assert_eq!(result, ScreeningResult::ReasonableGrounds);
        let mut unknown = saw(Certainty::Confirmed);
        unknown.observations[0].indicator = "nosuch".to_owned();
        assert_eq!(codes(record(unknown).expect_err("refused").violations()), ["unknown_indicator"]);
    }

    #[test]
    fn only_the_agency_that_screened_sees_it_and_hears_of_it() {
        let recorded = record(saw(Certainty::Confirmed)).expect("recorded");
        assert_eq!(recorded.facts.len(), 1);
        assert_eq!(recorded.facts[0].event, EventType::ScreeningRecorded);
        assert_eq!(recorded.facts[0].audience, [id::<AgencyId>(1)]);
        assert!(recorded.value.visible_to(&police()));
        assert!(!recorded.value.visible_to(&caller(id(2), AgencyType::Police)));
        assert!(!recorded.value.visible_to(&Caller { country: country("LV"), ..police() }));
    }
}
