//! Closing by two people, and opening again.

use super::*;
use crate::{CodeList as _, cases::Identity, identification::Entitlement};

const DONE: ClosureReason = ClosureReason::DurableSolutionImplemented;

fn requested(world: &mut World, reason: ClosureReason) -> Case {
    let by = manager();
    let decided = at(S::Open).request_closure(&asking(reason), &world.setting(&by));
    world.done(decided)
}

/// The items that refuse, by the code with which each message begins.
fn items(answer: Result<Decided<Moved>, Refused>) -> Vec<String> {
    let refused = answer.expect_err("refused");
    assert_eq!(rule_codes(refused.violations()), ["R71"]);
    let item = |it: &crate::Violation| it.because.split(':').next().unwrap_or_default().to_owned();
    refused.violations().iter().map(item).collect()
}

#[test]
fn r71_refuses_with_every_item_that_is_missing() {
    let (mut world, by) = (World::new(), manager());
    let nothing = ClosureRequest { attested: Vec::new(), ..asking(DONE) };
    world.referred.open = 2;
    world.undecided = 1;
    let mut case = at(S::Open);
    case.identification.owed = Entitlement::ALL.to_vec();
    assert_eq!(
        items(case.request_closure(&nothing, &world.setting(&by))),
        [
            "referrals_ended",
            "matches_decided",
            "duties_done",
            "information_given",
            "solution_in_place",
            "safety_plan_ended",
            "proceedings_done",
            "child_informed",
            "guardian_informed",
            "guardian_duties_ended",
            "retention_set",
            "statistics_complete",
        ]
    );
}

#[test]
fn r71_allows_a_case_of_which_everything_is_attested() {
    let mut world = World::new();
    let case = requested(&mut world, DONE);
    assert_eq!(case.status, S::ClosureReview);
    let decided = case.approve_closure(&world.setting(&supervisor())).expect("closed");
    assert_eq!(decided.value.case.status, S::Closed);
    assert_eq!(books(&decided).1, [(DutyKind::AnswerClosure, Outcome::Fulfilled)]);
}

#[test]
fn r71_refuses_the_same_person_twice() {
    let mut world = World::new();
    let case = requested(&mut world, DONE);
    let same = Caller { role: Some(Role::Supervisor), ..manager() };
    refused_by(case.approve_closure(&world.setting(&same)), &["R71"]);
    let nobody = Caller { professional: None, ..supervisor() };
    world.course.acts[0].professional = None;
    refused_by(case.approve_closure(&world.setting(&nobody)), &["R71"]);
}

#[test]
fn r71_warns_of_what_is_good_and_not_there() {
    let (world, by) = (World::new(), manager());
    let hard = |it: &Attested| CHECKLIST.iter().any(|row| row.item == it.item && row.hard);
    let attested = everything().into_iter().filter(hard).collect();
    let decided =
        at(S::Open).request_closure(&ClosureRequest { attested, ..asking(DONE) }, &world.setting(&by));
    let warnings = decided.expect("asked").warnings;
    assert_eq!((rule_codes(&warnings), warnings.len()), (vec!["R71"], 4));
}

#[test]
fn what_the_case_file_owes_is_done_first_and_ends_with_the_case() {
    let (mut world, by) = (World::new(), manager());
    world.of_file = vec![(uuid::Uuid::from_u128(800), DutyKind::CheckSibling)];
    assert_eq!(items(at(S::Open).request_closure(&asking(DONE), &world.setting(&by))), ["duties_done"]);
    let dead = at(S::Open).request_closure(&asking(ClosureReason::ChildDeceased), &world.setting(&by));
    let case = world.done(dead);
    let closed = case.approve_closure(&world.setting(&supervisor())).expect("closed");
    assert_eq!(
        books(&closed).1,
        [(DutyKind::AnswerClosure, Outcome::Fulfilled), (DutyKind::CheckSibling, Outcome::Lapsed)]
    );
}

#[test]
fn r71_refuses_to_close_while_a_request_between_countries_is_under_way() {
    let (mut world, by) = (World::new(), manager());
    for reason in [DONE, ClosureReason::ChildDeceased] {
        world.abroad = 1;
        assert_eq!(
            items(at(S::Open).request_closure(&asking(reason), &world.setting(&by))),
            ["abroad_ended"]
        );
        world.abroad = 0;
        assert!(at(S::Open).request_closure(&asking(reason), &world.setting(&by)).is_ok());
    }
}

#[test]
fn the_checklist_is_gone_through_again_when_it_is_approved() {
    let mut world = World::new();
    let case = requested(&mut world, DONE);
    world.referred.open = 1;
    assert_eq!(items(case.approve_closure(&world.setting(&supervisor()))), ["referrals_ended"]);
    (world.referred.open, world.abroad) = (0, 1);
    assert_eq!(items(case.approve_closure(&world.setting(&supervisor()))), ["abroad_ended"]);
}

#[test]
fn views_are_recorded_of_whoever_is_informed() {
    let (world, by) = (World::new(), manager());
    for item in [ClosureItem::ChildInformed, ClosureItem::GuardianInformed] {
        let mut act = asking(DONE);
        act.attested.iter_mut().filter(|it| it.item == item).for_each(|it| it.note = None);
        assert_eq!(items(at(S::Open).request_closure(&act, &world.setting(&by))), [item.to_string()]);
    }
}

#[test]
fn r26_refuses_to_close_while_the_child_is_not_informed() {
    let (world, by) = (World::new(), manager());
    let mut case = at(S::Open);
    case.identification.owed = vec![Entitlement::Information];
    assert_eq!(items(case.request_closure(&asking(DONE), &world.setting(&by))), ["information_given"]);
}

#[test]
fn r93_refuses_to_close_without_a_retention_class() {
    let (world, by) = (World::new(), manager());
    let mut act = asking(DONE);
    act.attested.retain(|it| it.item != ClosureItem::RetentionSet);
    let refused = at(S::Open).request_closure(&act, &world.setting(&by)).expect_err("refused");
    assert!(refused.violations()[0].because.contains("R93"), "{refused:?}");
}

#[test]
fn r93_allows_to_close_once_it_is_set() {
    let (world, by) = (World::new(), manager());
    assert!(at(S::Open).request_closure(&asking(DONE), &world.setting(&by)).is_ok());
}

#[test]
fn what_the_node_looks_up_nobody_attests() {
    let (world, by) = (World::new(), manager());
    let with = |more: Vec<Attested>| {
        let mut act = asking(DONE);
        act.attested.extend(more);
        at(S::Open).request_closure(&act, &world.setting(&by))
    };
    let one = |item, on| vec![Attested { item, on, note: None }];
    refused_with(with(one(ClosureItem::ReferralsEnded, in_days(0))), &["not_to_attest"]);
    let twice = with(one(ClosureItem::RetentionSet, in_days(0)));
    refused_with(twice, &["attested_twice", "attested_twice"]);
    let mut act = asking(DONE);
    act.attested[0].on = in_days(1);
    refused_with(at(S::Open).request_closure(&act, &world.setting(&by)), &["in_the_future"]);
}

#[test]
fn a_reason_must_not_contradict_the_record() {
    use ClosureReason as R;
    let (mut world, by) = (World::new(), manager());
    let ask = |world: &World, case: &Case, reason| case.request_closure(&asking(reason), &world.setting(&by));
    for reason in [R::HandedOverAbroad, R::DuplicateMerged, R::EnteredInError] {
        refused_with(ask(&world, &at(S::Open), reason), &["another_act"]);
    }
    refused_with(ask(&world, &at(S::Open), R::UntraceableAfterProtocol), &["not_missing"]);
    refused_with(ask(&world, &at(S::Open), R::AgedOutWithPlan), &["not_of_age"]);
    let mut adult = at(S::Open);
    adult.identification.turned_18_at = Some(now());
    assert!(ask(&world, &adult, R::AgedOutWithPlan).is_ok());
    for reason in [R::NotTraffickingNoNeed, R::NotTraffickingOtherCpOpen] {
        refused_with(ask(&world, &at(S::Open), reason), &["identification_differs"]);
        let mut denied = at(S::Open);
        denied.identification.status = IdentificationStatus::NegativeDecision;
        assert!(ask(&world, &denied, reason).is_ok(), "{reason}");
        denied.identification.appeal_until = Some(now().plus(time::Duration::days(1)));
        refused_with(ask(&world, &denied, reason), &["identification_differs"]);
    }
    assert!(ask(&world, &at(S::Open), R::ChildDeceased).is_ok());
    world.referred.open = 1;
    assert_eq!(items(ask(&world, &at(S::Open), R::ChildDeceased)), ["referrals_ended"]);
}

#[test]
fn the_case_of_a_missing_child_is_closed_after_the_whole_search_only_and_found_again() {
    let (mut world, lead) = (World::new(), manager());
    let report = at(S::Open).report_missing(&reporting(), &world.setting(&lead));
    let case = world.done(report);
    let early = case.request_closure(&asking(ClosureReason::UntraceableAfterProtocol), &world.setting(&lead));
    assert!(matches!(early, Err(Refused::WrongState(_))), "not before it is missing for a long time");
    let long = case.record_long_term("two years", &world.setting(&lead));
    let case = world.done(long);
    assert_eq!(items(case.request_closure(&asking(DONE), &world.setting(&lead))), ["child_found"]);
    let asked = case.request_closure(&asking(ClosureReason::UntraceableAfterProtocol), &world.setting(&lead));
    let case = world.done(asked);
    let returned =
        case.return_closure(&ReturnClosure { reasons: "ask Riga".to_owned() }, &world.setting(&supervisor()));
    assert_eq!(returned.expect("returned").value.case.status, S::OpenChildMissing, "still missing");
    let closed = case.approve_closure(&world.setting(&supervisor()));
    let case = world.done(closed);
    let reopened =
        case.reopen(&again(ReopenReason::MissingFound), &Identity::default(), &world.setting(&lead));
    let case = world.done(reopened);
    assert_eq!(case.status, S::OpenChildMissing);
    let back = case.record_found(&found(FoundOutcome::FoundSafe, now()), &world.setting(&lead));
    assert_eq!(world.done(back).status, S::Reopened);
}

#[test]
fn r72_warns_that_every_safeguard_is_owed_anew() {
    let mut world = World::new();
    let case = requested(&mut world, DONE);
    let closed = case.approve_closure(&world.setting(&supervisor()));
    let mut case = world.done(closed);
    case.identification.given = Entitlement::ALL.to_vec();
    let by = person(OPENER, AgencyType::Police, Role::DutyOfficer);
    let decided = case
        .reopen(&again(ReopenReason::Retrafficking), &Identity::default(), &world.setting(&by))
        .expect("reopened");
    assert_eq!(decided.value.case.status, S::Reopened);
    assert_eq!(decided.value.case.identification.owed, Entitlement::ALL);
    assert_eq!(rule_codes(&decided.warnings), ["R72", "R100"]);
    let opened = books(&decided).0;
    assert_eq!(opened, Entitlement::ALL.iter().map(|it| it.duty()).collect::<Vec<_>>());
}

#[test]
fn r72_allows_whoever_had_the_case_and_nobody_else() {
    let world = World::new();
    let act = again(ReopenReason::NewEvidence);
    for (by, lawful) in [
        (manager(), true),
        (person(OPENER, AgencyType::Police, Role::Investigator), true),
        (person(OPENER, AgencyType::Police, Role::Statistician), false),
        (shelter(), false),
    ] {
        assert_eq!(
            at(S::Closed).reopen(&act, &Identity::default(), &world.setting(&by)).is_ok(),
            lawful,
            "{by:?}"
        );
    }
    let mut denied = at(S::Closed);
    denied.identification.status = IdentificationStatus::NegativeDecision;
    let warnings =
        denied.reopen(&act, &Identity::default(), &world.setting(&manager())).expect("reopened").warnings;
    assert_eq!(codes(&warnings), ["reopened", "asylum_info_due", "review_identification"]);
}

#[test]
fn a_reopened_case_works_as_reopened() {
    let (mut world, lead) = (World::new(), manager());
    let reopened =
        at(S::Closed).reopen(&again(ReopenReason::Other), &Identity::default(), &world.setting(&lead));
    let case = world.done(reopened);
    let asked = case.propose_handover(&inside(), &world.setting(&lead));
    let case = world.done(asked);
    let back = case.withdraw_handover("not now", &world.setting(&lead));
    assert_eq!(world.done(back).status, S::Reopened);
    assert_eq!(world.course.reopenings(), 1);
}
