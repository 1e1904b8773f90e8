//! What is owed between the steps of the process: in the national review, from the acceptance to the plan, after turning
//! back, when a child did not arrive; and the view for which the child is asked again.

use super::*;
use crate::deadlines::{DutyKind as K, Outcome};

fn hours(hours: i64) -> Timestamp {
    now().plus(time::Duration::hours(hours))
}

type Ended = Vec<(K, Outcome)>;
type Opened = Vec<(K, AgencyId, Timestamp)>;

/// How duties end by an act, and who owes what it opens, by when.
fn books(decided: &crate::Decided<Request>) -> (Ended, Opened) {
    let (mut ended, mut opened) = (Vec::new(), Vec::new());
    for change in &decided.deadlines {
        match change {
            Change::Closed { kind, outcome, .. } => ended.push((*kind, *outcome)),
            Change::Opened(duty) => opened.push((duty.kind, duty.owner, duty.due_at)),
            _ => {}
        }
    }
    (ended, opened)
}

fn owes(it: &Request, kind: K) -> bool {
    it.owed().contains(&kind)
}

#[test]
fn the_own_office_reviews_a_request_in_time() {
    let draft = drafted(T::AssistanceReferral, Urgency::Urgent);
    assert!(!owes(&draft, K::ReviewRequest));
    let submitted = draft.submit_national(Channels::known(), here().lead(now())).expect("submitted");
    assert_eq!(books(&submitted).1, [(K::ReviewRequest, id(OFFICE), hours(24))]);
    let it = submitted.value;
    let sent = it.approve_send(Channels::known(), here().office(now())).expect("sent");
    assert_eq!(books(&sent).0, [(K::ReviewRequest, Outcome::Fulfilled)]);
    let returned = it.return_to_sender(here().office(now())).expect("returned");
    assert_eq!(books(&returned).0, [(K::ReviewRequest, Outcome::Fulfilled)]);
    let withdrawn = it.withdraw(String::new(), here().lead(now())).expect("withdrawn");
    assert_eq!(books(&withdrawn).0, [(K::ReviewRequest, Outcome::Lapsed)]);
}

#[test]
fn from_the_acceptance_to_the_departure_somebody_owes_the_next_step() {
    let (mut ours, mut theirs) = accepted(T::AssistanceReferral);
    assert!(owes(&ours, K::PlanTransfer) && owes(&theirs, K::PlanTransfer));
    let proposed = ours.propose_plan(plan(1), &ready(), false, here().office(hours(1))).expect("proposed");
    assert_eq!(books(&proposed).0, [(K::PlanTransfer, Outcome::Fulfilled)]);
    assert_eq!(books(&proposed).1, [(K::AnswerPlan, id(OFFICE), hours(25))]);
    ours = proposed.value;
    all_told(&mut ours, &mut theirs, hours(1));
    let refused = theirs.refuse_plan(String::new(), there().office(hours(2))).expect("refused");
    assert_eq!(books(&refused).0, [(K::AnswerPlan, Outcome::Fulfilled)]);
    theirs = refused.value;
    for message in theirs.sent.clone() {
        let came = ours.receive(&message, here().office(hours(2))).expect("received");
        if came.value != ours {
            assert_eq!(
                books(&came).1,
                [(K::PlanTransfer, id(LEAD), hours(74))],
                "who has the child plans anew"
            );
            ours = came.value;
        }
    }
    ours = ours.propose_plan(plan(2), &ready(), false, here().office(now())).expect("proposed").value;
    all_told(&mut ours, &mut theirs, now());
    let confirmed = theirs.confirm_plan(arrangement(), there().office(now())).expect("confirmed");
    assert_eq!(books(&confirmed).0, [(K::AnswerPlan, Outcome::Fulfilled)]);
    theirs = confirmed.value;
    all_told(&mut ours, &mut theirs, now());
    assert!(owes(&ours, K::BeginTransfer) && owes(&theirs, K::BeginTransfer));
    let left = ours.depart(&ready(), false, here().office(now())).expect("left");
    assert!(books(&left).0.contains(&(K::BeginTransfer, Outcome::Fulfilled)));
    assert_eq!(books(&left).1.iter().map(|it| it.0).collect::<Vec<_>>(), [K::ConfirmArrival]);
}

#[test]
fn a_child_that_is_turned_back_is_received_and_somebody_decides() {
    let (ours, theirs) = on_the_way(T::AssistanceReferral);
    let turned = theirs.turn_back(String::new(), there().office(hours(1))).expect("turned back");
    assert!(owes(&turned.value, K::ReceiveBack) && !owes(&turned.value, K::AnswerPlan));
    let message = turned.value.sent.last().expect("a message").clone();
    let came = ours.receive(&message, here().office(hours(1))).expect("received");
    assert_eq!(books(&came).1, [(K::ReceiveBack, id(LEAD), hours(25))]);
    let anew = came.value.propose_plan(plan(2), &ready(), false, here().lead(now())).expect("planned anew");
    assert_eq!(books(&anew).0, [(K::ReceiveBack, Outcome::Fulfilled)]);
}

#[test]
fn r77_opens_a_duty_that_a_danger_notice_fulfils() {
    let (ours, theirs) = on_the_way(T::AssistanceReferral);
    assert!(ours.warned(here().office(now())).is_none(), "nothing waits for it");
    let there_missed = theirs.note_missed_arrival(there().itself(hours(10))).expect("missed").value;
    assert!(!owes(&there_missed, K::WarnOfDanger), "who had the child warns");
    let missed = ours.note_missed_arrival(here().itself(hours(10))).expect("missed");
    assert_eq!(books(&missed).1, [(K::WarnOfDanger, id(LEAD), hours(34))]);
    let told = missed.value.late(&here().country, hours(11));
    let names = told.iter().find(|it| it.rule.is_some_and(|it| it.code == "R77")).expect("R77");
    assert!(names.because.contains("tr_danger_notice to focal-point"), "{}", names.because);
    let warned = missed.value.warned(here().office(hours(12))).expect("it waits");
    assert_eq!(books(&warned).0, [(K::WarnOfDanger, Outcome::Fulfilled)]);
    assert!(warned.value.warned(here().office(hours(12))).is_none(), "once");
    let arrived = there_missed.confirm_arrival(hours(11), there().office(hours(11))).expect("arrived").value;
    let message = arrived.sent.last().expect("a message").clone();
    let came = missed.value.receive(&message, here().office(hours(12))).expect("received");
    assert!(books(&came).0.contains(&(K::WarnOfDanger, Outcome::Lapsed)));
}

#[test]
fn r24_opens_the_duty_to_ask_the_child_on_the_day_that_was_named() {
    let (ours, _) = sent(T::AssistanceReferral);
    let due = ours.due(K::AskView, &here().country, now()).expect("a day").0;
    assert_eq!(here().country.day_of(due.plus(-time::Duration::SECOND)), crate::given::in_days(1).0);
    let other = ours.notify(NoticeKind::Correction, String::new(), here().lead(now())).expect("told").value;
    assert!(owes(&other, K::AskView), "another notice says nothing of it");
    let asked = ours.notify(NoticeKind::ChildAsked, String::new(), here().lead(now())).expect("told");
    assert!(books(&asked).0.contains(&(K::AskView, Outcome::Fulfilled)));
    let mut with_view = ours;
    with_view.prepared.child_view = None;
    assert!(!owes(&with_view, K::AskView));
}

/// D26: each direction ends by itself.
#[test]
fn notices_that_cross_are_owed_apart() {
    let (mut ours, mut theirs) = assessed(T::AssistanceReferral);
    ours = ours.notify(NoticeKind::Correction, String::new(), here().lead(now())).expect("told").value;
    theirs = theirs.notify(NoticeKind::Correction, String::new(), there().office(now())).expect("told").value;
    all_told(&mut ours, &mut theirs, now());
    assert!(owes(&ours, K::AcknowledgeNotice) && owes(&ours, K::ChaseNotice));
    let seq = ours.notices_to_acknowledge().next().expect("one").0;
    let done = ours.acknowledge_notice(seq, here().lead(now())).expect("acknowledged");
    assert_eq!(books(&done), (vec![(K::AcknowledgeNotice, Outcome::Fulfilled)], Vec::new()));
    assert!(owes(&done.value, K::ChaseNotice), "the own one still waits");
}

fn taken_over() -> (Request, Request) {
    let (mut ours, mut theirs) = on_the_way(T::AssistanceReferral);
    theirs = theirs.confirm_arrival(now(), there().office(now())).expect("arrived").value;
    theirs = theirs.hand_over(handover(), there().office(now())).expect("handed over").value;
    all_told(&mut ours, &mut theirs, now());
    (ours, theirs)
}

#[test]
fn reports_on_a_child_are_spread_over_the_year() {
    let (_, theirs) = taken_over();
    let days = |it: i64| now().plus(time::Duration::days(it));
    let first = theirs.report(String::new(), there().office(now())).expect("the first at any time").value;
    for day in [0, 7, 17] {
        assert_eq!(
            rules_of(first.report(String::new(), there().office(days(day)))),
            ["report_too_early"],
            "{day}"
        );
    }
    let mut it = first;
    for day in [22, 64, 138, 274] {
        assert_eq!(
            rules_of(it.report(String::new(), there().office(days(day - 3)))),
            ["report_too_early"],
            "{day}"
        );
        it = it.report(String::new(), there().office(days(day))).expect("reported").value;
    }
    assert_eq!(it.transfer.reports, 5);
    assert!(it.report(String::new(), there().office(days(274))).is_ok(), "more than is owed is no harm");
}

#[test]
fn a_follow_up_ends_with_the_last_report_or_a_reason() {
    let (mut ours, mut theirs) = taken_over();
    theirs = theirs.report(String::new(), there().office(now())).expect("reported").value;
    all_told(&mut ours, &mut theirs, now());
    let silent = Closing { follow_up_ends_because: None, ..closing() };
    assert_eq!(rules_of(ours.close(silent.clone(), here().lead(now()))), ["follow_up_open"]);
    assert_eq!(rules_of(ours.close(closing(), here().lead(now()))), ["done"]);
    ours.transfer.reports = 5;
    assert_eq!(rules_of(ours.close(silent.clone(), here().lead(now()))), ["done"]);
    let (mut ours, mut theirs) = assessed(T::Information);
    theirs = theirs.answer(String::new(), there().office(now())).expect("answered").value;
    all_told(&mut ours, &mut theirs, now());
    assert_eq!(rules_of(ours.close(silent, here().lead(now()))), ["done"], "no child was followed");
}
