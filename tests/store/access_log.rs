//! The log of reads and refusals: what was answered is in it, and without it nothing is answered.

use std::{
    collections::BTreeSet,
    pin::pin,
    sync::Arc,
    task::{Context as Poller, Poll, Wake, Waker},
    thread,
};

use domain::access::Caller;
use persistence::{AccessEntry, AccessLog, AccessOutcome, StoreError};
use uuid::Uuid;

use crate::given::{House, Operator, ask, ask_one, now};

struct Unpark(thread::Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for a future on this thread.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut poller = Poller::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut poller) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}

fn line(by: &Caller, code: impl Into<String>) -> AccessEntry {
    AccessEntry::new(by, "getCase", AccessOutcome::Refused, now()).because(code)
}

fn append(log: &AccessLog, by: &Caller, code: impl Into<String>) -> Result<(), StoreError> {
    wait(log.append(line(by, code)))
}

#[test]
fn two_hundred_at_once_are_all_durable_when_they_are_answered() {
    let house = House::new();
    let log = house.store.access_log();
    thread::scope(|scope| {
        let all: Vec<_> = (0..200)
            .map(|n| {
                let log = log.clone();
                let by = &house.police;
                scope.spawn(move || append(&log, by, format!("n{n}")))
            })
            .collect();
        for it in all {
            it.join().expect("ends").expect("answered");
        }
    });
    let mut conn = house.db.connection();
    let codes: BTreeSet<_> = ask(&mut conn, "SELECT code AS word FROM access_log").into_iter().collect();
    assert_eq!(codes, (0..200).map(|n| format!("n{n}")).collect());
    let lines = ask_one(&mut conn, "SELECT count(*)::text AS word FROM access_log");
    assert_eq!(lines, "200", "each once");
    let commits = ask_one(&mut conn, "SELECT count(DISTINCT xid::text)::text AS word FROM access_log");
    assert!(commits.parse::<u32>().expect("a number") < 200, "{commits} commits for 200 lines");
}

#[test]
fn a_line_is_visible_to_others_at_the_moment_of_its_answer() {
    let house = House::new();
    let log = house.store.access_log();
    let mut conn = house.db.connection();
    for n in 0..20 {
        append(&log, &house.police, format!("n{n}")).expect("answered");
        let query = format!("SELECT count(*)::text AS word FROM access_log WHERE code = 'n{n}'");
        assert_eq!(ask_one(&mut conn, &query), "1");
    }
}

#[test]
fn a_line_says_who_looked_at_what_and_why() {
    let house = House::new();
    let log = house.store.access_log();
    let by = Caller { decision_ref: Some("book 7".to_owned()), ..house.police.clone() };
    let (subject, case) = (Uuid::new_v4(), Uuid::new_v4());
    let entry = AccessEntry::new(&by, "getCase", AccessOutcome::Read, now()).about(
        Some(subject),
        Some(case),
        vec!["d1_identity", "d2_whereabouts"],
    );
    wait(log.append(entry)).expect("answered");
    let mut written = house.db.access_log();
    assert_eq!(written.len(), 1);
    let line = written.remove(0);
    let expected = serde_json::json!({
        "operation": "getCase", "outcome": "read", "code": null, "subject_id": subject, "case_id": case,
        "sections": ["d1_identity", "d2_whereabouts"], "country": "EE", "client": by.client,
        "professional_id": by.professional, "agency_id": by.agency, "role": "duty_officer",
        "purpose": "identification", "decision_ref": "book 7", "request_id": by.request,
    });
    for (name, value) in expected.as_object().expect("an object") {
        assert_eq!(&line[name], value, "{name}");
    }
    assert!(line["at"].as_str().is_some_and(|it| it.starts_with("2026-11-24T08:30:00")), "{line}");
}

#[test]
fn without_its_database_nothing_is_answered_and_later_it_goes_on_by_itself() {
    let house = House::new();
    let log = house.store.access_log();
    append(&log, &house.police, "before").expect("answered");
    let mut operator = Operator::of(&house.db);
    operator.shut();
    for _ in 0..3 {
        let away = append(&log, &house.police, "away");
        assert!(matches!(away, Err(StoreError::AuditUnavailable)), "{away:?}");
    }
    operator.open();
    append(&log, &house.police, "after").expect("answered again");
    let codes = ask(&mut house.db.connection(), "SELECT code AS word FROM access_log ORDER BY seq");
    assert_eq!(codes, ["before", "after"], "what was refused left no line");
}

#[test]
fn a_broken_connection_is_replaced_before_anybody_is_refused() {
    let house = House::new();
    let log = house.store.access_log();
    let mut operator = Operator::of(&house.db);
    for n in 0..3 {
        append(&log, &house.police, format!("n{n}")).expect("answered");
        assert!(operator.end_sessions() > 0);
    }
    assert_eq!(house.db.access_log().len(), 3);
}

#[test]
fn a_table_that_takes_no_lines_refuses_and_recovers() {
    let house = House::new();
    let log = house.store.access_log();
    append(&log, &house.police, "before").expect("answered");
    house.db.set_log_writable(false);
    let shut = append(&log, &house.police, "shut");
    assert!(matches!(shut, Err(StoreError::AuditUnavailable)), "{shut:?}");
    house.db.set_log_writable(true);
    append(&log, &house.police, "after").expect("answered again");
}

#[test]
fn one_line_that_cannot_be_written_refuses_no_other() {
    let house = House::new();
    let log = house.store.access_log();
    thread::scope(|scope| {
        let all: Vec<_> = (0..60)
            .map(|n| {
                let code = if n % 20 == 7 { "a\u{0}b".to_owned() } else { format!("n{n}") };
                let (log, by) = (log.clone(), &house.police);
                scope.spawn(move || (n, append(&log, by, code)))
            })
            .collect();
        for it in all {
            let (n, answer) = it.join().expect("ends");
            assert_eq!(answer.is_ok(), n % 20 != 7, "{n}: {answer:?}");
        }
    });
    assert_eq!(house.db.access_log().len(), 57);
}
