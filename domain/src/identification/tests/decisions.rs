//! Who decides formally, on what, and never on what.

use super::*;
use crate::{
    codes::CodeList as _,
    deadlines::{Change, DutyKind, Outcome},
    events::EventType,
    given::codes,
    identification::assessment::{Circumstances, assess},
    vocabulary::{ExploitationType as Purpose, Means},
};

fn screening(codes: &[&str]) -> Screening {
    let observations: Vec<_> = codes
        .iter()
        .map(|it| Observation { indicator: (*it).to_owned(), certainty: Certainty::Confirmed })
        .collect();
    Screening {
        id: id(102),
        country: country("EE"),
        agency: id(1),
        professional: Some(id(901)),
        screened_at: now(),
        set_aside: None,
        assessment: assess(&observations, &Circumstances::default()),
        content: NewScreening {
            concern: None,
            observations,
            acts: Vec::new(),
            controlling_person: false,
            judgement: None,
            talk_minutes: None,
            notes: None,
        },
        version: crate::Version::FIRST,
    }
}

fn nothing_found() -> NoGrounds {
    NoGrounds {
        basis: vec![NoGroundsBasis::TalkWithChild, NoGroundsBasis::ScreeningScore],
        reasons: "on holiday with an uncle".to_owned(),
        protection_need: ProtectionNeed::NoneFound,
    }
}

fn record(act: &NoGrounds, of: &Screening, by: &Caller) -> Result<Decided<Identified>, Refused> {
    at(S::Screening).record_no_grounds(act, Some(of), &World::new().setting(by))
}

#[test]
fn r19_allows_no_grounds_with_more_than_a_score_and_a_second_reader() {
    let decided = record(&nothing_found(), &screening(&[]), &police()).expect("lawful");
    assert_eq!(decided.value.case.identification.status, S::NoGrounds);
    assert_eq!(decided.facts[0].event, EventType::IdentificationNoGrounds);
    assert!(decided.deadlines.is_empty(), "nothing was open");
}

#[test]
fn r19_refuses_to_close_by_a_score_alone_and_by_whoever_screened() {
    for basis in [vec![NoGroundsBasis::ScreeningScore], Vec::new()] {
        refused_by(record(&NoGrounds { basis, ..nothing_found() }, &screening(&[]), &police()), &["R19"]);
    }
    let screener = Caller { professional: Some(id(901)), ..police() };
    refused_by(record(&nothing_found(), &screening(&[]), &screener), &["R19"]);
}

#[test]
fn r20_refuses_no_grounds_against_a_strong_and_direct_indicator() {
    refused_by(record(&nothing_found(), &screening(&["beg_adult_collects"]), &police()), &["R20"]);
}

#[test]
fn r11_allows_an_identification_officer_of_a_mandated_agency_on_the_day() {
    let world = World::new();
    for by in [police(), child_protection()] {
        let decided = at(S::PresumedVictim).open_formal_assessment(&world.setting(&by)).expect("lawful");
        assert_eq!(decided.value.case.identification.status, S::FormalAssessment);
        assert!(
            matches!(&decided.deadlines[..], [Change::Opened(it)] if it.kind == DutyKind::FormalDecision)
        );
    }
}

#[test]
fn r11_refuses_other_agencies_other_roles_and_another_profile() {
    let mut world = World::new();
    let start = at(S::PresumedVictim);
    for role in Role::ALL.iter().filter(|it| **it != Role::IdentificationOfficer) {
        let by = Caller { role: Some(*role), ..police() };
        refused_by(start.open_formal_assessment(&world.setting(&by)), &["R11"]);
    }
    for kind in
        AgencyType::ALL.iter().filter(|it| !matches!(it, AgencyType::Police | AgencyType::ChildProtection))
    {
        refused_by(start.open_formal_assessment(&world.setting(&officer(9, *kind))), &["R11"]);
    }
    world.country.profile.may_decide.value = vec![AgencyType::Prosecution];
    refused_by(start.open_formal_assessment(&world.setting(&police())), &["R11"]);
}

#[test]
fn r96_refuses_a_status_that_nobody_decides_and_allows_people_nothing_of_the_mechanism() {
    let world = World::new();
    let mechanism = Caller::mechanism(country("EE"), id(902));
    refused_by(at(S::PresumedVictim).open_formal_assessment(&world.setting(&mechanism)), &["R96"]);
    refused_by(at(S::PresumedVictim).turn_18(&world.setting(&police())), &["R96"]);
}

#[test]
fn r96_allows_what_a_person_decides() {
    assert!(at(S::PresumedVictim).open_formal_assessment(&World::new().setting(&police())).is_ok());
}

fn decide(findings: Findings) -> Result<Decided<Identified>, Refused> {
    let act = Decide { findings, ..deciding() };
    at(S::FormalAssessment).decide(&act, &World::new().setting(&police()))
}

#[test]
fn r13_allows_a_decision_with_findings_on_both_elements_evidence_and_reasons() {
    let decided = decide(shown()).expect("lawful");
    assert_eq!(decided.value.case.identification.status, S::IdentifiedVictim);
    assert!(decided.warnings.is_empty());
    let closed = Change::Closed {
        subject_id: case().id.0,
        kind: DutyKind::FormalDecision,
        outcome: Outcome::Fulfilled,
    };
    assert_eq!(decided.deadlines, [closed]);
}

#[test]
fn r13_refuses_a_decision_without_one_of_them() {
    for findings in [
        Findings { act: None, ..shown() },
        Findings { purpose: None, ..shown() },
        Findings { purpose: Some(Finding::Unclear), ..shown() },
        Findings { act: Some(Finding::NotShown), ..shown() },
        Findings { acts: Vec::new(), ..shown() },
        Findings { purposes: Vec::new(), ..shown() },
        Findings { evidence: Vec::new(), ..shown() },
    ] {
        refused_by(decide(findings), &["R13"]);
    }
}

#[test]
fn somebody_on_the_childs_side_is_told_of_the_decision() {
    let nobody = Decide { informed: Informed { child: false, guardian: false }, ..deciding() };
    let refused =
        at(S::FormalAssessment).decide(&nobody, &World::new().setting(&police())).expect_err("refused");
    assert_eq!(codes(refused.violations()), ["nobody_informed"]);
    let guardian = Decide { informed: Informed { child: false, guardian: true }, ..deciding() };
    assert!(at(S::FormalAssessment).decide(&guardian, &World::new().setting(&police())).is_ok());
}

#[test]
fn r1_warns_and_never_refuses_where_no_means_are_recorded() {
    let decided = decide(Findings { means: Vec::new(), ..shown() }).expect("means are optional");
    assert_eq!(rule_codes(&decided.warnings), ["R1"]);
}

#[test]
fn r5_refuses_or_warns_as_the_presumption_does_of_who_is_an_adult_now() {
    let mut world = World::new();
    world.child.birth_date = crate::BirthDate::parse("2008-11-24");
    world.child.age_certainty = Some(crate::vocabulary::AgeCertainty::Documented);
    let by = police();
    let decide = |from| {
        let exploited_from = crate::Day::parse(from);
        at(S::FormalAssessment).decide(&deciding(), &Setting { exploited_from, ..world.setting(&by) })
    };
    assert_eq!(rule_codes(&decide("2026-11-23").expect("was a child").warnings), ["R5"]);
    refused_by(decide("2026-11-24"), &["R5"]);
}

#[test]
fn r2_refuses_surrogacy_alone_without_means_and_allows_it_for_the_mother_herself() {
    let surrogacy = Findings { purposes: vec![Purpose::Surrogacy], means: Vec::new(), ..shown() };
    refused_by(decide(surrogacy.clone()), &["R2"]);
    assert!(decide(Findings { child_is_surrogate: Some(true), ..surrogacy.clone() }).is_ok());
    assert!(decide(Findings { means: vec![Means::Threat], ..surrogacy.clone() }).is_ok());
    let more = vec![Purpose::Surrogacy, Purpose::ForcedBegging];
    assert!(decide(Findings { purposes: more, ..surrogacy }).is_ok());
}

#[test]
fn r98_refuses_a_decision_in_which_one_entry_stands_for_several_purposes() {
    let mixed = Findings { purposes: vec![Purpose::ForcedBegging, Purpose::Mixed], ..shown() };
    refused_by(decide(mixed), &["R98"]);
}

fn propose(act: &ProposeNegative) -> Result<Decided<Identified>, Refused> {
    at(S::FormalAssessment).propose_negative(act, &World::new().setting(&police()))
}

#[test]
fn r14_allows_the_three_grounds_that_say_something_of_the_facts() {
    let no_act = Findings { act: Some(Finding::Unclear), purpose: Some(Finding::Shown), ..not_shown() };
    for (ground, findings) in [
        (NegativeGround::ActNotShown, no_act.clone()),
        (NegativeGround::PurposeNotShown, not_shown()),
        (NegativeGround::FactsDisproved, no_act),
    ] {
        assert!(!ground.forbidden());
        let act = ProposeNegative { grounds: vec![ground], findings, ..denying() };
        let decided = propose(&act).expect("lawful");
        assert_eq!(decided.value.case.identification.status, S::FormalAssessment, "only proposed");
        assert_eq!(decided.value.case.identification.proposal, Some(decided.value.entry.id));
    }
}

#[test]
fn r14_refuses_what_says_something_of_the_child_instead() {
    use NegativeGround as G;
    for ground in [
        G::NoMeans,
        G::NonCooperation,
        G::LateDisclosure,
        G::CriminalConduct,
        G::Nationality,
        G::IrregularResidence,
    ] {
        let grounds = vec![G::PurposeNotShown, ground];
        refused_by(propose(&ProposeNegative { grounds, ..denying() }), &["R14"]);
    }
    let score = ProposeNegative { grounds: vec![G::ScreeningScore], ..denying() };
    refused_by(propose(&score), &["R19"]);
    let grounds = vec![G::FactsDisproved];
    refused_by(propose(&ProposeNegative { grounds, findings: shown(), ..denying() }), &["R14"]);
    assert_eq!(NegativeGround::ALL.iter().filter(|it| it.forbidden()).count(), 8);
}

#[test]
fn r3_refuses_that_the_child_agreed() {
    let act = ProposeNegative { grounds: vec![NegativeGround::ChildAgreed], ..denying() };
    refused_by(propose(&act), &["R3"]);
}

#[test]
fn r3_allows_a_decision_that_says_nothing_of_agreement() {
    assert!(propose(&denying()).is_ok());
}

#[test]
fn r13_refuses_a_ground_that_the_findings_contradict() {
    let act = |ground, findings| ProposeNegative { grounds: vec![ground], findings, ..denying() };
    refused_by(propose(&act(NegativeGround::ActNotShown, not_shown())), &["R13"]);
    let purpose = Findings { act: Some(Finding::Unclear), purpose: Some(Finding::Shown), ..not_shown() };
    refused_by(propose(&act(NegativeGround::PurposeNotShown, purpose)), &["R13"]);
}

#[test]
fn a_negative_decision_needs_grounds_findings_and_evidence_too() {
    refused_by(propose(&ProposeNegative { grounds: Vec::new(), ..denying() }), &["R13"]);
    let bare = Findings { act: None, evidence: Vec::new(), ..not_shown() };
    refused_by(propose(&ProposeNegative { findings: bare, ..denying() }), &["R13"]);
}

fn proposed(world: &mut World) -> Case {
    let by = police();
    let decided = at(S::FormalAssessment).propose_negative(&denying(), &world.setting(&by));
    world.done(decided)
}

#[test]
fn r15_allows_a_second_decider_of_another_agency() {
    let mut world = World::new();
    let case = proposed(&mut world);
    let by = child_protection();
    let decided = case.confirm_negative(&agreeing(), &world.setting(&by)).expect("lawful");
    assert_eq!(decided.value.case.identification.status, S::NegativeDecision);
    assert_eq!(decided.value.case.identification.proposal, None);
}

#[test]
fn r15_refuses_the_same_agency_even_another_person_of_it() {
    let mut world = World::new();
    let case = proposed(&mut world);
    let colleague = Caller { professional: Some(id(799)), ..police() };
    for by in [police(), colleague] {
        refused_by(case.confirm_negative(&agreeing(), &world.setting(&by)), &["R15"]);
        refused_by(case.return_negative(&agreeing(), &world.setting(&by)), &["R15"]);
    }
}

#[test]
fn one_decider_alone_decides_nothing_negative() {
    let mut world = World::new();
    let by = child_protection();
    for act in [Case::confirm_negative, Case::return_negative] {
        let early = act(&at(S::FormalAssessment), &agreeing(), &world.setting(&by));
        assert!(matches!(early, Err(Refused::WrongState(_))), "nothing is proposed");
    }
    let case = proposed(&mut world);
    let again = case.propose_negative(&denying(), &world.setting(&by));
    assert!(matches!(again, Err(Refused::WrongState(_))), "one proposal at a time");
    let returned = case.return_negative(&agreeing(), &world.setting(&by)).expect("lawful").value.case;
    assert_eq!(
        (returned.identification.status, returned.identification.proposal),
        (S::FormalAssessment, None)
    );
    let positive = case.decide(&deciding(), &world.setting(&by)).expect("lawful").value.case;
    assert_eq!(
        (positive.identification.status, positive.identification.proposal),
        (S::IdentifiedVictim, None)
    );
}

#[test]
fn r16_warns_that_it_can_be_appealed_and_until_when() {
    let mut world = World::new();
    let case = proposed(&mut world);
    let by = child_protection();
    let decided = case.confirm_negative(&agreeing(), &world.setting(&by)).expect("lawful");
    assert_eq!(rule_codes(&decided.warnings), ["R16"]);
    let until = crate::given::at("2026-12-24T22:00:00Z");
    assert_eq!(
        decided.value.case.identification.appeal_until,
        Some(until),
        "thirty days, to the end of the day"
    );
}

#[test]
fn a_country_without_a_formal_status_ends_at_the_presumption() {
    let mut world = World::new();
    world.country.profile.identification_model.value = crate::vocabulary::IdentificationModel::NoSingleStatus;
    let by = police();
    let opened = at(S::PresumedVictim).open_formal_assessment(&world.setting(&by));
    assert!(matches!(opened, Err(Refused::WrongState(_))));
    let recognised = at(S::PresumedVictim).recognise_foreign_decision(&foreign("LV"), &world.setting(&by));
    assert!(matches!(recognised, Err(Refused::WrongState(_))));
    let act = Presume { grounds: Grounds::ProfessionalJudgement, reasons: Some("new facts".to_owned()) };
    let again =
        at(S::UnderReview).presume(&act, None, &world.setting(&by)).expect("the review ends there too");
    assert_eq!(again.value.case.identification.status, S::PresumedVictim);
    let formal = World::new();
    let elsewhere = at(S::UnderReview).presume(&act, None, &formal.setting(&by));
    assert!(matches!(elsewhere, Err(Refused::WrongState(_))));
}
