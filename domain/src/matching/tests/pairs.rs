//! One open case for each child (R70), and what lead agencies say of two.

use std::cell::Cell;

use uuid::Uuid;

use super::{super::*, searches::hit};
use crate::{
    CodeList as _, Decided, Refused,
    access::{Caller, Relation},
    cases::Case,
    deadlines::{Change, DutyKind, Outcome},
    events::EventType,
    given::{caller, case, codes, country_entry, id, now, rule_codes},
    vocabulary::{AgencyType, CaseStatus, Role},
};

/// The case was taken in by agency 1 and is led by agency 4.
fn beside_with(
    hits: &[Hit],
    distinct: &Distinct,
    asked_before: &[crate::CaseId],
) -> Result<Decided<Pairing>, Refused> {
    let (country, by) = (country_entry(), caller(id(1), AgencyType::Police));
    let next = Cell::new(900_u128);
    let fresh = || {
        next.set(next.get() + 1);
        Uuid::from_u128(next.get())
    };
    let beside = Beside { hits, asked_before, country: &country, by: &by, now: now() };
    check_taken_once(&case(), distinct, &beside, fresh)
}

fn beside(hits: &[Hit]) -> Result<Decided<Pairing>, Refused> {
    beside_with(hits, &Distinct::default(), &[])
}

fn scored(score: u8, relation: Option<Relation>) -> Hit {
    let mut it = hit(200, 7, relation);
    it.likeness.score = score;
    it
}

#[test]
fn r70_refuses_a_second_open_case_that_the_caller_may_see() {
    let refused = beside(&[scored(STRONG, Some(Relation::Lead))]).expect_err("a double");
    assert_eq!(rule_codes(refused.violations()), ["R70"]);
    assert_eq!(refused.violations()[0].case, Some(id(200)));
    let without_reason = Distinct { from: vec![id(200)], reason: None };
    let refused = beside_with(&[], &without_reason, &[]).expect_err("a reason is needed");
    assert_eq!(codes(refused.violations()), ["reason_needed"]);
}

/// A case of the child whom another country names by a pseudonym that was known before.
fn named_abroad(relation: Option<Relation>) -> Hit {
    Hit { likeness: Likeness::of_one_pseudonym(), ..hit(200, 7, relation) }
}

#[test]
fn r70_refuses_a_second_case_of_whom_another_country_names_alike() {
    // Whoever opened the case may not read who its child is, and knows that it is there.
    for relation in [Relation::Lead, Relation::Opener] {
        let mut by = caller(id(1), AgencyType::Police);
        by.purpose = crate::vocabulary::Purpose::Operations;
        let hit = named_abroad(Some(relation.clone()));
        assert!(hit.named_to(&by), "{relation:?}");
        let refused = beside(&[hit]).expect_err("a double");
        assert_eq!(rule_codes(refused.violations()), ["R70"]);
        let because = &refused.violations()[0].because;
        assert!(because.contains("caseId") && refused.violations()[0].case == Some(id(200)), "{because}");
    }
    let apart = Distinct { from: vec![id(200)], reason: Some("They were mixed up there.".to_owned()) };
    let said = beside_with(&[named_abroad(Some(Relation::Opener))], &apart, &[]).expect("said to be another");
    assert_eq!(said.value[0].own.status, MatchStatus::Rejected);
    let hidden = beside(&[named_abroad(None)]).expect("nothing that may be known");
    assert_eq!((hidden.value[0].own.status, hidden.warnings.len()), (MatchStatus::Suggested, 0));
}

#[test]
fn a_case_that_is_over_does_not_stand_in_the_way_of_whom_another_country_names_again() {
    for (status, told) in [
        (CaseStatus::Closed, vec!["known_before"]),
        (CaseStatus::Transferred, vec![]),
        (CaseStatus::Erroneous, vec![]),
    ] {
        let mut over = named_abroad(Some(Relation::Opener));
        over.case.status = status;
        assert_eq!(codes(&beside(&[over]).expect("taken in").warnings), told, "{status}");
    }
    let mut hidden = named_abroad(None);
    hidden.case.status = CaseStatus::Closed;
    assert!(beside(&[hidden]).expect("taken in").warnings.is_empty());
}

#[test]
fn what_another_country_says_goes_before_what_names_say() {
    let both = Hit::joined(vec![scored(POSSIBLE, None), hit(300, 8, None)], vec![named_abroad(None)]);
    let cases: Vec<_> = both.iter().map(|it| (it.case.id, it.likeness.is_named_abroad())).collect();
    assert_eq!(cases, [(id(300), false), (id(200), true)]);
}

#[test]
fn r70_allows_reopening_and_puts_the_question_to_both_lead_agencies() {
    let (country, by) = (country_entry(), caller(id(1), AgencyType::Police));
    let again = Case { status: CaseStatus::Reopened, ..case() };
    let look = |hits: &[Hit], asked_before: &[crate::CaseId]| {
        let beside = Beside { hits, asked_before, country: &country, by: &by, now: now() };
        look_beside_reopened(&again, &beside, || Uuid::from_u128(7))
    };
    for (relation, named) in [(Some(Relation::Lead), true), (None, false)] {
        let decided = look(&[scored(STRONG, relation)], &[]);
        let pair = &decided.value[0];
        assert_eq!((pair.own.status, pair.other.status), (MatchStatus::Suggested, MatchStatus::Suggested));
        assert_eq!((decided.facts.len(), decided.deadlines.len()), (2, 2), "both are told and look");
        assert_eq!(codes(&decided.warnings), if named { vec!["similar_child"] } else { Vec::new() });
    }
    for (hit, asked_before) in
        [(scored(STRONG - 1, Some(Relation::Lead)), vec![]), (scored(STRONG, None), vec![id(200)])]
    {
        let decided = look(&[hit], &asked_before);
        assert_eq!((decided.value.len(), decided.facts.len(), decided.warnings.len()), (0, 0, 0));
    }
}

#[test]
fn r70_allows_what_is_said_to_be_another_child_and_keeps_the_reason() {
    let distinct = Distinct { from: vec![id(200)], reason: Some("A cousin, seen together.".to_owned()) };
    let decided =
        beside_with(&[scored(STRONG, Some(Relation::Lead))], &distinct, &[]).expect("another child");
    let pair = &decided.value[0];
    assert_eq!((pair.own.status, pair.other.status), (MatchStatus::Rejected, MatchStatus::Rejected));
    assert_eq!(
        pair.own.answer.as_ref().and_then(|it| it.reason.as_deref()),
        Some("A cousin, seen together.")
    );
    assert_eq!((decided.deadlines.len(), pair.is_one_child()), (0, false));
    let events: Vec<_> = decided.facts.iter().map(|it| (it.event, it.audience.clone())).collect();
    assert_eq!(
        events,
        [(EventType::CaseMatchRejected, vec![id(4)]), (EventType::CaseMatchRejected, vec![id(7)])]
    );
}

#[test]
fn r70_allows_a_case_beside_one_that_may_not_be_known_and_asks_both_lead_agencies() {
    for distinct in [
        Distinct::default(),
        // Saying something of a case that the caller may not know of changes nothing.
        Distinct { from: vec![id(200)], reason: Some("a guess".to_owned()) },
    ] {
        let decided =
            beside_with(&[scored(STRONG, None)], &distinct, &[]).expect("nothing that may be known");
        assert_eq!(decided.warnings, []);
        let pair = &decided.value[0];
        assert_eq!((pair.own.status, pair.own.answer.clone()), (MatchStatus::Suggested, None));
        assert_ne!(pair.own.id, pair.other.id);
        let duties: Vec<_> = decided
            .deadlines
            .iter()
            .map(|it| match it {
                Change::Opened(duty) => (duty.kind, duty.owner, duty.subject_id, duty.case),
                other => panic!("{other:?}"),
            })
            .collect();
        let of = |side: &CaseMatch, lead| (DutyKind::CheckMatch, id(lead), side.id.0, None);
        assert_eq!(duties, [of(&pair.own, 4), of(&pair.other, 7)]);
        let told: Vec<_> = decided.facts.iter().map(|it| (it.case, it.audience.clone())).collect();
        assert_eq!(
            told,
            [(Some(id(100)), vec![id(4)]), (Some(id(200)), vec![id(7)])],
            "each of its own case"
        );
    }
}

#[test]
fn each_side_has_its_duty_also_where_one_agency_leads_both() {
    let mut one = scored(STRONG, None);
    one.case.lead = id(4);
    let decided = beside(&[one]).expect("taken in");
    let (pair, duties) = (&decided.value[0], &decided.deadlines);
    let owed = |side: &CaseMatch| {
        let of_side = |it: &&Change| matches!(it, Change::Opened(duty) if duty.subject_id == side.id.0);
        duties.iter().filter(of_side).count()
    };
    assert_eq!(
        (owed(&pair.own), owed(&pair.other)),
        (1, 1),
        "each goes with its case when that is handed over"
    );
}

#[test]
fn what_is_only_possible_is_told_where_it_may_be_seen_and_asked_once() {
    let weak = beside(&[scored(POSSIBLE, Some(Relation::Lead))]).expect("taken in");
    assert_eq!((codes(&weak.warnings), weak.value.len()), (vec!["similar_child"], 0));
    assert_eq!(beside(&[scored(POSSIBLE, None)]).expect("taken in").facts, []);
    for relation in [None, Some(Relation::Lead)] {
        let again = beside_with(&[scored(100, relation)], &Distinct::default(), &[id(200)]).expect("settled");
        assert_eq!((again.value.len(), again.warnings.len()), (0, 0));
    }
}

#[test]
fn only_open_cases_of_the_same_country_are_doubles() {
    use CaseStatus as S;
    for status in CaseStatus::ALL {
        let mut other = scored(100, Some(Relation::Lead));
        other.case.status = *status;
        let open = !matches!(status, S::Transferred | S::Closed | S::Merged | S::Erroneous);
        assert_eq!(beside(&[other]).is_err(), open, "{status}");
    }
    let mut abroad = scored(100, Some(Relation::Lead));
    abroad.case.country = crate::given::country("LV");
    assert!(beside(&[abroad]).is_ok());
    let mut same = scored(100, Some(Relation::Lead));
    same.case.child = case().child;
    assert!(beside(&[same]).is_ok(), "two cases of one child are known to be so");
}

fn pair() -> (Pair, Case, Case) {
    let other = scored(100, None);
    let pair = beside(std::slice::from_ref(&other)).expect("taken in").value.remove(0);
    (pair, case(), other.case)
}

fn lead(number: u128) -> Caller {
    caller(id(number), AgencyType::ChildProtection)
}

fn says(verdict: MatchVerdict) -> MatchAct {
    MatchAct { verdict, reason: Some("seen".to_owned()) }
}

fn turned(it: &Pair) -> Pair {
    Pair { own: it.other.clone(), other: it.own.clone() }
}

#[test]
fn one_child_it_is_when_both_lead_agencies_have_said_so() {
    let (pair, case, other) = pair();
    let first = pair.answer(says(MatchVerdict::Confirmed), (&case, &other), &lead(4), now()).expect("first");
    assert_eq!((first.value.own.status, first.value.is_one_child()), (MatchStatus::Suggested, false));
    let closed =
        |it: &CaseMatch, outcome| Change::Closed { subject_id: it.id.0, kind: DutyKind::CheckMatch, outcome };
    assert_eq!(first.deadlines, [closed(&pair.own, Outcome::Fulfilled)]);
    let again = first.value.answer(says(MatchVerdict::Confirmed), (&case, &other), &lead(4), now());
    assert!(matches!(again, Err(Refused::WrongState(_))));
    let second = turned(&first.value).answer(says(MatchVerdict::Confirmed), (&other, &case), &lead(7), now());
    let second = second.expect("second");
    assert!(second.value.is_one_child() && turned(&second.value).is_one_child());
    assert_eq!(second.value.own.version, second.value.other.version);
    let told: Vec<_> = second.facts.iter().map(|it| (it.event, it.audience.clone())).collect();
    assert_eq!(
        told,
        [(EventType::CaseMatchConfirmed, vec![id(7)]), (EventType::CaseMatchConfirmed, vec![id(4)])]
    );
}

#[test]
fn either_lead_agency_can_say_that_it_is_not_one_child() {
    let (pair, case, other) = pair();
    let no = pair.answer(says(MatchVerdict::Rejected), (&case, &other), &lead(4), now()).expect("rejected");
    assert_eq!((no.value.own.status, no.value.other.status), (MatchStatus::Rejected, MatchStatus::Rejected));
    assert_eq!(no.deadlines.len(), 2, "nobody has to look any more");
    let late = turned(&no.value).answer(says(MatchVerdict::Confirmed), (&other, &case), &lead(7), now());
    assert!(matches!(late, Err(Refused::WrongState(_))));
}

#[test]
fn an_agency_that_leads_both_says_it_alone() {
    let (pair, case, other) = pair();
    let other = Case { lead: case.lead, ..other };
    let done =
        pair.answer(says(MatchVerdict::Confirmed), (&case, &other), &lead(4), now()).expect("confirmed");
    assert!(done.value.is_one_child());
}

#[test]
fn only_the_lead_agency_answers_by_its_case_manager_or_supervisor() {
    let (pair, case, other) = pair();
    for role in Role::ALL {
        let by = Caller { role: Some(*role), ..lead(4) };
        let may = matches!(role, Role::CaseManager | Role::Supervisor);
        assert_eq!(
            pair.answer(says(MatchVerdict::Rejected), (&case, &other), &by, now()).is_ok(),
            may,
            "{role}"
        );
    }
    for by in [lead(1), lead(7), Caller { country: crate::given::country("LV"), ..lead(4) }] {
        let refused = pair.answer(says(MatchVerdict::Rejected), (&case, &other), &by, now());
        assert!(matches!(refused, Err(Refused::NotYours(_))), "{by:?}");
    }
}
