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

fn of(codes: &[&str]) -> Identity {
    Identity { nationalities: codes.iter().map(|it| country(it)).collect(), ..Identity::default() }
}

#[test]
fn r100_warns_of_asylum_wherever_entitlements_open_for_a_child_that_may_need_protection() {
    let by = police();
    for (codes, needed) in [
        (&[][..], true),
        (&["UA"][..], true),
        (&["GB"][..], true),
        (&["SY", "RU"][..], true),
        (&["CH"][..], false),
        (&["IS"][..], false),
        (&["MD", "RO"][..], false),
    ] {
        let mut world = World::new();
        world.child = of(codes);
        let act = Presume { grounds: Grounds::ProfessionalJudgement, reasons: Some("her fear".to_owned()) };
        let acts = [
            at(S::Screening).presume(&act, None, &world.setting(&by)),
            at(S::NoGrounds).presume_on_notice(&foreign("LV"), &world.setting(&by)),
            at(S::NoGrounds).appeal(&appealing(ReviewKind::NewFacts), &world.setting(&by)),
        ];
        for decided in acts {
            let decided = decided.expect("lawful");
            let kind = DutyKind::AsylumInformation;
            let duties = |it: &&Change| matches!(it, Change::Opened(duty) if duty.kind == kind);
            assert_eq!(decided.deadlines.iter().filter(duties).count(), usize::from(needed), "{codes:?}");
            assert_eq!(rule_codes(&decided.warnings).contains(&"R100"), needed, "{codes:?}");
            assert_eq!(decided.value.case.duties_owed().contains(&kind), needed, "{codes:?}");
        }
    }
    let duty = duty(DutyKind::AsylumInformation);
    assert_eq!((duty.due_at, duty.kind.row().rule.code), (crate::given::at("2026-11-27T22:00:00Z"), "R100"));
}

#[test]
fn r100_allows_silently_an_act_that_opens_nothing_and_the_duty_ends_as_the_others_do() {
    closes(Entitlement::AsylumInformation);
    let by = police();
    let case = presumed(&by).value.case;
    let next = case.open_formal_assessment(&World::new().setting(&by)).expect("lawful");
    assert!(!rule_codes(&next.warnings).contains(&"R100"), "it was told when it opened");
}

#[test]
fn r100_warns_once_it_becomes_known_that_a_child_may_need_protection() {
    let by = police();
    let country = World::new().country;
    for status in S::ALL {
        let changed = at(*status).identity_changed(&of(&["UA"]), &country, &by, now());
        let helped = !matches!(status, S::ConcernLogged | S::Screening | S::NoGrounds | S::ClosedNoStatus);
        assert_eq!(changed.is_some(), helped, "{status}");
        let Some(decided) = changed else { continue };
        assert_eq!(decided.value.version, crate::Version(2));
        assert_eq!(decided.value.identification.owed, [Entitlement::AsylumInformation]);
        assert!(
            matches!(&decided.deadlines[..], [Change::Opened(it)] if it.kind == DutyKind::AsylumInformation)
        );
        assert_eq!((rule_codes(&decided.warnings), decided.facts.len()), (vec!["R100"], 1));
        assert!(decided.value.identity_changed(&of(&["UA"]), &country, &by, now()).is_none(), "once");
    }
}

#[test]
fn r100_allows_an_open_duty_to_stay_until_a_person_ends_it() {
    let (by, country) = (police(), World::new().country);
    let case = presumed(&by).value.case;
    assert!(case.identity_changed(&of(&["FI"]), &country, &by, now()).is_none(), "nothing is taken away");
    let ended = given(&case, Entitlement::AsylumInformation).expect("lawful").value.case;
    assert!(ended.identity_changed(&of(&["UA"]), &country, &by, now()).is_none(), "nothing is owed twice");
    let over = Case { status: crate::vocabulary::CaseStatus::Closed, ..at(S::IdentifiedVictim) };
    assert!(over.identity_changed(&of(&["UA"]), &country, &by, now()).is_none(), "who has no open case");
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

#[test]
fn what_was_given_belongs_to_the_case_from_the_day_before_it_was_taken_in() {
    let case = presumed(&police()).value.case;
    let days_ago = |days: i64| now().plus(Duration::days(-days));
    for days in [0, 1] {
        let act = Given { at: days_ago(days), ..giving(Entitlement::Information) };
        assert!(case.give(&act, &World::new().setting(&police())).is_ok(), "{days}");
    }
    let act = Given { at: days_ago(2), ..giving(Entitlement::Information) };
    let refused = case.give(&act, &World::new().setting(&police())).expect_err("refused");
    assert_eq!(codes(refused.violations()), ["before_the_case"]);
    assert_eq!(refused.violations()[0].pointer, "/doneAt");
}
