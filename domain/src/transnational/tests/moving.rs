//! The safeguards of a move (R47 to R56, R74): what each lets pass and what it does not.

use super::*;
use crate::deadlines::DutyKind;

/// Proposing a plan while the safeguards are otherwise.
fn proposed(change: impl Fn(&mut Readiness)) -> Vec<&'static str> {
    let (ours, _) = accepted(T::PlacementConsent);
    let mut readiness = ready();
    change(&mut readiness);
    rules_of(ours.propose_plan(plan(1), &readiness, false, here().office(now())))
}

fn days_ago(days: i64) -> Day {
    Day(now().date() - time::Duration::days(days))
}

#[test]
fn r47_allows_a_fresh_assessment_of_low_risk() {
    assert_eq!(proposed(|_| {}), ["done"]);
    assert_eq!(
        proposed(|it| it.risk = attested(RiskAssessed { on: days_ago(90), level: RiskLevel::Medium })),
        ["done"]
    );
}

#[test]
fn r47_refuses_an_unknown_old_or_high_risk() {
    assert_eq!(proposed(|it| it.risk = None), ["R47"]);
    assert_eq!(
        proposed(|it| it.risk = attested(RiskAssessed { on: days_ago(91), level: RiskLevel::Low })),
        ["R47"]
    );
    for level in [RiskLevel::High, RiskLevel::Critical] {
        assert_eq!(proposed(|it| it.risk = attested(RiskAssessed { on: days_ago(1), level })), ["R47"]);
    }
}

#[test]
fn r48_allows_an_assessment_by_the_receiving_state() {
    let there = FamilyAssessed { on: days_ago(180), by_country: country("FI"), place_of_care: true };
    assert_eq!(proposed(|it| it.family = attested(there)), ["done"]);
}

#[test]
fn r48_refuses_none_an_old_one_and_ones_own() {
    assert_eq!(proposed(|it| it.family = None), ["R48"]);
    for (days, by) in [(181, "FI"), (1, "EE")] {
        let it = FamilyAssessed { on: days_ago(days), by_country: country(by), place_of_care: false };
        assert_eq!(proposed(|all| all.family = attested(it)), ["R48"], "{days} {by}");
    }
}

#[test]
fn r49_allows_who_is_named_has_accepted_and_planned() {
    assert_eq!(proposed(|_| {}), ["done"]);
    let (_, theirs) = planned(T::AssistanceReferral);
    assert!(theirs.transfer.arrangement.is_some());
}

#[test]
fn r49_refuses_each_gap() {
    assert_eq!(proposed(|it| it.receiving = None), ["R49"]);
    for gap in 0..3 {
        let it = ReceivingArrangement { named: gap != 0, accepted_in_writing: gap != 1, planned: gap != 2 };
        assert_eq!(proposed(|all| all.receiving = attested(it)), ["R49"], "{gap}");
    }
    let (mut ours, mut theirs) = accepted(T::AssistanceReferral);
    ours = ours.propose_plan(plan(1), &ready(), false, here().office(now())).expect("proposed").value;
    all_told(&mut ours, &mut theirs, now());
    let nobody = Arrangement { carer: " ".to_owned(), ..arrangement() };
    assert_eq!(rules_of(theirs.confirm_plan(nobody, there().office(now()))), ["R49"]);
}

#[test]
fn r50_allows_a_move_that_nobody_found_wrong() {
    assert_eq!(proposed(|it| it.found_against = attested(false)), ["done"]);
}

#[test]
fn r50_refuses_what_was_found_wrong_or_never_asked() {
    assert_eq!(proposed(|it| it.found_against = attested(true)), ["R50"]);
    assert_eq!(proposed(|it| it.found_against = None), ["R50"]);
}

#[test]
fn r51_allows_a_child_whom_no_procedure_keeps() {
    assert_eq!(proposed(|it| it.procedures = attested(Vec::new())), ["done"]);
}

#[test]
fn r51_refuses_every_running_procedure_and_not_knowing() {
    use crate::CodeList as _;
    assert_eq!(proposed(|it| it.procedures = None), ["R51"]);
    for procedure in BlockingProcedure::ALL {
        assert_eq!(proposed(|it| it.procedures = attested(vec![*procedure])), ["R51"], "{procedure}");
    }
}

#[test]
fn r52_allows_consultations_of_this_month() {
    let it = Consulted { prosecutor_on: days_ago(30), views_on: days_ago(30), views_addressed: true };
    assert_eq!(proposed(|all| all.consulted = attested(it)), ["done"]);
}

#[test]
fn r52_refuses_old_ones_and_views_that_nobody_addressed() {
    assert_eq!(proposed(|it| it.consulted = None), ["R52"]);
    for (prosecutor, views, views_addressed) in [(31, 1, true), (1, 31, true), (1, 1, false)] {
        let it =
            Consulted { prosecutor_on: days_ago(prosecutor), views_on: days_ago(views), views_addressed };
        assert_eq!(proposed(|all| all.consulted = attested(it)), ["R52"], "{prosecutor} {views}");
    }
}

#[test]
fn r53_allows_a_placement_with_the_document_of_the_decision() {
    assert_eq!(proposed(|it| it.placement = attested(PlacementBasis::Document(days_ago(0)))), ["done"]);
}

#[test]
fn r53_refuses_a_placement_without_or_with_another_document() {
    assert_eq!(proposed(|it| it.placement = None), ["R53"]);
    for day in [days_ago(1), days_ago(-1)] {
        assert_eq!(proposed(|it| it.placement = attested(PlacementBasis::Document(day))), ["R53"], "{day}");
    }
    let (_, theirs) = assessed(T::PlacementConsent);
    let bare = Decision::Accepted(Acceptance::default());
    assert_eq!(rules_of(theirs.accept(bare, there().office(now()))), ["R53"]);
    let (_, theirs) = assessed(T::AssistanceReferral);
    assert!(theirs.accept(acceptance(T::AssistanceReferral), there().office(now())).is_ok());
}

#[test]
fn r54_allows_a_parent_without_a_word_only_with_one() {
    assert_eq!(proposed(|it| it.placement = attested(PlacementBasis::Parent)), ["done"]);
    let (ours, _) = accepted(T::PlacementConsent);
    assert!(warned(ours.propose_plan(plan(1), &ready(), false, here().office(now()))).is_empty());
}

#[test]
fn r54_warns_that_no_consent_is_asked_for() {
    for basis in [PlacementBasis::Parent, PlacementBasis::ExemptRelative] {
        let (ours, _) = accepted(T::PlacementConsent);
        let readiness = Readiness { placement: attested(basis), ..ready() };
        let decided = ours.propose_plan(plan(1), &readiness, false, here().office(now()));
        assert_eq!(warned(decided), ["R54"]);
    }
}

#[test]
fn what_nobody_attests_moves_no_child_not_even_at_the_door() {
    let (ours, _) = planned(T::AssistanceReferral);
    let refused = rules_of(ours.depart(&Readiness::default(), false, here().office(now())));
    assert_eq!(refused, ["R47", "R48", "R49", "R50", "R51", "R52", "R53"]);
    let lines = Readiness::default().safeguards(&ours, Day(now().date()));
    assert!(lines.iter().all(|it| !it.known && it.unmet.is_some()));
    assert!(ready().safeguards(&ours, Day(now().date())).iter().all(|it| it.known && it.unmet.is_none()));
}

fn arrived() -> Request {
    let (_, theirs) = on_the_way(T::AssistanceReferral);
    theirs.confirm_arrival(now(), there().office(now())).expect("arrived").value
}

#[test]
fn r55_allows_a_handover_with_everything() {
    assert_eq!(rules_of(arrived().hand_over(handover(), there().office(now()))), ["done"]);
}

#[test]
fn r55_refuses_each_gap() {
    for gap in 0..4 {
        let it = Handover {
            carer_present: match gap {
                0 => None,
                1 => Some("  ".to_owned()),
                _ => handover().carer_present,
            },
            plan_accepted: gap != 2,
            child_told: gap != 3,
        };
        assert_eq!(rules_of(arrived().hand_over(it, there().office(now()))), ["R55"], "{gap}");
    }
    let (_, early) = on_the_way(T::AssistanceReferral);
    let refused = early.hand_over(handover(), there().office(now()));
    assert!(matches!(refused, Err(Refused::WrongState(_))), "no arrival, no handover");
}

#[test]
fn a_child_leaves_about_when_it_is_planned_and_arrives_after_it_left() {
    let hours = |it| time::Duration::hours(it);
    let planned_for = |departs: Timestamp| {
        let (mut ours, theirs) = planned(T::AssistanceReferral);
        let plan = ours.transfer.plan.as_mut().expect("a plan");
        (plan.departs_at, plan.arrives_at) = (departs, departs.plus(hours(60)));
        (ours, theirs)
    };
    for (off, refused) in
        [(24, "done"), (-24, "done"), (25, "departure_off_plan"), (-25, "departure_off_plan")]
    {
        let (ours, _) = planned_for(now().plus(hours(off)));
        assert_eq!(rules_of(ours.depart(&ready(), false, here().office(now()))), [refused], "{off}");
    }
    let (_, theirs) = on_the_way(T::AssistanceReferral);
    let then = now().plus(hours(5));
    for (arrived, refused) in [(0, "done"), (5, "done"), (-1, "before_departure"), (6, "in_the_future")] {
        let arrived = theirs.confirm_arrival(now().plus(hours(arrived)), there().office(then));
        assert_eq!(rules_of(arrived), [refused]);
    }
}

#[test]
fn r56_allows_a_move_only_after_a_decision() {
    assert_eq!(proposed(|_| {}), ["done"]);
}

#[test]
fn r56_refuses_silence_as_consent() {
    let (mut ours, _) = accepted(T::AssistanceReferral);
    ours.decision = None;
    let refused = ours.propose_plan(plan(1), &ready(), false, here().office(now()));
    assert_eq!(rules_of(refused), ["R56"], "a state without its decision is no consent");
    let (mut silent, _) = sent(T::Information);
    silent = silent.note_no_response(here().itself(now())).expect("noted").value;
    let refused = silent.propose_plan(plan(1), &ready(), false, here().office(now()));
    assert_eq!(rules_of(refused), ["R56"], "the child is not moved");
    assert_eq!(silent.responsible().side, Side::Requesting);
}

#[test]
fn r74_allows_plans_for_a_child_that_is_there() {
    assert_eq!(proposed(|_| {}), ["done"]);
    let (ours, _) = on_the_way(T::AssistanceReferral);
    let missing = ours.missing_from().expect("a time");
    assert_eq!(missing, now().plus(time::Duration::hours(10)), "four hours after the planned time");
    let refused = ours.note_missed_arrival(here().itself(missing.plus(-time::Duration::SECOND)));
    assert!(matches!(refused, Err(Refused::WrongState(_))), "not before");
}

#[test]
fn r74_refuses_every_move_of_a_missing_child_and_warns_when_one_does_not_arrive() {
    let (ours, _) = accepted(T::AssistanceReferral);
    assert_eq!(rules_of(ours.propose_plan(plan(1), &ready(), true, here().office(now()))), ["R74"]);
    let (ours, _) = planned(T::AssistanceReferral);
    assert_eq!(rules_of(ours.depart(&ready(), true, here().office(now()))), ["R74"]);
    let (ours, theirs) = on_the_way(T::AssistanceReferral);
    let then = now().plus(time::Duration::hours(10));
    for (record, end) in [(ours, here()), (theirs, there())] {
        let noted = record.note_missed_arrival(end.itself(then));
        assert_eq!(warned(noted.clone()), ["R74", "R77"]);
        let value = noted.expect("noted").value;
        assert_eq!(value.responsible().side, Side::Requesting, "a child on the way is the sender's");
        assert!(value.note_missed_arrival(end.itself(then)).is_err(), "once");
        assert!(!value.owed().contains(&DutyKind::ReportMissing), "its case owes it");
        let unreported = record.note_unreported_arrival(end.itself(then)).expect("noted");
        let owed = unreported.deadlines.iter().find_map(|it| match it {
            Change::Opened(duty) if duty.kind == DutyKind::ReportMissing => Some((duty.owner, duty.due_at)),
            _ => None,
        });
        assert_eq!(owed, Some((record.office, then.plus(time::Duration::hours(24)))), "the office");
        let report = value.missing_report().expect("a report");
        assert!(report.cross_border && report.police.at.is_none() && record.missing_report().is_none());
    }
}

/// R54: a relative is exempt where the profile of the receiving State says so, and nowhere by default.
#[test]
fn r54_exempts_a_relative_only_where_the_receiving_state_does() {
    let mut profile = crate::given::profile();
    assert_eq!(rules_of(PlacementBasis::exempt_relative(Some(&profile))), ["R53"]);
    assert_eq!(rules_of(PlacementBasis::exempt_relative(None)), ["R53"], "unknown is no");
    profile.placement_exempt_relatives.value = true;
    assert_eq!(PlacementBasis::exempt_relative(Some(&profile)), Ok(PlacementBasis::ExemptRelative));
}

#[test]
fn a_child_leaves_only_from_where_it_is() {
    let (ours, _) = accepted(T::AssistanceReferral);
    let other = |change: &dyn Fn(&mut Request)| {
        let (mut it, _) = on_the_way(T::DurableReturn);
        it.id = id(701);
        change(&mut it);
        it
    };
    let check = |requests: Vec<Request>, since: Option<Day>| {
        rules_of(
            ours.check_child_here(&Moves { requests, lives_here_since: since })
                .map(|()| crate::Decided::new(ours.clone(), Vec::new(), Vec::new())),
        )
    };
    let day = |days: i64| Day(now().plus(time::Duration::days(days)).date());
    let arrived = |side, at: i64| {
        other(&|it| {
            (it.side, it.status) = (side, S::HandedOver);
            it.transfer.arrived_at = Some(now().plus(time::Duration::days(at)));
        })
    };
    let (there, back) = (arrived(Side::Requesting, -9), arrived(Side::Requested, -3));
    for (name, requests, since, wanted) in [
        ("nothing else", vec![], None, "done"),
        ("itself", vec![Request { id: ours.id, ..there.clone() }], None, "done"),
        ("on another way", vec![other(&|_| {})], None, "child_not_here"),
        ("on its way to here", vec![other(&|it| it.side = Side::Requested)], None, "done"),
        ("turned back", vec![other(&|it| it.status = S::TransferPlanned)], None, "done"),
        ("received there", vec![there.clone()], None, "child_not_here"),
        (
            "received there, closed",
            vec![Request { status: S::Closed, ..there.clone() }],
            None,
            "child_not_here",
        ),
        ("received there and then here", vec![there.clone(), back.clone()], None, "done"),
        ("received here and then there", vec![back, arrived(Side::Requesting, -1)], None, "child_not_here"),
        ("lives here since", vec![there.clone()], Some(day(-8)), "done"),
        ("lived here before", vec![there], Some(day(-9)), "child_not_here"),
    ] {
        assert_eq!(check(requests, since), [wanted], "{name}");
    }
}

#[test]
fn a_late_arrival_ends_what_the_missed_one_began_and_nothing_else() {
    let then = now().plus(time::Duration::hours(11));
    let (_, theirs) = on_the_way(T::AssistanceReferral);
    let mut noted = theirs.note_missed_arrival(there().itself(then)).expect("noted").value;
    let arrived = |it: &Request| it.confirm_arrival(now(), there().office(then)).expect("arrived").value;
    assert_eq!(noted.found_by_arrival(&arrived(&noted)), None, "its case told of it before");
    noted.transfer.began = Some(id(800));
    let after = arrived(&noted);
    assert_eq!(noted.found_by_arrival(&after), Some((id(800), now())));
    assert_eq!(after.found_by_arrival(&after), None, "once");
    assert_eq!(noted.found_by_arrival(&noted), None, "not before it has arrived");
    // Clocks of two countries differ, and a plan may be left early.
    let at = |arrived: i64, seen: i64, now_is: i64| {
        let plus = |hours| now().plus(time::Duration::hours(hours));
        Request::found_report(plus(arrived), plus(seen), plus(now_is)).at
    };
    let plus = |hours| now().plus(time::Duration::hours(hours));
    assert_eq!((at(5, 1, 9), at(1, 3, 9), at(10, 1, 9)), (plus(5), plus(3), plus(9)));
}
