//! What a presumption opens, by when, and who records that it was given.

use time::Duration;

use super::*;
use crate::{
    CodeList as _,
    deadlines::{Change, Duty, DutyKind, Outcome},
};

fn presumed(by: &Caller) -> Decided<Identified> {
    let act = Presume { grounds: Grounds::ProfessionalJudgement, reasons: Some("her fear".to_owned()) };
    at(S::Screening).presume(&act, None, &World::new().setting(by)).expect("lawful")
}

fn duty(kind: DutyKind) -> Duty {
    let found = presumed(&police()).deadlines.into_iter().find_map(|it| match it {
        Change::Opened(duty) if duty.kind == kind => Some(*duty),
        _ => None,
    });
    found.expect("it is opened")
}

fn given(case: &Case, entitlement: Entitlement) -> Result<Decided<Identified>, Refused> {
    case.give(&giving(entitlement), &World::new().setting(&police()))
}

/// Recording an entitlement closes its duty and no other, once.
fn closes(entitlement: Entitlement) {
    let case = presumed(&police()).value.case;
    let decided = given(&case, entitlement).expect("lawful");
    let kind = entitlement.duty();
    let closed = Change::Closed { subject_id: case.id.0, kind, outcome: Outcome::Fulfilled };
    assert_eq!(decided.deadlines, [closed]);
    assert_eq!(decided.value.entry.entitlement, Some(entitlement));
    assert!(matches!(given(&decided.value.case, entitlement), Err(Refused::WrongState(_))), "once");
}

#[test]
fn r8_warns_when_the_safety_plan_or_the_offer_of_rest_is_late() {
    assert_eq!(duty(DutyKind::SafetyPlan).due_at, now().plus(Duration::hours(24)));
    assert_eq!(duty(DutyKind::ReflectionOffer).due_at, crate::given::at("2026-11-27T22:00:00Z"));
    for kind in [DutyKind::SafetyPlan, DutyKind::ReflectionOffer] {
        assert_eq!(kind.row().rule.code, "R8");
    }
}

#[test]
fn r32_warns_when_no_provisional_guardian_is_named_within_a_day() {
    let duty = duty(DutyKind::GuardianCheck);
    assert_eq!((duty.due_at, duty.kind.row().rule.code), (now().plus(Duration::hours(24)), "R32"));
}

#[test]
fn r32_allows_a_check_in_time() {
    closes(Entitlement::GuardianCheck);
}

#[test]
fn r26_warns_on_the_third_day_without_information() {
    assert_eq!(duty(DutyKind::GiveInformation).due_at, crate::given::at("2026-11-27T22:00:00Z"));
    closes(Entitlement::Information);
}

#[test]
fn r69_warns_after_thirty_days_without_school() {
    let duty = duty(DutyKind::Education);
    assert_eq!((duty.due_at, duty.kind.row().rule.code), (crate::given::at("2026-12-24T22:00:00Z"), "R69"));
}

#[test]
fn r69_allows_school_within_thirty_days() {
    closes(Entitlement::Education);
}

#[test]
fn every_entitlement_is_a_duty_of_the_lead_and_its_supervisor_is_told_first() {
    for it in Entitlement::ALL {
        let duty = duty(it.duty());
        assert_eq!((duty.owner, duty.answers_to, duty.watcher), (id(4), id(4), Some(id(1))), "{it}");
        assert_eq!((duty.case, duty.subject_id), (Some(case().id), case().id.0));
        let member = &duty.computed_from.set_by.member;
        assert!(member.starts_with("entitlementTimes."), "{member}");
    }
}

fn decision() -> Duty {
    let by = police();
    let decided = at(S::PresumedVictim).open_formal_assessment(&World::new().setting(&by)).expect("lawful");
    let Some(Change::Opened(duty)) = decided.deadlines.into_iter().next() else { panic!("a duty") };
    *duty
}

#[test]
fn r110_warns_on_the_forty_fifth_day_of_an_assessment() {
    assert_eq!(decision().computed_from.warn_at, Some(crate::given::at("2027-01-08T22:00:00Z")));
}

#[test]
fn r110_allows_a_decision_within_the_target_of_thirty_days() {
    assert_eq!(decision().due_at, crate::given::at("2026-12-24T22:00:00Z"));
}

#[test]
fn only_what_is_open_is_given_and_only_by_the_own_case() {
    let by = police();
    assert!(matches!(given(&at(S::Screening), Entitlement::SafetyPlan), Err(Refused::WrongState(_))));
    let case = presumed(&by).value.case;
    let world = World::new();
    let guest = Setting { own: false, ..world.setting(&by) };
    let seen = case.give(&giving(Entitlement::SafetyPlan), &guest);
    assert!(matches!(seen, Err(Refused::NotYours(_))));
    let early = Given { at: now().plus(Duration::microseconds(1)), ..giving(Entitlement::SafetyPlan) };
    let refused = case.give(&early, &world.setting(&by)).expect_err("refused");
    assert_eq!(codes(refused.violations()), ["in_the_future"]);
}
