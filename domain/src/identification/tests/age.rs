//! How an age is assessed, and what stays in doubt.

use super::*;
use crate::{
    BirthDate, Day,
    cases::ChildRecord,
    events::EventType,
    given::{at as instant, child, in_days},
    vocabulary::{AgeCertainty, AgeStatus},
};

fn range(youngest: u8, oldest: u8) -> AgeRange {
    AgeRange { youngest, oldest }
}

fn assessor(field: AssessorField) -> Assessor {
    Assessor { who: format!("an assessor of {field}"), field }
}

fn adult() -> NewAgeAssessment {
    NewAgeAssessment {
        method: AgeMethod::Psychosocial,
        assessed_on: Day(now().date()),
        conclusion: AgeConclusion::Adult,
        range: Some(range(19, 23)),
        assessors: vec![assessor(AssessorField::Psychology), assessor(AssessorField::SocialWork)],
        reasons: Some("as told and observed".to_owned()),
        medical_consent: None,
        representative_informed_on: Some(Day(now().date())),
        new_facts: None,
        foreign: None,
        medical_findings: None,
    }
}

type Recorded = Result<Decided<(AgeAssessment, ChildRecord)>, Refused>;

fn record_after(new: NewAgeAssessment, earlier: &[AgeAssessment]) -> Recorded {
    let by = child_protection();
    AgeAssessment::record(id(600), new, (&case(), &child(), earlier), &World::new().country, &by, now())
}

fn record(new: NewAgeAssessment) -> Recorded {
    record_after(new, &[])
}

#[track_caller]
fn refused_at(answer: Recorded, rule: &str, pointer: &str) {
    let refused = answer.expect_err("refused");
    assert_eq!(rule_codes(refused.violations()), [rule]);
    assert_eq!(refused.violations()[0].pointer, pointer);
}

#[test]
fn r7_allows_a_whole_decision_which_holds_when_nobody_can_appeal_any_more() {
    let decided = record(adult()).expect("lawful");
    let (assessment, child) = decided.value;
    assert_eq!(assessment.conclusion, AgeConclusion::Adult);
    let until = assessment.appeal_until.expect("a time of appeal");
    assert_eq!(until, instant("2026-12-09T22:00:00Z"), "fifteen days");
    assert_eq!(child.identity.age_status(until), AgeStatus::DisputedTreatedAsChild, "to the last moment");
    let after = until.plus(time::Duration::microseconds(1));
    assert_eq!(child.identity.age_status(after), AgeStatus::AssessedAdult);
    let events: Vec<_> = decided.facts.iter().map(|it| it.event).collect();
    assert_eq!(events, [EventType::AgeAssessed, EventType::ChildRecorded]);
}

#[test]
fn r7_refuses_an_adult_without_range_reasons_two_fields_or_a_representative() {
    refused_at(record(NewAgeAssessment { range: None, ..adult() }), "R7", "/range");
    refused_at(record(NewAgeAssessment { reasons: None, ..adult() }), "R7", "/reasons");
    let one = vec![assessor(AssessorField::Psychology)];
    let alike = vec![assessor(AssessorField::Psychology), assessor(AssessorField::Psychology)];
    let same = |field| Assessor { who: "an assessor".to_owned(), field };
    let in_two_fields = vec![same(AssessorField::Psychology), same(AssessorField::SocialWork)];
    for assessors in [Vec::new(), one, alike, in_two_fields] {
        refused_at(record(NewAgeAssessment { assessors, ..adult() }), "R7", "/assessors");
    }
    let untold = NewAgeAssessment { representative_informed_on: None, ..adult() };
    refused_at(record(untold), "R7", "/representativeInformedOn");
}

#[test]
fn r7_refuses_appearance_whatever_it_comes_to() {
    let ages = [
        (AgeConclusion::Child, range(15, 17)),
        (AgeConclusion::Adult, range(19, 23)),
        (AgeConclusion::Inconclusive, range(16, 23)),
    ];
    for (conclusion, range) in ages {
        let range = Some(range);
        let by_eye = NewAgeAssessment { method: AgeMethod::Appearance, conclusion, range, ..adult() };
        refused_at(record(by_eye), "R7", "/method");
    }
}

fn medical() -> NewAgeAssessment {
    NewAgeAssessment { method: AgeMethod::Medical, medical_consent: Some(true), ..adult() }
}

#[test]
fn r7_allows_a_medical_examination_last_and_with_consent() {
    let before = record(NewAgeAssessment { range: Some(range(16, 20)), ..adult() }).expect("lawful").value.0;
    assert!(record_after(medical(), &[before]).is_ok());
}

#[test]
fn r7_refuses_a_medical_examination_first_or_without_consent() {
    refused_at(record(medical()), "R7", "/method");
    let talk = NewAgeAssessment { range: None, conclusion: AgeConclusion::Inconclusive, ..adult() };
    for assessors in [Vec::new(), vec![assessor(AssessorField::Psychology)]] {
        let empty = record(NewAgeAssessment { assessors, ..talk.clone() }).expect("recorded").value.0;
        refused_at(record_after(medical(), &[empty]), "R7", "/method");
    }
    let before =
        [record(NewAgeAssessment { range: Some(range(16, 20)), ..adult() }).expect("lawful").value.0];
    for medical_consent in [None, Some(false)] {
        let forced = NewAgeAssessment { medical_consent, ..medical() };
        refused_at(record_after(forced, &before), "R7", "/medicalConsent");
    }
}

#[test]
fn r6_warns_where_the_range_dips_below_18_and_the_person_stays_a_child() {
    for (youngest, oldest) in [(17, 20), (17, 17), (0, 99)] {
        let decided =
            record(NewAgeAssessment { range: Some(range(youngest, oldest)), ..adult() }).expect("recorded");
        assert_eq!(rule_codes(&decided.warnings), ["R6"]);
        let (assessment, child) = decided.value;
        assert_eq!((assessment.conclusion, assessment.appeal_until), (AgeConclusion::Inconclusive, None));
        assert_eq!(child.identity.age_status(now()), AgeStatus::AssessmentInconclusiveChild);
    }
    let edge = record(NewAgeAssessment { range: Some(range(18, 20)), ..adult() }).expect("lawful").value.0;
    assert_eq!(edge.conclusion, AgeConclusion::Adult);
}

#[test]
fn r6_allows_a_child_to_be_one_with_little_said() {
    let short = NewAgeAssessment {
        conclusion: AgeConclusion::Child,
        assessors: Vec::new(),
        reasons: None,
        representative_informed_on: None,
        range: Some(range(15, 16)),
        ..adult()
    };
    let decided = record(short).expect("lawful");
    assert!(decided.warnings.is_empty());
    let identity = decided.value.1.identity;
    assert_eq!(identity.age_status(now()), AgeStatus::AssessedChild);
    assert_eq!(identity.age_certainty, Some(AgeCertainty::Assessed));
    assert_eq!(identity.age_status(instant("2029-11-23T12:00:00Z")), AgeStatus::AssessedChild);
    assert_eq!(
        identity.age_status(instant("2029-11-24T12:00:00Z")),
        AgeStatus::AssessedAdult,
        "children grow up"
    );
}

#[test]
fn r7_refuses_an_adult_by_another_name() {
    let long_ago = || Day::parse("2024-11-24").expect("a day");
    for conclusion in [AgeConclusion::Child, AgeConclusion::Inconclusive] {
        let named = NewAgeAssessment { conclusion, assessors: Vec::new(), reasons: None, ..adult() };
        refused_at(
            record(NewAgeAssessment { range: Some(range(18, 20)), ..named.clone() }),
            "R7",
            "/conclusion",
        );
        let grown = NewAgeAssessment { assessed_on: long_ago(), range: Some(range(16, 17)), ..named.clone() };
        refused_at(record(grown), "R7", "/conclusion");
        let young = NewAgeAssessment { range: Some(range(17, 20)), ..named };
        assert!(record(young).is_ok(), "{conclusion}");
    }
}

#[test]
fn r7_allows_an_adult_only_who_can_appeal_however_long_ago_it_was_assessed() {
    for (day, youngest) in [("2024-11-24", 16), ("2024-11-25", 17), ("2026-11-25", 18)] {
        let assessed_on = Day::parse(day).expect("a day");
        let new = NewAgeAssessment { assessed_on, range: Some(range(youngest, 20)), ..adult() };
        let (assessment, child) = record(new).expect("lawful").value;
        assert_eq!(assessment.conclusion, AgeConclusion::Adult, "{day}");
        assert!(assessment.appeal_until.is_some(), "{day}");
        assert_eq!(child.identity.age_status(now()), AgeStatus::DisputedTreatedAsChild, "{day}");
    }
}

#[test]
fn documents_come_before_any_assessment() {
    let mut identity =
        record(NewAgeAssessment { range: Some(range(17, 20)), ..adult() }).expect("ok").value.1.identity;
    identity.age_certainty = Some(AgeCertainty::Documented);
    identity.birth_date = BirthDate::parse("2008-01-01");
    assert_eq!(identity.age_status(now()), AgeStatus::UndisputedAdult, "a genuine record of birth");
    assert!(identity.was_child_on(Day::parse("2025-12-31").expect("a day")), "and a child when exploited");
    assert!(!identity.was_child_on(Day::parse("2026-01-01").expect("a day")));
    identity.birth_date = BirthDate::parse("2010");
    assert_eq!(identity.age_status(now()), AgeStatus::UndisputedChild);
    assert!(Identity::default().was_child_on(Day(now().date())), "in doubt a child");
}

#[test]
fn nothing_is_assessed_twice_without_new_facts() {
    let before = [record(adult()).expect("lawful").value.0];
    let refused = record_after(adult(), &before).expect_err("refused");
    assert_eq!(codes(refused.violations()), ["assessed_before"]);
    let new_facts = Some("a record of birth".to_owned());
    assert!(record_after(NewAgeAssessment { new_facts, ..adult() }, &before).is_ok());
    let open = [record(NewAgeAssessment { range: Some(range(17, 20)), ..adult() }).expect("lawful").value.0];
    assert!(record_after(adult(), &open).is_ok(), "it was inconclusive");
}

#[test]
fn a_foreign_assessment_is_recognised_where_the_profile_does() {
    let from_abroad = NewAgeAssessment {
        method: AgeMethod::Medical,
        medical_consent: Some(true),
        assessors: Vec::new(),
        foreign: Some(foreign("DK")),
        ..adult()
    };
    assert!(record(from_abroad.clone()).is_ok());
    let mut country = World::new().country;
    country.profile.recognises_foreign_decisions.value = false;
    let by = child_protection();
    let refused =
        AgeAssessment::record(id(600), from_abroad.clone(), (&case(), &child(), &[]), &country, &by, now());
    assert_eq!(codes(refused.expect_err("refused").violations()), ["foreign_decision_not_recognised"]);
    let own = NewAgeAssessment { foreign: Some(foreign("EE")), ..from_abroad };
    assert_eq!(codes(record(own).expect_err("refused").violations()), ["not_another_country"]);
}

#[test]
fn what_is_said_fits_together() {
    let odd = NewAgeAssessment {
        assessed_on: in_days(2),
        representative_informed_on: Some(in_days(2)),
        range: Some(range(23, 19)),
        ..adult()
    };
    let refused = record(odd).expect_err("refused");
    assert_eq!(codes(refused.violations()), ["in_the_future", "in_the_future", "range_reversed"]);
}

#[test]
fn an_assessment_and_every_status_that_it_can_lead_to() {
    let status = |conclusion, youngest, appeal_until| {
        AssessedAge { conclusion, youngest, on: Day(now().date()), appeal_until, appealed: false }
            .status(now())
    };
    assert_eq!(
        status(AgeConclusion::Adult, Some(18), None),
        AgeStatus::DisputedTreatedAsChild,
        "no end of appeal is known"
    );
    assert_eq!(status(AgeConclusion::Child, None, None), AgeStatus::AssessedChild);
    assert_eq!(status(AgeConclusion::Inconclusive, None, None), AgeStatus::AssessmentInconclusiveChild);
    assert_eq!(status(AgeConclusion::Inconclusive, Some(17), None), AgeStatus::AssessmentInconclusiveChild);
}

fn appealed_on(days: i64) -> AgeAppeal {
    AgeAppeal {
        brought_by: Brought::Guardian,
        lodged_on: in_days(days),
        reasons: "her school was not asked".to_owned(),
    }
}

fn appeal_of((assessment, child): &(AgeAssessment, ChildRecord), act: AgeAppeal, now: Timestamp) -> Recorded {
    assessment.appeal(act, (&case(), child), &World::new().country, now)
}

#[test]
fn r7_allows_an_appeal_in_time_which_keeps_the_safeguards_until_it_is_decided() {
    let decided = record(adult()).expect("lawful").value;
    let until = decided.0.appeal_until.expect("a time of appeal");
    let years_later = now().plus(time::Duration::days(4_000));
    // Fifteen days from the twenty-fourth: the ninth is the last one.
    for (days, at) in [(0, now()), (15, until.plus(time::Duration::hours(-1))), (15, years_later)] {
        let (assessment, child) = appeal_of(&decided, appealed_on(days), at).expect("lawful").value;
        assert_eq!(assessment.appeal.as_ref().map(|it| it.recorded_at), Some(at));
        for at in [until, until.plus(time::Duration::microseconds(1)), years_later] {
            assert_eq!(child.identity.age_status(at), AgeStatus::DisputedTreatedAsChild, "{days}");
        }
        assert_eq!(child.identity_version, crate::Version(3));
    }
}

#[test]
fn r7_refuses_an_appeal_out_of_time() {
    let decided = record(adult()).expect("lawful").value;
    let late = now().plus(time::Duration::days(40));
    refused_at(appeal_of(&decided, appealed_on(16), late), "R7", "/lodgedOn");
    for (days, code) in [(-1, "before_the_decision"), (1, "in_the_future")] {
        let refused = appeal_of(&decided, appealed_on(days), now()).expect_err("refused");
        assert_eq!(codes(refused.violations()), [code]);
    }
}

#[test]
fn only_the_last_decision_that_a_person_is_an_adult_is_appealed_and_once() {
    let decided = record(adult()).expect("lawful").value;
    let wrong = |answer: Recorded| matches!(answer, Err(Refused::WrongState(_)));
    let appealed = appeal_of(&decided, appealed_on(0), now()).expect("lawful");
    let events: Vec<_> = appealed.facts.iter().map(|it| it.event).collect();
    assert_eq!(events, [EventType::AgeAppealed, EventType::ChildRecorded]);
    assert!(wrong(appeal_of(&appealed.value, appealed_on(0), now())), "once");
    let minor = NewAgeAssessment { conclusion: AgeConclusion::Child, range: Some(range(15, 17)), ..adult() };
    let minor = record(minor).expect("lawful").value;
    assert!(wrong(appeal_of(&minor, appealed_on(0), now())), "nobody appeals against being a child");
    assert!(wrong(appeal_of(&(decided.0.clone(), minor.1), appealed_on(0), now())), "assessed anew");
    let closed = Case { status: crate::vocabulary::CaseStatus::Closed, ..case() };
    let of = (&closed, &decided.1);
    assert!(decided.0.appeal(appealed_on(0), of, &World::new().country, now()).is_err());
}

#[test]
fn what_an_appeal_comes_to_is_a_further_assessment_which_needs_no_new_facts() {
    let decided = record(adult()).expect("lawful").value;
    let again = |earlier: &AgeAssessment| record_after(adult(), std::slice::from_ref(earlier));
    let refused = again(&decided.0).expect_err("refused");
    assert_eq!(codes(refused.violations()), ["assessed_before"]);
    let appealed = appeal_of(&decided, appealed_on(0), now()).expect("lawful").value.0;
    let child = again(&appealed).expect("lawful").value.1;
    let assessed = child.identity.assessed.expect("an age");
    assert!(!assessed.appealed, "the decision on the appeal holds once its own time is over");
}

#[test]
fn a_representative_here_is_told_from_the_day_before_the_case_and_one_abroad_whenever() {
    let told = |days| NewAgeAssessment { representative_informed_on: Some(in_days(days)), ..adult() };
    assert!(record(told(-1)).is_ok());
    let refused = record(told(-2)).expect_err("refused");
    assert_eq!(codes(refused.violations()), ["before_the_case"]);
    let abroad = NewAgeAssessment { foreign: Some(foreign("LV")), ..told(-200) };
    assert!(record(abroad).is_ok());
}
