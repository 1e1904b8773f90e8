//! The presumption: reasonable grounds to believe that a child is a victim open every entitlement at once.

use serde_json::json;

use super::assessment::{Assessment, ScreeningResult};
use crate::{
    Check, Decided, Refused, Timestamp, Violation,
    access::Caller,
    cases::{Case, Identity},
    codes::CodeList as _,
    directory::Profile,
    events::{EventType, Fact, SubjectKind},
    rules,
    vocabulary::{CaseStatus, IdentificationStatus},
};

crate::codes! {
    /// On what a presumption rests.
    pub enum Grounds = "presumption_grounds" {
        Screening = "screening": "The screening shows reasonable grounds",
        StrongIndicator = "strong_indicator": "A strong and direct indicator is confirmed or reported",
        ProfessionalJudgement = "professional_judgement": "Reasoned professional judgement",
    }
}

/// The identification of a child, as part of its case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identification {
    /// Its status.
    pub status: IdentificationStatus,
    /// When the status was reached.
    pub since: Timestamp,
    /// On what the presumption rests, once presumed.
    pub grounds: Option<Grounds>,
}

/// The wish to presume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presume {
    /// On what it rests.
    pub grounds: Grounds,
    /// The reasons, in words; required beside professional judgement.
    pub reasons: Option<String>,
}

impl Case {
    /// Presumes the child a victim and opens the case (I4, R8): low threshold, in one act.
    pub fn presume(
        &self,
        act: &Presume,
        screening: Option<&Assessment>,
        child: &Identity,
        profile: &Profile,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        if !profile.may_presume.value.contains(&by.agency_type) {
            return Err(Refused::NotYours(vec![Violation::of(
                &rules::R11,
                "",
                "the national profile does not let this type of agency presume",
            )]));
        }
        let from = self.identification.status;
        let presumable = [
            IdentificationStatus::ConcernLogged,
            IdentificationStatus::Screening,
            IdentificationStatus::NoGrounds,
        ];
        if !presumable.contains(&from) {
            return Err(Refused::wrong_state(format!("identification is {from}")));
        }
        let mut check = Check::default();
        let shown = match act.grounds {
            Grounds::Screening => screening.is_some_and(|it| it.result == ScreeningResult::ReasonableGrounds),
            Grounds::StrongIndicator => screening.is_some_and(|it| !it.strong_direct.is_empty()),
            Grounds::ProfessionalJudgement => act.reasons.is_some(),
        };
        check.require(shown, || match act.grounds {
            Grounds::ProfessionalJudgement => {
                Violation::of(&rules::R13, "/reasons", "professional judgement is given without its reasons")
            }
            other => Violation::of(
                &rules::R20,
                "/grounds",
                format!("the screening does not show it: {}", other.label().to_lowercase()),
            ),
        });
        check.advise(child.unaccompanied != Some(true), || {
            Violation::of(&rules::R31, "", "nobody who is responsible by law is with the child")
        });
        let warnings = check.done()?;
        let version = self.version.next();
        let opens = self.status == CaseStatus::Intake;
        let value = Self {
            status: if opens { CaseStatus::Open } else { self.status },
            identification: Identification {
                status: IdentificationStatus::PresumedVictim,
                since: now,
                grounds: Some(act.grounds),
            },
            presumption_reasons: act.reasons.clone(),
            version,
            ..self.clone()
        };
        let fact = |event, payload| Fact {
            event,
            subject: SubjectKind::Case,
            subject_id: self.id.0,
            version: version.0,
            case: Some(self.id),
            audience: value.audience(),
            payload,
        };
        let presumed =
            fact(EventType::IdentificationPresumed, json!({ "from": from, "grounds": act.grounds }));
        let mut facts = vec![presumed];
        if opens {
            facts.push(fact(EventType::CaseOpened, json!({ "from": self.status })));
        }
        Ok(Decided::new(value, facts, warnings))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        AgencyId,
        given::{caller, case, codes, id, now, profile, rule_codes},
        identification::{
            Certainty, Observation,
            assessment::{Circumstances, assess},
        },
        vocabulary::AgencyType,
    };

    use IdentificationStatus as S;

    fn police() -> Caller {
        caller(id::<AgencyId>(1), AgencyType::Police)
    }

    fn seen(codes: &[&str]) -> Assessment {
        let observations: Vec<_> = codes
            .iter()
            .map(|it| Observation { indicator: (*it).to_owned(), certainty: Certainty::Confirmed })
            .collect();
        assess(&observations, &Circumstances::default())
    }

    fn because(grounds: Grounds) -> Presume {
        Presume { grounds, reasons: None }
    }

    fn judged() -> Presume {
        Presume { grounds: Grounds::ProfessionalJudgement, reasons: Some("she told the nurse".to_owned()) }
    }

    fn at(identification: IdentificationStatus, status: CaseStatus) -> Case {
        let start = case();
        let identification = Identification { status: identification, ..start.identification };
        Case { status, identification, ..start }
    }

    fn presume(case: &Case, act: &Presume, screening: Option<&Assessment>) -> Result<Decided<Case>, Refused> {
        case.presume(act, screening, &Identity::default(), &profile(), &police(), now())
    }

    #[test]
    fn a_child_is_presumed_from_the_three_early_states_and_from_no_other() {
        for from in S::ALL {
            let answer = presume(&at(*from, CaseStatus::Open), &judged(), None);
            if matches!(from, S::ConcernLogged | S::Screening | S::NoGrounds) {
                let decided = answer.expect("lawful");
                assert_eq!(decided.value.identification.status, S::PresumedVictim, "{from}");
                assert_eq!(decided.value.identification.since, now());
                assert_eq!(decided.value.identification.grounds, Some(Grounds::ProfessionalJudgement));
                assert_eq!(decided.value.version, crate::Version(2));
            } else {
                assert!(matches!(answer, Err(Refused::WrongState(_))), "{from}");
            }
        }
    }

    #[test]
    fn r8_the_case_opens_with_a_fact_of_its_own() {
        let decided = presume(&at(S::Screening, CaseStatus::Intake), &judged(), None).expect("lawful");
        assert_eq!(decided.value.status, CaseStatus::Open);
        let events: Vec<_> = decided.facts.iter().map(|it| it.event).collect();
        assert_eq!(events, [EventType::IdentificationPresumed, EventType::CaseOpened]);
        for fact in &decided.facts {
            assert_eq!((fact.version, fact.case), (2, Some(case().id)));
            assert_eq!(fact.audience, case().audience());
        }
    }

    #[test]
    fn a_case_that_is_not_at_intake_keeps_its_status() {
        for status in CaseStatus::ALL.iter().filter(|it| **it != CaseStatus::Intake) {
            let decided = presume(&at(S::NoGrounds, *status), &judged(), None).expect("lawful");
            assert_eq!(decided.value.status, *status, "presuming neither closes, opens nor finds anybody");
            let events: Vec<_> = decided.facts.iter().map(|it| it.event).collect();
            assert_eq!(events, [EventType::IdentificationPresumed], "{status}");
        }
    }

    #[test]
    fn r11_refuses_every_type_of_agency_outside_the_profile() {
        for agency_type in AgencyType::ALL {
            let by = caller(id::<AgencyId>(1), *agency_type);
            let answer = at(S::Screening, CaseStatus::Intake).presume(
                &judged(),
                None,
                &Identity::default(),
                &profile(),
                &by,
                now(),
            );
            match answer {
                Ok(_) => assert!(profile().may_presume.value.contains(agency_type), "{agency_type}"),
                Err(Refused::NotYours(all)) => {
                    assert_eq!(rule_codes(&all), ["R11"]);
                    assert!(!profile().may_presume.value.contains(agency_type), "{agency_type}");
                }
                Err(other) => panic!("{agency_type}: {other:?}"),
            }
        }
    }

    #[test]
    fn r11_allows_whom_the_profile_of_the_day_names() {
        let mut other = profile();
        other.may_presume.value = vec![AgencyType::NgoMandated];
        let ngo = caller(id::<AgencyId>(1), AgencyType::NgoMandated);
        let start = at(S::Screening, CaseStatus::Intake);
        assert!(start.presume(&judged(), None, &Identity::default(), &other, &ngo, now()).is_ok());
        assert!(start.presume(&judged(), None, &Identity::default(), &other, &police(), now()).is_err());
    }

    #[test]
    fn r13_refuses_judgement_without_reasons() {
        let all =
            presume(&case(), &because(Grounds::ProfessionalJudgement), Some(&seen(&["beg_adult_collects"])));
        assert_eq!(rule_codes(all.expect_err("refused").violations()), ["R13"]);
    }

    #[test]
    fn r13_allows_judgement_with_reasons_whatever_was_screened() {
        let decided = presume(&case(), &judged(), Some(&seen(&[]))).expect("lawful");
        assert_eq!(decided.value.presumption_reasons.as_deref(), Some("she told the nurse"));
    }

    #[test]
    fn r20_refuses_grounds_that_the_screening_does_not_show() {
        let possible = seen(&["trv_known_route_or_address"]);
        let purpose_only =
            seen(&["lab_family_restaurant_hidden", "fam_eats_sleeps_apart", "lab_lives_at_workplace"]);
        assert_eq!(purpose_only.result, ScreeningResult::ReasonableGrounds);
        assert!(purpose_only.strong_direct.is_empty(), "{:?}", purpose_only.strong_direct);
        for (grounds, screening) in [
            (Grounds::Screening, None),
            (Grounds::Screening, Some(&possible)),
            (Grounds::StrongIndicator, None),
            (Grounds::StrongIndicator, Some(&possible)),
            (Grounds::StrongIndicator, Some(&purpose_only)),
        ] {
            let refused = presume(&case(), &because(grounds), screening).expect_err("refused");
            assert_eq!(codes(refused.violations()), [rules::R20.message], "{grounds}");
        }
    }

    #[test]
    fn r20_allows_grounds_that_the_screening_shows() {
        let strong = seen(&["beg_adult_collects"]);
        for grounds in [Grounds::Screening, Grounds::StrongIndicator] {
            let decided = presume(&case(), &because(grounds), Some(&strong)).expect("lawful");
            assert_eq!(decided.value.identification.grounds, Some(grounds));
        }
    }

    #[test]
    fn r31_warns_when_nobody_responsible_is_with_the_child() {
        let alone = Identity { unaccompanied: Some(true), ..Identity::default() };
        let it = case().presume(&judged(), None, &alone, &profile(), &police(), now()).expect("presumed");
        assert_eq!(crate::given::rule_codes(&it.warnings), ["R31"]);
    }

    #[test]
    fn r31_allows_silently_a_child_with_somebody_responsible() {
        for unaccompanied in [Some(false), None] {
            let child = Identity { unaccompanied, ..Identity::default() };
            let it = case().presume(&judged(), None, &child, &profile(), &police(), now()).expect("presumed");
            assert!(it.warnings.is_empty());
        }
    }
}
