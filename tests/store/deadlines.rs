//! Deadlines: opened, moved and closed with the act, escalated once per rung on whichever instance, never in silence.

use std::{sync::Barrier, thread};

use domain::{
    Decided, ReferralId, Timestamp,
    access::Caller,
    deadlines::{Deadline, DeadlineState, DutyKind},
    referrals::{ProposeReroute, Referral},
    vocabulary::{DeclineReason, ReferralStatus},
};
use persistence::{
    StepTaken, Store, StoreError,
    deadlines::{DeadlineFilter, DeadlineScope, DeadlineStanding},
};

use crate::given::{House, ask, ask_one, later, now, words};

fn listed(house: &House, by: &Caller, scope: DeadlineScope, at: Timestamp) -> Vec<Deadline> {
    let filter =
        DeadlineFilter { scope, standing: None, case: None, subject: None, duty: None, due_before: None };
    house.read_as(by, at, |tx| tx.deadlines(filter, None, 200)).expect("listed")
}

/// Duty and state of each deadline of a referral.
fn standing(house: &House, it: &Referral, at: Timestamp) -> Vec<(DutyKind, DeadlineState)> {
    let scope = DeadlineScope::Case(it.case);
    let mut all: Vec<_> = listed(house, &house.child_protection, scope, at)
        .into_iter()
        .filter(|of| of.duty.subject_id == it.id.0)
        .map(|it| (it.duty.kind, it.state(at)))
        .collect();
    all.sort_unstable_by_key(|it| it.0);
    all
}

#[test]
fn each_act_opens_moves_and_closes_what_it_is_about() {
    use DeadlineState::{Lapsed, Met, Paused, Running};
    use DutyKind::{Acknowledge, Decide, FirstContact, NextStep, ProvideInformation};
    let house = House::new();
    let (case, _) = house.given_case();
    let sent = house.given_referral(&case, ReferralStatus::Sent);
    assert_eq!(
        standing(&house, &sent, later(2)),
        [(Acknowledge, Running), (Decide, Running), (FirstContact, Running)]
    );
    let known = house.moved(&sent, &house.barnahus, ReferralStatus::Acknowledged, later(2));
    let asked = house.moved(&known, &house.barnahus, ReferralStatus::InfoRequested, later(3));
    assert_eq!(
        standing(&house, &asked, later(4)),
        [(Acknowledge, Met), (Decide, Paused), (FirstContact, Running), (ProvideInformation, Running)]
    );
    let declined = house.moved(&asked, &house.barnahus, ReferralStatus::Declined, later(5));
    assert_eq!(
        standing(&house, &declined, later(6)),
        [
            (Acknowledge, Met),
            (Decide, Met),
            (FirstContact, Lapsed),
            (ProvideInformation, Lapsed),
            (NextStep, Running)
        ]
    );
    let moved = listed(&house, &house.barnahus, DeadlineScope::Agency, later(6))
        .into_iter()
        .find(|it| it.duty.kind == Decide)
        .expect("the decision");
    assert_eq!(moved.duty.due_at, asked.sent.expect("sent").decide_by, "the referral and its deadline agree");
    assert_eq!(moved.duty.computed_from.pauses.len(), 1, "and it says why");
}

#[test]
fn each_agency_sees_its_own_part() {
    let house = House::new();
    let (case, _) = house.given_case();
    let sent = house.given_referral(&case, ReferralStatus::Sent);
    let kinds = |by: &Caller, scope| {
        let all = listed(&house, by, scope, later(2));
        all.into_iter().filter(|it| it.duty.subject_id == sent.id.0).count()
    };
    assert_eq!(kinds(&house.barnahus, DeadlineScope::Agency), 3);
    assert_eq!(kinds(&house.police, DeadlineScope::Watched), 3);
    assert_eq!(kinds(&house.police, DeadlineScope::Agency), 0);
    for scope in
        [DeadlineScope::Mine, DeadlineScope::Agency, DeadlineScope::Watched, DeadlineScope::Escalated]
    {
        assert_eq!(kinds(&house.shelter, scope), 0, "nobody else");
        assert_eq!(kinds(&house.police_abroad, scope), 0, "nobody abroad");
    }
    let id = listed(&house, &house.barnahus, DeadlineScope::Agency, later(2))[0].id;
    assert!(house.read(&house.police, |tx| tx.deadline(id)).is_ok());
    assert!(house.read(&house.child_protection, |tx| tx.deadline(id)).is_ok(), "who leads the case");
    for by in [&house.shelter, &house.police_abroad] {
        assert!(matches!(house.read(by, |tx| tx.deadline(id)), Err(StoreError::NotFound)));
    }
}

#[test]
fn the_list_is_in_the_order_in_which_things_are_due_and_reads_on() {
    let house = House::new();
    let (case, _) = house.given_case();
    for _ in 0..4 {
        house.given_referral(&case, ReferralStatus::Sent);
    }
    let whole = listed(&house, &house.barnahus, DeadlineScope::Agency, later(2));
    assert_eq!(whole.len(), 12);
    assert!(whole.is_sorted_by_key(|it| (it.duty.due_at, it.id)));
    let filter = DeadlineFilter {
        scope: DeadlineScope::Agency,
        standing: Some(DeadlineStanding::Open),
        case: Some(case.id),
        subject: None,
        duty: None,
        due_before: None,
    };
    let mut read = Vec::new();
    let mut place = None;
    loop {
        let page = house.read(&house.barnahus, |tx| tx.deadlines(filter, place, 5)).expect("a page");
        let more = page.len() > 5;
        read.extend(page.into_iter().take(5));
        let last = read.last().expect("one");
        place = Some(persistence::deadlines::DuePlace { due_at: last.duty.due_at, id: last.id.0 });
        if !more {
            break;
        }
    }
    assert_eq!(read, whole);
}

fn taken(house: &House, at: Timestamp) -> Vec<StepTaken> {
    house.store.take_deadline_steps(at).expect("taken")
}

fn status(house: &House, id: ReferralId) -> ReferralStatus {
    house.read(&house.police, |tx| tx.referral(id)).expect("read").0.status
}

#[test]
fn what_nobody_answers_is_told_rung_by_rung_and_expires_to_the_sender() {
    use DeadlineState::{Missed, Running};
    let house = House::new();
    let (case, _) = house.given_case();
    let sent = house.given_referral(&case, ReferralStatus::Sent);
    let due = sent.sent.expect("sent").acknowledge_by;
    assert!(taken(&house, due.plus(-time::Duration::microseconds(1))).is_empty(), "not before it is due");
    assert_eq!(taken(&house, due).len(), 1, "at the instant");
    assert!(taken(&house, due).is_empty(), "once");
    let steps = ask(
        &mut house.db.connection(),
        "SELECT rung::text || ' ' || role AS word FROM escalations ORDER BY rung, role",
    );
    assert_eq!(steps, ["1 supervisor"]);
    let (read, _) = house.read(&house.police, |tx| tx.referral(sent.id)).expect("read");
    assert_eq!(
        (read.escalation, read.version),
        (1, sent.version),
        "flagged, and nobody's ETag is stale for it"
    );
    let mut at = due;
    while status(&house, sent.id) != ReferralStatus::Expired {
        at = house.store.next_deadline_step().expect("read").expect("a step");
        assert!(!taken(&house, at).is_empty());
    }
    assert!(at > sent.sent.expect("sent").decide_by, "the coordinator had its time");
    let left: Vec<_> = standing(&house, &sent, at);
    assert_eq!(
        left,
        [
            (DutyKind::Acknowledge, Missed),
            (DutyKind::Decide, Missed),
            (DutyKind::FirstContact, Missed),
            (DutyKind::NextStep, Running)
        ]
    );
    let next = listed(&house, &house.police, DeadlineScope::Agency, at);
    assert!(next.iter().any(|it| it.duty.kind == DutyKind::NextStep), "the sender is responsible again");
}

#[test]
fn several_instances_take_each_step_once() {
    let house = House::new();
    let (case, _) = house.given_case();
    for _ in 0..40 {
        house.given_referral(&case, ReferralStatus::Sent);
    }
    let instances: Vec<Store> = (0..3).map(|_| house.another_instance()).collect();
    let long_after = now().plus(time::Duration::days(40));
    let meet = Barrier::new(instances.len());
    let sweep = |store: &Store| {
        meet.wait();
        let mut all = Vec::new();
        for _ in 0..20 {
            all.extend(store.take_deadline_steps(long_after).expect("taken"));
        }
        all
    };
    let done: Vec<StepTaken> = thread::scope(|scope| {
        let all: Vec<_> = instances.iter().map(|it| scope.spawn(|| sweep(it))).collect();
        all.into_iter().flat_map(|it| it.join().expect("ends")).collect()
    });
    let mut conn = house.db.connection();
    let twice = "SELECT count(*)::text AS word FROM (SELECT subject_id, version FROM events
                  WHERE event = 'deadline.escalated' GROUP BY 1, 2 HAVING count(*) > 1) AS twice";
    assert_eq!(ask_one(&mut conn, twice), "0", "no rung twice");
    let events =
        "SELECT count(*)::text AS word FROM events WHERE event IN ('deadline.escalated', 'referral.expired')";
    assert_eq!(ask_one(&mut conn, events), done.len().to_string(), "one event a step");
    let expired = "SELECT count(*)::text AS word FROM referrals WHERE status = 'expired'";
    assert_eq!(ask_one(&mut conn, expired), "40", "every one came to its end");
    let waiting = format!(
        "SELECT count(*)::text AS word FROM deadlines WHERE next_step_at <= '{long_after}' AND rung < 1"
    );
    assert_eq!(ask_one(&mut conn, &waiting), "0", "and nothing is left behind");
}

/// Two instances, one referral, both always act on what they have read: one is first, and there is one event.
#[test]
fn of_two_instances_one_wins_each_of_two_thousand_rounds() {
    let house = House::new();
    let (case, _) = house.given_case();
    let referral = house.given_referral(&case, ReferralStatus::Acknowledged);
    let (here, there) = (house.another_instance(), house.another_instance());
    let colleague = house.colleague(&house.barnahus, "tallinn-barnahus");
    let shelter = house.shelter.agency;
    let propose = |before: &Referral, by: &Caller, reason| -> Decided<Referral> {
        let act = ProposeReroute { reason, explanation: Some(words("explained")), to: shelter };
        before.propose_reroute(act, by, later(30)).expect("lawful")
    };
    let meet = Barrier::new(2);
    let run = |store: &Store, by: &Caller, reason: DeclineReason| {
        let cx = crate::given::context(by, later(30), referral.id.0);
        let mut won = 0;
        for _ in 0..2_000 {
            let before = store.read(&cx, |tx| tx.referral(referral.id)).expect("read").0;
            meet.wait();
            let done = store.write(
                &cx,
                |tx| tx.save_referral(&before, &propose(&before, by, reason)),
                |_, _| Err(StoreError::NotFound),
            );
            match done {
                Ok(_) => won += 1,
                Err(StoreError::Stale) => {}
                Err(other) => panic!("{other}"),
            }
            meet.wait();
        }
        won
    };
    let (one, two) = thread::scope(|scope| {
        let one = scope.spawn(|| run(&here, &house.barnahus, DeclineReason::NoCapacity));
        let two = scope.spawn(|| run(&there, &colleague, DeclineReason::WrongArea));
        (one.join().expect("ends"), two.join().expect("ends"))
    });
    assert_eq!(one + two, 2_000, "one winner a round");
    let (after, _) = house.read(&house.police, |tx| tx.referral(referral.id)).expect("read");
    assert_eq!(after.version.0, referral.version.0 + 2_000);
    let events = "SELECT count(*)::text AS word FROM events WHERE event = 'referral.reroute_proposed'";
    assert_eq!(ask_one(&mut house.db.connection(), events), "2000", "one event a round");
}

#[test]
fn an_answer_and_the_ladder_do_not_wait_for_each_other() {
    let house = House::new();
    let (case, _) = house.given_case();
    let instance = house.another_instance();
    for _ in 0..60 {
        let sent = house.given_referral(&case, ReferralStatus::Sent);
        let at = sent.sent.expect("sent").acknowledge_by;
        let meet = Barrier::new(2);
        thread::scope(|scope| {
            let answer = scope.spawn(|| {
                meet.wait();
                house.moved(&sent, &house.barnahus, ReferralStatus::Acknowledged, at)
            });
            let ladder = scope.spawn(|| {
                meet.wait();
                instance.take_deadline_steps(at)
            });
            answer.join().expect("answered");
            ladder.join().expect("ends").expect("taken");
        });
    }
}
