//! Time limits, the pause and the ladder, against the numbers of 4.4 written apart.

use super::*;
use crate::{
    CodeList as _,
    deadlines::{DutyKind, Outcome, Span},
};

fn after(hours: i64) -> Timestamp {
    now().plus(time::Duration::hours(hours))
}

fn due(it: &Request, kind: DutyKind) -> Option<Timestamp> {
    it.owed().contains(&kind).then(|| it.due(kind, &there().country, now())).flatten().map(|(at, _)| at)
}

#[test]
fn the_times_are_those_of_the_description() {
    let expected = [
        (Urgency::Immediate, Span::Hours(4), Span::Hours(24)),
        (Urgency::Urgent, Span::Hours(24), Span::Hours(72)),
        (Urgency::Priority, Span::WorkingDays(3), Span::WorkingDays(10)),
        (Urgency::Standard, Span::WorkingDays(5), Span::CalendarDays(30)),
    ];
    for (urgency, acknowledge, decide) in expected {
        assert_eq!((acknowledge_within(urgency), decide_within(urgency)), (acknowledge, decide), "{urgency}");
    }
    assert_eq!(
        REPORTS,
        [Span::CalendarDays(7), Span::Months(1), Span::Months(3), Span::Months(6), Span::Months(12)]
    );
}

#[test]
fn the_times_run_from_the_first_receipt_on_both_sides() {
    let (mut ours, mut theirs) = sent(T::Locate);
    assert_eq!(ours.clock(), Some(now()), "until the receipt from the sending");
    let received = after(-1);
    theirs.first_received_at = Some(received);
    all_told(&mut ours, &mut theirs, now());
    for it in [&ours, &theirs] {
        assert_eq!(it.clock(), Some(received));
        assert_eq!(due(it, DutyKind::AcknowledgeRequest), Some(after(23)));
        assert_eq!(due(it, DutyKind::DecideRequest), Some(after(71)));
    }
}

#[test]
fn the_time_to_decide_stands_still_once_and_the_limit_of_the_law_never() {
    let (_, theirs) = sent(T::Information);
    let mut it = theirs.acknowledge(String::new(), there().office(now())).expect("acknowledged").value;
    let (decide, legal) = (due(&it, DutyKind::DecideRequest), due(&it, DutyKind::LegalAnswer));
    for (round, stood) in [(0, 5), (1, 5)] {
        let asked =
            it.request_more(vec![String::new()], there().office(after(1 + round * 10))).expect("asked");
        it = asked.value;
        let message = Message {
            request: it.id,
            from: Side::Requesting,
            seq: it.applied() + 1,
            seen: u32::try_from(it.sent.len()).expect("few"),
            at: now(),
            body: Body::InfoGiven(vec![Reply::Answer(String::new())]),
        };
        it = it.receive(&message, there().office(after(6 + round * 10))).expect("answered").value;
        let moved = decide.map(|it| it.plus(time::Duration::hours(stood)));
        assert_eq!(due(&it, DutyKind::DecideRequest), moved, "asking twice is no way to wait");
        assert_eq!(due(&it, DutyKind::LegalAnswer), legal);
    }
}

#[test]
fn an_answer_that_does_not_come_lets_the_time_run_on() {
    let (_, theirs) = sent(T::Locate);
    let it = theirs.acknowledge(String::new(), there().office(now())).expect("acknowledged").value;
    let asked = it.request_more(vec![String::new()], there().office(now())).expect("asked");
    assert!(asked.deadlines.iter().any(|it| matches!(it, Change::Moved { .. })));
    assert_eq!(due(&asked.value, DutyKind::DecideRequest), Some(after(72 + 24)), "at the longest this long");
}

#[test]
fn what_is_owed_ends_with_the_deed_or_with_the_request() {
    let outcome = |decided: crate::Decided<Request>, kind: DutyKind| {
        decided.deadlines.into_iter().find_map(|it| match it {
            Change::Closed { kind: other, outcome, .. } if other == kind => Some(outcome),
            _ => None,
        })
    };
    let (ours, theirs) = on_the_way(T::AssistanceReferral);
    let missing = ours.missing_from().expect("a time");
    let arrived = theirs.confirm_arrival(now(), there().office(now())).expect("arrived");
    assert_eq!(outcome(arrived, DutyKind::ConfirmArrival), Some(Outcome::Fulfilled));
    let missed = theirs.note_missed_arrival(there().itself(missing)).expect("missed");
    assert_eq!(outcome(missed, DutyKind::ConfirmArrival), Some(Outcome::Missed));
    let turned = theirs.turn_back(String::new(), there().office(now())).expect("turned");
    assert_eq!(outcome(turned, DutyKind::ConfirmArrival), Some(Outcome::Lapsed));
    let (_, theirs) = sent(T::Locate);
    let named = theirs.acknowledge(String::new(), there().office(now())).expect("acknowledged");
    assert_eq!(outcome(named, DutyKind::AcknowledgeRequest), Some(Outcome::Fulfilled));
    let to = competent(40, "other");
    let forwarded = theirs.forward(to, String::new(), there().office(after(1))).expect("forwarded");
    assert_eq!(outcome(forwarded, DutyKind::AcknowledgeRequest), Some(Outcome::Lapsed), "owed anew");
}

#[test]
fn reports_are_due_after_a_week_and_one_three_six_and_twelve_months() {
    let (_, theirs) = on_the_way(T::AssistanceReferral);
    let it = theirs.confirm_arrival(now(), there().office(now())).expect("arrived").value;
    let mut it = it.hand_over(handover(), there().office(now())).expect("handed over").value;
    for day in ["2026-12-01", "2026-12-28", "2027-02-24", "2027-05-24", "2027-11-24"] {
        let due = due(&it, DutyKind::FollowUpReport).expect("due").plus(-time::Duration::HOUR);
        assert_eq!(there().country.day_of(due), Day::parse(day).expect("a day").0, "{day}");
        it = it.report(String::new(), there().office(due)).expect("reported").value;
    }
    assert_eq!(due(&it, DutyKind::FollowUpReport), None);
}

#[test]
fn the_ladder_has_five_steps_each_told_once() {
    use LadderRecipient as L;
    let channels = Channels::known();
    let step = |taken, other, hours| {
        let country = here().country;
        let to = (channels, crate::given::country(other));
        let due = (None, now());
        next_rung(taken, due, Urgency::Urgent, to, &country, after(hours)).map(|it| (it.told, it.next_at))
    };
    let expected = [
        vec![L::Officer],
        vec![L::HeadThere, L::OwnOffice],
        vec![L::CoordinatorHere, L::CoordinatorThere],
        vec![L::EuropeanContact],
        vec![L::RequestingLead],
    ];
    for (taken, told) in (0_u8..).zip(expected) {
        let hours = 24 * i64::from(taken);
        assert_eq!(step(taken, "FI", hours - 1), None, "not before");
        let next = (taken < 4).then(|| after(hours + 24));
        assert_eq!(step(taken, "FI", hours), Some((told, next)), "step {}", taken + 1);
    }
    assert_eq!(step(LAST_RUNG, "FI", 1_000), None);
    assert_eq!(step(3, "NO", 72).map(|it| it.0), Some(vec![L::ConsularOrIss]), "outside the Regulation");
}

#[test]
fn of_a_limit_of_the_law_somebody_hears_while_there_is_time_and_everybody_else_from_the_day_on() {
    let (country, there) = (here().country, (Channels::known(), crate::given::country("FI")));
    let due = (Some(after(-24 * 15)), now());
    let step = |taken, hours| {
        let rung = next_rung(taken, due, Urgency::Urgent, there, &country, after(hours));
        rung.map(|it| (it.number, it.next_at))
    };
    assert_eq!(step(0, -24 * 15 - 1), None);
    assert_eq!(step(0, -24 * 15), Some((1, Some(now()))), "two months and a half have passed");
    assert_eq!(step(1, -1), None, "and nobody else until it is due");
    assert_eq!(step(1, 0), Some((2, Some(after(24)))));
    assert_eq!(step(2, 24), Some((3, Some(after(48)))));
}

#[test]
fn whoever_stands_outside_is_to_be_asked_on_the_fourth_step_and_on_no_other() {
    use LadderRecipient as L;
    for (other, asked) in [("FI", L::EuropeanContact), ("NO", L::ConsularOrIss)] {
        let there = (Channels::known(), crate::given::country(other));
        let ask = |taken| {
            next_rung(taken, (None, now()), Urgency::Urgent, there, &here().country, after(1_000))
                .and_then(|it| it.to_ask())
        };
        assert_eq!([0, 1, 2, 3, 4].map(ask), [None, None, None, Some(asked), None], "{other}");
    }
}

/// Every duty of a request has a rule behind it and a limit that can be computed where it is owed.
#[test]
fn every_duty_that_is_owed_has_a_time() {
    for kind in T::ALL {
        let (ours, theirs) = sent(*kind);
        for (it, end) in [(ours, here()), (theirs, there())] {
            for duty in it.owed() {
                assert!(
                    it.due(duty, &end.country, now()).is_some()
                        && (duty.abroad() || duty == DutyKind::AskView),
                    "{kind} {duty}"
                );
            }
        }
    }
    assert_eq!(DutyKind::ALL.iter().filter(|it| it.abroad()).count(), 16);
}
