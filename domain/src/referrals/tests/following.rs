//! Rerouting: who may, with which clock, and when the coordinator is told.

use time::Duration;

use super::*;
use crate::{
    AgencyId, Refused,
    deadlines::DutyKind,
    events::EventType,
    given::{codes, rule_codes},
    referrals::{Decline, Followed, Origin, OriginKind, ProposeReroute, Reroute, Suggestion},
    vocabulary::{DeclineReason, ReferralStatus},
};

const OTHER: u128 = 5;
const COORDINATOR: u128 = 6;

fn rerouted_to(number: u128, it: &Referral, at: Timestamp) -> Result<Followed, Refused> {
    let to = agency(number, AgencyType::Shelter);
    let need = it.need(&child().identity, at);
    let fit = fit_of(&to, &need, at);
    let act = Reroute { id: id(300), reference: crate::Reference::from_entropy([4; 8]) };
    it.reroute(act, &fit, (&country_entry(), Some(id(COORDINATOR))), &sender(), at)
}

fn declined() -> Referral {
    let act = Decline {
        reason: DeclineReason::NoCapacity,
        explanation: None,
        suggestion: Some(Suggestion::NoneKnown),
    };
    acknowledged().decline(act, &country_entry(), &receiver(), now()).expect("lawful").value
}

fn proposing(reason: DeclineReason, to: AgencyId) -> ProposeReroute {
    ProposeReroute { reason, explanation: None, to }
}

fn after(reroutes: u16) -> Referral {
    let origin = Origin { kind: OriginKind::Rerouted, referral: id(199), clock: now(), reroutes };
    Referral { origin: Some(origin), ..declined() }
}

#[test]
fn r83_allows_a_first_and_second_reroute_and_keeps_the_first_clock() {
    for reroutes in [0, 1] {
        let later = now().plus(Duration::days(1));
        let before = if reroutes == 0 { declined() } else { after(reroutes) };
        let Followed { this, next } = rerouted_to(OTHER, &before, later).expect("lawful");
        let next = next.expect("it follows").value;
        assert!(this.warnings.iter().all(|it| it.rule.is_none()), "{:?}", this.warnings);
        assert_eq!(this.value.status, ReferralStatus::Rerouted);
        assert_eq!(this.value.file.followed_by, [next.id]);
        let origin = next.origin.expect("it follows");
        assert_eq!((origin.clock, origin.reroutes), (now(), reroutes + 1));
        let sent = next.send(
            lawful_send(),
            (&case(), &child(), &Relation::Lead),
            &country_entry(),
            &sender(),
            later,
        );
        let sent = sent.expect("lawful").value.sent.expect("sent");
        assert_eq!(sent.at, later);
        assert_eq!(sent.acknowledge_by, now().plus(Duration::hours(4)), "the clock of the first sending");
        assert!(this.facts.iter().all(|it| it.event != EventType::ReferralRerouteEscalated));
    }
}

#[test]
fn r83_warns_at_the_third_reroute_and_the_coordinator_is_told() {
    let Followed { this, next } = rerouted_to(OTHER, &after(2), now()).expect("a warning only");
    assert_eq!(rule_codes(&this.warnings), ["R83"]);
    let told = this.facts.iter().find(|it| it.event == EventType::ReferralRerouteEscalated).expect("told");
    assert!(told.audience.contains(&id(COORDINATOR)));
    assert!(next.expect("it follows").facts[0].audience.iter().all(|it| *it != id(COORDINATOR)));
}

#[test]
fn r83_warns_when_the_first_clock_has_run_out() {
    let next = rerouted_to(OTHER, &declined(), now()).expect("lawful").next.expect("it follows").value;
    let of = (&case(), &child(), &Relation::Lead);
    let due = now().plus(Duration::hours(4));
    let in_time = next.send(lawful_send(), of, &country_entry(), &sender(), due).expect("lawful");
    assert!(in_time.warnings.is_empty());
    let late = due.plus(Duration::microseconds(1));
    let late = next.send(lawful_send(), of, &country_entry(), &sender(), late).expect("a warning only");
    assert_eq!(rule_codes(&late.warnings), ["R83"]);
}

#[test]
fn nobody_reroutes_what_is_being_answered_unless_it_was_proposed() {
    let open = acknowledged();
    assert!(matches!(rerouted_to(OTHER, &open, now()), Err(Refused::WrongState(_))));
    let act = proposing(DeclineReason::NoCapacity, id(OTHER));
    let proposed = open.propose_reroute(act, &receiver(), now()).expect("lawful").value;
    assert_eq!(proposed.status, ReferralStatus::Acknowledged, "the receiver stays responsible");
    assert_eq!(proposed.responsible(), Some(id(RECEIVER)));
    assert!(proposed.owed().contains(&DutyKind::Decide));
    let together = rerouted_to(OTHER, &proposed, now()).expect("lawful");
    assert_eq!(together.this.value.status, ReferralStatus::Rerouted);
}

#[test]
fn a_proposal_needs_a_lawful_ground_and_another_agency() {
    let open = acknowledged();
    let forbidden = proposing(DeclineReason::Nationality, id(OTHER));
    let refused = open.propose_reroute(forbidden, &receiver(), now()).expect_err("refused");
    assert_eq!(rule_codes(refused.violations()), ["R82"]);
    for side in [SENDER, RECEIVER] {
        let to_a_side = proposing(DeclineReason::NoCapacity, id(side));
        let refused = open.propose_reroute(to_a_side, &receiver(), now()).expect_err("refused");
        assert_eq!(codes(refused.violations()), ["not_another_agency"]);
    }
}

#[test]
fn whoever_did_not_take_it_is_not_asked_again() {
    let refused = rerouted_to(RECEIVER, &declined(), now()).expect_err("refused");
    assert_eq!(codes(refused.violations()), ["same_receiver"]);
}

#[test]
fn r106_refuses_to_leave_a_declined_child_to_nobody() {
    let act = Decline {
        reason: DeclineReason::NoCapacity,
        explanation: None,
        suggestion: Some(Suggestion::NoneKnown),
    };
    let decided = acknowledged().decline(act, &country_entry(), &receiver(), now()).expect("lawful");
    let duty = decided.deadlines.iter().find_map(|it| match it {
        crate::deadlines::Change::Opened(duty) => Some(duty),
        _ => None,
    });
    let duty = duty.expect("a duty begins");
    assert_eq!((duty.kind, duty.owner, duty.watcher), (DutyKind::NextStep, id(SENDER), None));
    // Urgent in this profile: the sender has eight hours to find other help.
    assert_eq!(duty.due_at, now().plus(Duration::hours(8)));
    assert_eq!(decided.value.owed(), [DutyKind::NextStep]);
    let expired = sent_to(AgencyType::Barnahus, Urgency::Urgent, now()).value;
    let expired = expired.expire(&country_entry(), now()).expect("lawful").value;
    assert_eq!((expired.owed(), expired.responsible()), (vec![DutyKind::NextStep], Some(id(SENDER))));
}

#[test]
fn r106_allows_each_of_the_three_ways_out() {
    let no_need = crate::referrals::Cancel { reason: "an aunt took him in".to_owned() };
    assert!(declined().cancel(no_need, &sender(), now()).expect("lawful").value.owed().is_empty());
    let Followed { this, next } = rerouted_to(OTHER, &declined(), now()).expect("lawful");
    assert!(this.value.owed().is_empty());
    let draft = next.expect("it follows").value;
    assert_eq!(draft.owed(), [DutyKind::NextStep], "the draft is to be sent in time");
    let sent =
        draft.send(lawful_send(), (&case(), &child(), &Relation::Lead), &country_entry(), &sender(), now());
    assert!(!sent.expect("lawful").value.owed().contains(&DutyKind::NextStep));
}
