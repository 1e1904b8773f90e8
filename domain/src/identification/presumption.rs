//! The presumption: reasonable grounds to believe that a child is a victim open every entitlement at once.

use serde_json::json;

use super::{
    Foreign, IdentificationAct, Identified, Setting, Written,
    assessment::{Assessment, ScreeningResult},
};
use crate::{
    Check, Decided, Refused, Violation,
    cases::Case,
    codes::CodeList as _,
    events::EventType,
    rules,
    vocabulary::{AgeStatus, CaseStatus},
};

crate::codes! {
    /// On what a presumption rests.
    pub enum Grounds = "presumption_grounds" {
        Screening = "screening": "The screening shows reasonable grounds",
        StrongIndicator = "strong_indicator": "A strong and direct indicator is confirmed or reported",
        ProfessionalJudgement = "professional_judgement": "Reasoned professional judgement",
        ForeignNotice = "foreign_notice": "The notice of a competent authority of another country",
    }
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
        at: &Setting<'_>,
    ) -> Result<Decided<Identified>, Refused> {
        let kind = IdentificationAct::Presume;
        let after = self.moved(kind, at)?;
        let mut check = Check::default();
        let shown = match act.grounds {
            Grounds::Screening => screening.is_some_and(|it| it.result == ScreeningResult::ReasonableGrounds),
            Grounds::StrongIndicator => screening.is_some_and(|it| !it.strong_direct.is_empty()),
            Grounds::ProfessionalJudgement => act.reasons.is_some(),
            Grounds::ForeignNotice => false,
        };
        check.require(shown, || match act.grounds {
            Grounds::ProfessionalJudgement => {
                Violation::of(&rules::R13, "/reasons", "professional judgement is given without its reasons")
            }
            Grounds::ForeignNotice => {
                let because = "the notice of another country is recorded by an act of its own";
                Violation::plain("notice_needed", "/grounds", because)
            }
            other => Violation::of(
                &rules::R20,
                "/grounds",
                format!("the screening does not show it: {}", other.label().to_lowercase()),
            ),
        });
        let written = Written { reasons: act.reasons.clone(), ..Written::default() };
        self.presumed(kind, after, act.grounds, written, check, at)
    }

    /// Presumes the child a victim because a competent authority of another country says so (I5, R17).
    pub fn presume_on_notice(
        &self,
        notice: &Foreign,
        at: &Setting<'_>,
    ) -> Result<Decided<Identified>, Refused> {
        let kind = IdentificationAct::PresumeOnForeignNotice;
        let after = self.moved(kind, at)?;
        let mut check = Check::default();
        notice.check(&mut check, at);
        let presumes = at.country.profile.foreign_notice_presumes.value;
        let because = if presumes {
            "the notice of a competent authority of another country presumes the child a victim"
        } else {
            "the national profile does not presume on such a notice alone: presume by professional judgement"
        };
        check.require(presumes, || Violation::of(&rules::R17, "/country", because));
        check.advise(!presumes, || Violation::of(&rules::R17, "", because));
        let written = Written { foreign: Some(notice.clone()), ..Written::default() };
        self.presumed(kind, after, Grounds::ForeignNotice, written, check, at)
    }

    fn presumed(
        &self,
        kind: IdentificationAct,
        mut after: Self,
        grounds: Grounds,
        written: Written,
        mut check: Check,
        at: &Setting<'_>,
    ) -> Result<Decided<Identified>, Refused> {
        check_was_child(&mut check, at);
        check.advise(at.child.unaccompanied != Some(true), || {
            Violation::of(&rules::R31, "", "nobody who is responsible by law is with the child")
        });
        let warnings = check.done()?;
        let opens = self.status == CaseStatus::Intake;
        if opens {
            after.status = CaseStatus::Open;
        }
        after.identification.grounds = Some(grounds);
        after.open_entitlements(at.child);
        let written = Written { grounds: Some(grounds), ..written };
        let entry = self.entered(kind, &after, written, at);
        let payload = json!({ "from": self.identification.status, "grounds": grounds });
        let mut facts = vec![after.told(EventType::IdentificationPresumed, payload, at.by)];
        if opens {
            facts.push(after.told(EventType::CaseOpened, json!({ "from": self.status }), at.by));
        }
        Ok(self.identified(kind, after, entry, (facts, warnings), at))
    }
}

/// R5: who is an adult now stays in scope for what happened in childhood, and only for that.
pub(super) fn check_was_child(check: &mut Check, at: &Setting<'_>) {
    let adult = matches!(at.child.age_status(at.now), AgeStatus::UndisputedAdult | AgeStatus::AssessedAdult);
    let was_child = at.exploited_from.is_none_or(|day| at.child.was_child_on(day));
    check.require(!adult || was_child, || {
        Violation::of(&rules::R5, "", "the person was an adult through all the exploitation that is recorded")
    });
    check.advise(!adult, || {
        Violation::of(
            &rules::R5,
            "",
            "the person is an adult now: the safeguards are for what happened in childhood",
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        AgencyId,
        access::Caller,
        cases::Identity,
        given::{caller, case, codes, country_with, given_setting, id, now, profile, rule_codes},
        identification::{
            Certainty, Entitlement, Identification, Observation,
            assessment::{Circumstances, assess},
        },
        vocabulary::{AgeCertainty, AgencyType, IdentificationStatus as S},
    };

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

    fn at(identification: S, status: CaseStatus) -> Case {
        let start = case();
        let identification = Identification { status: identification, ..start.identification };
        Case { status, identification, ..start }
    }

    fn presume(
        case: &Case,
        act: &Presume,
        screening: Option<&Assessment>,
    ) -> Result<Decided<Identified>, Refused> {
        presume_of(case, act, screening, &Identity::default(), &police())
    }

    fn presume_of(
        case: &Case,
        act: &Presume,
        screening: Option<&Assessment>,
        child: &Identity,
        by: &Caller,
    ) -> Result<Decided<Identified>, Refused> {
        case.presume(act, screening, &given_setting(&country_with(profile()), child, by))
    }

    #[test]
    fn a_child_is_presumed_from_the_three_early_states_and_from_no_other() {
        for from in S::ALL {
            let answer = presume(&at(*from, CaseStatus::Open), &judged(), None);
            if matches!(from, S::ConcernLogged | S::Screening | S::NoGrounds) {
                let decided = answer.expect("lawful");
                let after = &decided.value.case;
                assert_eq!(after.identification.status, S::PresumedVictim, "{from}");
                assert_eq!(after.identification.since, now());
                assert_eq!(after.identification.grounds, Some(Grounds::ProfessionalJudgement));
                assert_eq!(after.version, crate::Version(2));
                assert_eq!((decided.value.entry.from, decided.value.entry.to), (*from, S::PresumedVictim));
            } else {
                assert!(matches!(answer, Err(Refused::WrongState(_))), "{from}");
            }
        }
    }

    #[test]
    fn r8_allows_every_entitlement_at_once_and_the_case_opens_with_a_fact_of_its_own() {
        let decided = presume(&at(S::Screening, CaseStatus::Intake), &judged(), None).expect("lawful");
        assert_eq!(decided.value.case.status, CaseStatus::Open);
        assert_eq!(decided.value.case.identification.owed, Entitlement::ALL);
        assert_eq!(decided.deadlines.len(), Entitlement::ALL.len());
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
            let case = at(S::NoGrounds, *status);
            let answer = presume(&case, &judged(), None);
            if !case.is_live() {
                assert!(matches!(answer, Err(Refused::WrongState(_))), "{status}");
                continue;
            }
            let decided = answer.expect("lawful");
            assert_eq!(
                decided.value.case.status, *status,
                "presuming neither closes, opens nor finds anybody"
            );
            let events: Vec<_> = decided.facts.iter().map(|it| it.event).collect();
            assert_eq!(events, [EventType::IdentificationPresumed], "{status}");
        }
    }

    #[test]
    fn r11_refuses_every_type_of_agency_outside_the_profile() {
        for agency_type in AgencyType::ALL {
            let by = caller(id::<AgencyId>(1), *agency_type);
            let start = at(S::Screening, CaseStatus::Intake);
            let answer = presume_of(&start, &judged(), None, &Identity::default(), &by);
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
        let (country, child) = (country_with(other), Identity::default());
        assert!(start.presume(&judged(), None, &given_setting(&country, &child, &ngo)).is_ok());
        assert!(start.presume(&judged(), None, &given_setting(&country, &child, &police())).is_err());
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
        assert_eq!(decided.value.entry.written.reasons.as_deref(), Some("she told the nurse"));
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
            assert_eq!(decided.value.case.identification.grounds, Some(grounds));
        }
    }

    #[test]
    fn r31_warns_when_nobody_responsible_is_with_the_child() {
        let alone = Identity { unaccompanied: Some(true), nationalities: finnish(), ..Identity::default() };
        let it = presume_of(&case(), &judged(), None, &alone, &police()).expect("presumed");
        assert_eq!(crate::given::rule_codes(&it.warnings), ["R31"]);
    }

    #[test]
    fn r31_allows_silently_a_child_with_somebody_responsible() {
        for unaccompanied in [Some(false), None] {
            let child = Identity { unaccompanied, nationalities: finnish(), ..Identity::default() };
            let it = presume_of(&case(), &judged(), None, &child, &police()).expect("presumed");
            assert!(it.warnings.is_empty());
        }
    }

    fn finnish() -> Vec<crate::text::Country> {
        vec![crate::given::country("FI")]
    }

    fn adult() -> Identity {
        let birth_date = crate::BirthDate::parse("2008-11-24");
        let age_certainty = Some(AgeCertainty::Documented);
        Identity { birth_date, age_certainty, nationalities: finnish(), ..Identity::default() }
    }

    fn presume_adult(exploited_from: Option<&str>) -> Result<Decided<Identified>, Refused> {
        let (country, child, by) = (country_with(profile()), adult(), police());
        let exploited_from = exploited_from.and_then(crate::Day::parse);
        let setting = Setting { exploited_from, ..given_setting(&country, &child, &by) };
        case().presume(&judged(), None, &setting)
    }

    #[test]
    fn r5_allows_an_adult_who_was_a_child_at_the_time_or_perhaps_was() {
        for from in [Some("2026-11-23"), Some("2020-01-01"), None] {
            let decided = presume_adult(from).expect("in scope");
            assert_eq!(rule_codes(&decided.warnings), ["R5"], "{from:?}");
        }
    }

    #[test]
    fn r5_refuses_an_adult_who_was_one_from_the_first_day_of_the_exploitation() {
        let refused = presume_adult(Some("2026-11-24")).expect_err("refused");
        assert_eq!(rule_codes(refused.violations()), ["R5"]);
    }

    #[test]
    fn the_grounds_of_a_notice_come_with_the_notice() {
        let refused = presume(&case(), &because(Grounds::ForeignNotice), None).expect_err("refused");
        assert_eq!(codes(refused.violations()), ["notice_needed"]);
    }
}
