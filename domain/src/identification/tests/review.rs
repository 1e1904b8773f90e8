//! Appeal, new facts, the child's own decision, other countries, birthdays.

use time::Duration;

use super::*;
use crate::{
    BirthDate, CodeList as _,
    deadlines::{Change, DutyKind, Outcome},
    events::EventType,
    vocabulary::{AgeCertainty, CaseStatus},
};

#[test]
fn r16_allows_an_appeal_to_the_last_moment_and_new_facts_at_any_time() {
    let mut world = World::new();
    let case = denied(&mut world);
    let until = case.identification.appeal_until.expect("a time of appeal");
    let by = police();
    for (kind, now) in [
        (ReviewKind::Appeal, now()),
        (ReviewKind::Appeal, until),
        (ReviewKind::NewFacts, until.plus(Duration::days(4_000))),
    ] {
        let setting = Setting { now, ..world.setting(&by) };
        let decided = case.appeal(&appealing(kind), &setting).expect("lawful");
        let it = decided.value.case.identification;
        assert_eq!((it.status, it.appeal_until), (S::UnderReview, None), "{kind}");
        assert_eq!(it.owed, Entitlement::ALL, "as at the presumption, until it is decided");
    }
}

#[test]
fn a_review_opens_a_case_at_intake_as_the_presumption_does_and_leaves_any_other() {
    let world = World::new();
    let by = child_protection();
    for status in [CaseStatus::Intake, CaseStatus::Open, CaseStatus::OpenChildMissing, CaseStatus::Reopened] {
        let start = Case { status, ..at(S::NoGrounds) };
        let answer = start.appeal(&appealing(ReviewKind::NewFacts), &world.setting(&by));
        if !start.is_live() {
            assert!(matches!(answer, Err(Refused::WrongState(_))), "{status}");
            continue;
        }
        let decided = answer.expect("lawful");
        let intake = status == CaseStatus::Intake;
        assert_eq!(decided.value.case.status, if intake { CaseStatus::Open } else { status });
        let opened = decided.facts.iter().any(|it| it.event == EventType::CaseOpened);
        assert_eq!(opened, intake, "{status}");
    }
}

#[test]
fn r16_refuses_an_appeal_after_the_time_of_appeal() {
    let mut world = World::new();
    let case = denied(&mut world);
    let until = case.identification.appeal_until.expect("a time of appeal");
    let by = police();
    let setting = Setting { now: until.plus(Duration::microseconds(1)), ..world.setting(&by) };
    refused_by(case.appeal(&appealing(ReviewKind::Appeal), &setting), &["R16"]);
}

#[test]
fn r18_refuses_the_first_deciders_and_their_units() {
    let mut world = World::new();
    let case = denied(&mut world);
    let by = police();
    let opened = case.appeal(&appealing(ReviewKind::Appeal), &world.setting(&by));
    let case = world.done(opened);
    let colleague = Caller { professional: Some(id(799)), ..police() };
    for by in [police(), colleague, child_protection()] {
        refused_by(case.decide(&deciding(), &world.setting(&by)), &["R18"]);
        refused_by(case.propose_negative(&denying(), &world.setting(&by)), &["R18"]);
    }
    let same_person = Setting { unit: Some("south"), ..world.setting(&by) };
    refused_by(case.decide(&deciding(), &same_person), &["R18"]);
}

#[test]
fn r18_allows_another_agency_and_another_unit() {
    let mut world = World::new();
    let (north, other) = (police(), child_protection());
    let of_unit = Setting { unit: Some("north"), ..world.setting(&north) };
    let proposal = at(S::FormalAssessment).propose_negative(&denying(), &of_unit);
    let case = world.done(proposal);
    let confirmed = case.confirm_negative(&agreeing(), &world.setting(&other));
    let case = world.done(confirmed);
    let opened = case.appeal(&appealing(ReviewKind::Appeal), &world.setting(&other));
    let case = world.done(opened);
    let stranger = officer(8, AgencyType::Police);
    assert!(case.decide(&deciding(), &world.setting(&stranger)).is_ok());
    let colleague = Caller { professional: Some(id(799)), ..police() };
    let south = Setting { unit: Some("south"), ..world.setting(&colleague) };
    assert!(case.decide(&deciding(), &south).is_ok());
    let north = Setting { unit: Some("north"), ..world.setting(&colleague) };
    refused_by(case.decide(&deciding(), &north), &["R18"]);
}

#[test]
fn r26_refuses_to_decline_for_a_child_that_was_told_nothing() {
    let (world, by) = (World::new(), police());
    let blind = DeclineStatus { child_informed: false, ..declining() };
    refused_by(at(S::PresumedVictim).decline_status(&blind, &world.setting(&by)), &["R26"]);
    let agency = DeclineStatus { brought_by: Brought::Agency, ..declining() };
    let refused = at(S::PresumedVictim).decline_status(&agency, &world.setting(&by)).expect_err("refused");
    assert_eq!(codes(refused.violations()), ["not_the_childs_side"]);
}

#[test]
fn r26_allows_an_informed_child_to_decline_and_help_goes_on() {
    let (world, by) = (World::new(), police());
    let mut case = at(S::FormalAssessment);
    case.identification.owed = vec![Entitlement::Education];
    let decided = case.decline_status(&declining(), &world.setting(&by)).expect("lawful");
    let it = &decided.value.case.identification;
    assert_eq!((it.status, &it.owed[..]), (S::ClosedNoStatus, &[Entitlement::Education][..]));
    let lapsed =
        Change::Closed { subject_id: case.id.0, kind: DutyKind::FormalDecision, outcome: Outcome::Lapsed };
    assert_eq!(decided.deadlines, [lapsed]);
}

#[test]
fn what_is_owed_to_a_child_that_is_gone_lapses_and_comes_back_with_it() {
    let (mut world, by) = (World::new(), police());
    let mut case = at(S::PresumedVictim);
    case.identification.owed = vec![Entitlement::Education, Entitlement::Information];
    case.identification.given = vec![Entitlement::SafetyPlan];
    let decided = case.close_without_status(&closing(), &world.setting(&by)).expect("lawful");
    assert_eq!(decided.deadlines.len(), 2);
    let gone = decided.value.case;
    assert!(gone.identification.owed.is_empty());
    let opened = gone.appeal(&appealing(ReviewKind::NewFacts), &world.setting(&by));
    let back = world.done(opened);
    assert_eq!(back.identification.owed.len(), 5, "what was given is not owed again");
    let stranger = Setting { own: false, ..world.setting(&by) };
    assert!(matches!(case.close_without_status(&closing(), &stranger), Err(Refused::NotYours(_))));
}

#[test]
fn r17_allows_a_notice_from_abroad_to_presume_and_says_so() {
    let world = World::new();
    let focal_point = caller(id::<AgencyId>(9), AgencyType::CrossborderFocalPoint);
    for by in [police(), focal_point] {
        let decided =
            at(S::Screening).presume_on_notice(&foreign("LV"), &world.setting(&by)).expect("lawful");
        assert_eq!(decided.value.case.identification.grounds, Some(Grounds::ForeignNotice));
        assert_eq!(decided.value.case.identification.owed, Entitlement::ALL);
        assert_eq!(rule_codes(&decided.warnings), ["R17", "R100"]);
    }
}

#[test]
fn r17_refuses_where_the_profile_does_not_presume_on_a_notice() {
    let mut world = World::new();
    world.country.profile.foreign_notice_presumes.value = false;
    let by = police();
    refused_by(at(S::Screening).presume_on_notice(&foreign("LV"), &world.setting(&by)), &["R17"]);
}

#[test]
fn a_foreign_document_is_of_another_country_and_of_no_future_day() {
    let (world, by) = (World::new(), police());
    let later = Foreign { dated: crate::given::in_days(2), ..foreign("EE") };
    let refused = at(S::Screening).presume_on_notice(&later, &world.setting(&by)).expect_err("refused");
    assert_eq!(codes(refused.violations()), ["not_another_country", "in_the_future"]);
    let refused =
        at(S::PresumedVictim).recognise_foreign_decision(&later, &world.setting(&by)).expect_err("refused");
    assert_eq!(codes(refused.violations()), ["not_another_country", "in_the_future"]);
}

#[test]
fn a_foreign_document_is_no_older_than_the_child_unless_its_age_is_in_doubt() {
    let (mut world, by) = (World::new(), police());
    world.child.birth_date = crate::BirthDate::parse("2015");
    let dated = |day| Foreign { dated: crate::Day::parse(day).expect("a day"), ..foreign("LV") };
    for (day, certainty, lawful) in [
        ("2015-01-01", AgeCertainty::Documented, true),
        ("2014-12-31", AgeCertainty::Documented, false),
        ("2014-12-31", AgeCertainty::Declared, false),
        ("2014-12-31", AgeCertainty::Disputed, true),
    ] {
        world.child.age_certainty = Some(certainty);
        let answers = [
            at(S::Screening).presume_on_notice(&dated(day), &world.setting(&by)),
            at(S::PresumedVictim).recognise_foreign_decision(&dated(day), &world.setting(&by)),
        ];
        for answer in answers {
            let found = answer.err().map(|it| codes(it.violations()));
            assert_eq!(found, (!lawful).then(|| vec!["before_birth"]), "{day} {certainty}");
        }
    }
}

#[test]
fn a_foreign_decision_is_recognised_where_the_profile_does() {
    let (mut world, by) = (World::new(), police());
    let start = at(S::PresumedVictim);
    let decided = start.recognise_foreign_decision(&foreign("LV"), &world.setting(&by)).expect("lawful");
    assert_eq!(decided.value.case.identification.status, S::IdentifiedVictim);
    assert_eq!(decided.value.entry.written.foreign, Some(foreign("LV")), "the country of origin is kept");
    world.country.profile.recognises_foreign_decisions.value = false;
    let refused = start.recognise_foreign_decision(&foreign("LV"), &world.setting(&by)).expect_err("refused");
    assert_eq!(codes(refused.violations()), ["foreign_decision_not_recognised"]);
}

#[test]
fn turning_18_changes_no_status_and_is_noted_once() {
    let mut world = World::new();
    let mechanism = Caller::mechanism(country("EE"), id(902));
    for (born, grown) in [("2008-11-24", true), ("2008-11-25", false)] {
        world.child.birth_date = BirthDate::parse(born);
        world.child.age_certainty = Some(AgeCertainty::Documented);
        for status in S::ALL {
            let noted = at(*status).turn_18(&world.setting(&mechanism));
            assert_eq!(noted.is_ok(), grown, "{born} {status}");
            let Ok(decided) = noted else { continue };
            let after = decided.value.case;
            assert_eq!(
                (after.identification.status, after.identification.since),
                (*status, case().identification.since)
            );
            assert!(decided.deadlines.is_empty(), "nothing is taken away");
            assert!(matches!(after.turn_18(&world.setting(&mechanism)), Err(Refused::WrongState(_))));
        }
    }
}

fn blocked(status: S, now: Timestamp, appeal_until: Option<Timestamp>) -> bool {
    let mut it = at(status).identification;
    it.appeal_until = appeal_until;
    it.removal_block(now).is_some()
}

#[test]
fn r12_refuses_removal_from_the_screening_to_the_end_of_appeal() {
    for status in [S::Screening, S::PresumedVictim, S::FormalAssessment, S::UnderReview, S::IdentifiedVictim]
    {
        assert!(blocked(status, now(), None), "{status}");
    }
    assert!(blocked(S::NegativeDecision, now(), Some(now())), "to the last moment");
}

#[test]
fn r12_allows_it_only_where_nothing_is_pending() {
    let before = now().plus(Duration::microseconds(-1));
    assert!(!blocked(S::NegativeDecision, now(), Some(before)));
    for status in [S::ConcernLogged, S::NoGrounds, S::ClosedNoStatus] {
        assert!(!blocked(status, now(), None), "{status}");
    }
}
