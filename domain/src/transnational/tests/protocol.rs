//! Every course that two sides and a bad network can take, explored to the end.

use std::time::{Duration, Instant};

use stateright::{Checker, Model};

use super::{
    model::{Both, Course, Wrong},
    *,
};
use RequestAct as A;
use Side::{Requested, Requesting};

/// Explores a course to its end, with every property held; says how many states there were.
fn explored(name: &str, course: Course, at_least: usize) {
    let began = Instant::now();
    let checker = course.checker().threads(2).timeout(Duration::from_mins(10)).spawn_bfs().join();
    let states = checker.unique_state_count();
    println!("{name}: {states} states, {} deep, {:?}", checker.max_depth(), began.elapsed());
    checker.assert_properties();
    assert!(checker.is_done(), "{name} was not explored to its end");
    assert!(states >= at_least, "{name} has only {states} states: does anything still happen in it?");
}

fn from_sent(kind: T) -> Both {
    let (ours, _) = sent(kind);
    Both { ours, theirs: None, broken: None, gone: false, void: None }
}

fn from_both((ours, theirs): (Request, Request)) -> Both {
    Both { ours: forgotten(ours), theirs: Some(forgotten(theirs)), broken: None, gone: false, void: None }
}

fn forgotten(it: Request) -> Request {
    Request { version: crate::Version::FIRST, ..it }
}

#[test]
fn from_sending_to_the_decision() {
    explored(
        "to the decision",
        Course::new(
            from_sent(T::AssistanceReferral),
            vec![
                (Requesting, A::Withdraw, 2),
                (Requesting, A::AnswerMore, 1),
                (Requesting, A::Close, 1),
                (Requesting, A::MarkUndeliverable, 1),
                (Requesting, A::RetryDelivery, 1),
                (Requested, A::Acknowledge, 1),
                (Requested, A::Forward, 1),
                (Requested, A::TakeForwarded, 2),
                (Requested, A::RequestMore, 1),
                (Requested, A::Assess, 1),
                (Requested, A::Accept, 1),
                (Requested, A::Decline, 1),
            ],
        ),
        2_000,
    );
}

/// A request that nobody takes is sent to another office, be the first one gone for good or only late.
#[test]
fn a_request_that_is_sent_to_another_office() {
    for gone in [false, true] {
        let start = Both { gone, ..from_sent(T::AssistanceReferral) };
        explored(
            "readdressed",
            Course::new(
                start,
                vec![
                    (Requesting, A::MarkUndeliverable, 2),
                    (Requesting, A::Readdress, 2),
                    (Requesting, A::Withdraw, 1),
                    (Requesting, A::Close, 1),
                    (Requested, A::Acknowledge, 1),
                    (Requested, A::Forward, 1),
                    (Requested, A::Decline, 1),
                ],
            ),
            1_000,
        );
    }
}

const VOIDED: &[(Side, A, usize)] = &[
    (Requesting, A::MarkUndeliverable, 1),
    (Requesting, A::RetryDelivery, 1),
    (Requesting, A::Withdraw, 2),
    (Requesting, A::Close, 1),
    (Requested, A::Acknowledge, 1),
    (Requested, A::Forward, 1),
    (Requested, A::Assess, 1),
    (Requested, A::Accept, 1),
    (Requested, A::AcknowledgeNotice, 1),
];

/// What nobody is known to have received is declared void: before, while and after the request itself comes.
#[test]
fn a_request_that_reaches_nobody_is_declared_void() {
    explored("void", Course::new(from_sent(T::AssistanceReferral), VOIDED.to_vec()), 500);
}

/// The proof can fail: whoever ends it without a word, or forgets what was void, leaves somebody at work for nobody.
#[test]
fn an_end_without_a_void_and_a_void_that_is_forgotten_are_found_out() {
    for (wrong, broken) in [
        (Wrong::ClosesWithoutVoid, "both sides end equal"),
        (Wrong::ForgetsTheVoid, "what is void on both sides is nobody's work"),
    ] {
        let course = Course::new(from_sent(T::AssistanceReferral), VOIDED.to_vec());
        let checker = Course { wrong: Some(wrong), ..course }.checker().spawn_bfs().join();
        assert!(checker.discovery(broken).is_some(), "{wrong:?}: nothing was found");
    }
}

/// An office that is never to know any more gives it away, on either side and at any time.
#[test]
fn offices_change_while_everything_else_goes_on() {
    explored(
        "offices",
        Course::new(
            from_sent(T::AssistanceReferral),
            vec![
                (Requesting, A::MarkUndeliverable, 1),
                (Requesting, A::Readdress, 1),
                (Requesting, A::ChangeOffice, 1),
                (Requested, A::ChangeOffice, 1),
                (Requested, A::Acknowledge, 1),
                (Requested, A::Decline, 1),
            ],
        ),
        1_000,
    );
}

/// Whoever asks need not wait for the answer, may forward meanwhile, and whoever has it then asks again: answers cross.
#[test]
fn questions_that_are_given_up_and_asked_again() {
    let (mut ours, mut theirs) = sent(T::AssistanceReferral);
    theirs = theirs.acknowledge(String::new(), there().office(now())).expect("acknowledged").value;
    all_told(&mut ours, &mut theirs, now());
    explored(
        "questions",
        Course::new(
            from_both((ours, theirs)),
            vec![
                (Requesting, A::Withdraw, 1),
                (Requesting, A::AnswerMore, 2),
                (Requested, A::RequestMore, 2),
                (Requested, A::Forward, 1),
                (Requested, A::TakeForwarded, 2),
                (Requested, A::Assess, 2),
                (Requested, A::Decline, 1),
            ],
        ),
        500,
    );
}

#[test]
fn a_request_that_is_answered_with_suspensions_and_notices() {
    explored(
        "to the answer",
        Course::new(
            from_both(assessed(T::Information)),
            vec![
                (Requesting, A::Withdraw, 1),
                (Requesting, A::Close, 1),
                (Requesting, A::Notify, 1),
                (Requested, A::Answer, 1),
                (Requested, A::Suspend, 1),
                (Requested, A::Lift, 1),
                (Requested, A::AcknowledgeNotice, 1),
            ],
        ),
        2_000,
    );
}

#[test]
fn from_the_acceptance_to_the_end_of_the_move() {
    explored(
        "the move",
        Course::new(
            from_both(accepted(T::AssistanceReferral)),
            vec![
                (Requesting, A::Withdraw, 1),
                (Requesting, A::ProposePlan, 2),
                (Requesting, A::Depart, 2),
                (Requesting, A::TurnBack, 1),
                (Requesting, A::Close, 1),
                (Requested, A::ConfirmPlan, 2),
                (Requested, A::RefusePlan, 1),
                (Requested, A::TurnBack, 1),
                (Requested, A::ConfirmArrival, 1),
                (Requested, A::HandOver, 1),
                (Requested, A::Report, 1),
            ],
        ),
        1_000,
    );
}

#[test]
fn a_child_on_the_way_when_a_side_suspends() {
    explored(
        "suspended on the way",
        Course::new(
            from_both(planned(T::AssistanceReferral)),
            vec![
                (Requesting, A::Depart, 1),
                (Requesting, A::TurnBack, 1),
                (Requesting, A::NoteMissedArrival, 1),
                (Requesting, A::Suspend, 1),
                (Requesting, A::Withdraw, 1),
                (Requested, A::ConfirmArrival, 1),
                (Requested, A::HandOver, 1),
                (Requested, A::Suspend, 1),
                (Requested, A::Lift, 1),
            ],
        ),
        2_000,
    );
}

/// The proof can fail: a side that withdraws by itself disagrees with the one that has accepted meanwhile.
#[test]
fn a_withdrawal_that_decides_by_itself_is_found_out() {
    let acts = vec![(Requesting, A::Withdraw, 1), (Requested, A::Accept, 1)];
    let course = || Course::new(from_both(assessed(T::AssistanceReferral)), acts.clone());
    let naive = Course { wrong: Some(Wrong::WithdrawsByItself), ..course() };
    let checker = naive.checker().spawn_bfs().join();
    assert!(checker.discovery("both sides end equal").is_some(), "nothing was found");
    explored("the same as a request", course(), 5);
}
