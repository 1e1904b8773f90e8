//! Questions: the time to decide stands still once, and never for longer than the sender has to answer.

use time::Duration;

use super::*;
use crate::{
    Refused,
    deadlines::{Change, DutyKind},
    given::{at, country_with, profile, rule_codes},
};

fn asked_at(referral: &Referral, at: Timestamp) -> Decided<Referral> {
    referral.request_information("Is he hurt?".to_owned(), &country_entry(), &receiver(), at).expect("lawful")
}

fn told_at(referral: &Referral, at: Timestamp) -> Decided<Referral> {
    referral.provide_information("No.".to_owned(), &country_entry(), &sender(), at).expect("lawful")
}

fn decide_by(referral: &Referral) -> Timestamp {
    referral.sent.expect("sent").decide_by
}

#[test]
fn r105_allows_a_question_and_the_decision_waits_exactly_as_long_as_the_answer() {
    let before = acknowledged();
    // Urgent in this profile: the sender has four hours to answer.
    let asked = asked_at(&before, now());
    assert_eq!(decide_by(&asked.value), decide_by(&before).plus(Duration::hours(4)), "at the latest");
    let answer_by = asked.value.file.exchanges[0].answer_by;
    assert_eq!(answer_by, at("2026-11-24T12:30:00Z"));
    for (minutes, stood) in [(0, 0), (1, 1), (90, 90), (240, 240), (241, 240), (9_999, 240)] {
        let told = told_at(&asked.value, now().plus(Duration::minutes(minutes))).value;
        assert_eq!(decide_by(&told), decide_by(&before).plus(Duration::minutes(stood)), "after {minutes}");
    }
}

#[test]
fn r105_refuses_where_no_time_to_answer_is_set() {
    let mut silent = profile();
    silent.response_times.value.clear();
    let asked = acknowledged().request_information(
        "Is he hurt?".to_owned(),
        &country_with(silent),
        &receiver(),
        now(),
    );
    assert_eq!(rule_codes(asked.expect_err("refused").violations()), ["R105"]);
}

#[test]
fn the_clock_stops_once_and_a_question_on_a_question_waits() {
    let first = asked_at(&acknowledged(), now()).value;
    let again = first.request_information("And?".to_owned(), &country_entry(), &receiver(), now());
    assert!(matches!(again, Err(Refused::WrongState(_))), "one at a time");
    let told = told_at(&first, now().plus(Duration::minutes(10))).value;
    let second = asked_at(&told, now().plus(Duration::minutes(20)));
    assert_eq!(decide_by(&second.value), decide_by(&told), "it does not stop again");
    assert!(second.deadlines.iter().all(|it| !matches!(it, Change::Moved { .. })));
    assert!(
        second
            .deadlines
            .iter()
            .any(|it| matches!(it, Change::Opened(duty) if duty.kind == DutyKind::ProvideInformation)),
        "the sender still owes an answer"
    );
    assert_eq!(second.value.file.exchanges.len(), 2);
}

#[test]
fn what_is_overdue_is_not_postponed_by_a_question() {
    let late = decide_by(&acknowledged()).plus(Duration::seconds(1));
    let asked = asked_at(&acknowledged(), late);
    assert_eq!(decide_by(&asked.value), decide_by(&acknowledged()));
    assert_eq!(asked.value.file.pause, None);
}
