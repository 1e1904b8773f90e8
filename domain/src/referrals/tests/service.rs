//! How a service begins and ends, and what the sender is told.

use super::*;
use crate::{
    Refused,
    deadlines::{Change, DutyKind},
    given::{codes, in_days, rule_codes},
    referrals::{Accept, Complete, ReferralOutcome},
    vocabulary::ReferralStatus,
};

fn accepted() -> Referral {
    let act = Accept { worker: "desk".to_owned(), first_appointment_on: in_days(1), services: None };
    let rest = (id(201), crate::Reference::from_entropy([3; 8]));
    acknowledged().accept(act, rest, &country_entry(), &receiver(), now()).expect("lawful").this.value
}

fn in_service() -> Referral {
    accepted().start(&receiver(), now()).expect("lawful").value
}

fn ending(outcome: ReferralOutcome, feedback: Option<&str>) -> Complete {
    Complete {
        outcome,
        delivered: vec![ServiceCode::CrisisPsychological],
        feedback: feedback.map(str::to_owned),
    }
}

fn owes_feedback(decided: &Decided<Referral>) -> bool {
    let opened = |it: &Change| matches!(it, Change::Opened(duty) if duty.kind == DutyKind::Feedback);
    decided.deadlines.iter().any(opened)
}

#[test]
fn r107_warns_when_the_sender_is_not_told_and_it_is_owed_until_it_is() {
    let silent = ending(ReferralOutcome::NeedsMet, None);
    let done = in_service().complete(silent, &country_entry(), &receiver(), now()).expect("a warning only");
    assert_eq!(rule_codes(&done.warnings), ["R107"]);
    assert!(owes_feedback(&done) && done.value.owes_feedback());
    let told = done.value.give_feedback("He is well.".to_owned(), &receiver(), now()).expect("lawful");
    assert!(!told.value.owes_feedback());
    assert_eq!(told.value.status, ReferralStatus::Completed, "feedback changes no state");
    let again = told.value.give_feedback("Again.".to_owned(), &receiver(), now());
    assert!(matches!(again, Err(Refused::WrongState(_))), "it is given once");
}

#[test]
fn r107_allows_an_end_with_feedback_silently() {
    let act = ending(ReferralOutcome::PartlyMet, Some("He is well."));
    let done = in_service().complete(act, &country_entry(), &receiver(), now()).expect("lawful");
    assert!(done.warnings.is_empty() && !owes_feedback(&done));
    assert_eq!(done.value.file.ended.expect("ended").delivered, [ServiceCode::CrisisPsychological]);
}

#[test]
fn what_ends_before_its_time_met_no_needs() {
    for before in [accepted(), in_service()] {
        let met = ending(ReferralOutcome::NeedsMet, Some("done"));
        let refused = before.interrupt(met, &country_entry(), &receiver(), now()).expect_err("refused");
        assert_eq!(codes(refused.violations()), ["outcome_contradicts"]);
        let gone = ending(ReferralOutcome::ChildDeclined, Some("He left."));
        let ended = before.interrupt(gone, &country_entry(), &receiver(), now()).expect("lawful").value;
        assert_eq!(ended.status, ReferralStatus::Interrupted);
        assert!(ended.over() && ended.owed().is_empty());
    }
}
