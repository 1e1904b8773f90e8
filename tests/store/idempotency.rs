//! A repeated request has no second effect; a key belongs to one client, professional, operation and body.

use std::{sync::mpsc::channel, thread};

use domain::{access::Caller, identification::Concern};
use persistence::{Context, Done, Idempotency, StoreError, Tx};
use uuid::Uuid;

use crate::given::{House, Operator, ask_one, context, later, now};

/// A request to report a concern.
fn request(house: &House, by: &Caller, key: &str, body: &[u8]) -> Context {
    let idempotency =
        Idempotency { operation: "createConcern", key: key.to_owned(), fingerprint: body.to_vec() };
    Context { idempotency: Some(idempotency), ..house.cx(by, now()) }
}

fn report(tx: &mut Tx<'_>) -> Result<Uuid, StoreError> {
    let new = serde_json::from_value(serde_json::json!({
        "description": "seen", "location": "square", "contact": null, "childHint": null,
        "danger": false, "anonymous": true, "noticedAt": null, "observations": [],
    }));
    let id = tx.cx.subject;
    let country = tx.country(tx.cx.caller.country)?;
    let decided =
        Concern::receive(id.into(), new.expect("a concern"), (&country, None), &tx.cx.caller, tx.cx.now);
    tx.add_concern(&decided.expect("lawful"))?;
    Ok(id)
}

fn again(tx: &mut Tx<'_>, subject: Uuid) -> Result<Uuid, StoreError> {
    tx.concern(subject.into()).map(|it| it.id.0)
}

fn concerns(house: &House) -> String {
    ask_one(&mut house.db.connection(), "SELECT count(*)::text AS word FROM concerns")
}

#[test]
fn a_repeated_request_is_answered_with_the_first_subject() {
    let house = House::new();
    let first = request(&house, &house.police, "key", b"body");
    let Ok(Done::Now(id)) = house.store.write(&first, report, again) else { panic!("not done") };
    assert_eq!(id, first.subject);
    for _ in 0..2 {
        let repeated = request(&house, &house.police, "key", b"body");
        assert_ne!(repeated.subject, first.subject);
        let Ok(Done::Before(id)) = house.store.write(&repeated, report, again) else { panic!("done twice") };
        assert_eq!(id, first.subject);
    }
    assert_eq!(concerns(&house), "1");
}

#[test]
fn a_key_is_refused_for_another_body_or_professional() {
    let house = House::new();
    house.store.write(&request(&house, &house.police, "key", b"body"), report, again).expect("done");
    let other_body = request(&house, &house.police, "key", b"other");
    assert!(matches!(house.store.write(&other_body, report, again), Err(StoreError::KeyReused)));
    let colleague = house.colleague(&house.police, "tallinn-police");
    let other_person = request(&house, &colleague, "key", b"body");
    assert!(matches!(house.store.write(&other_person, report, again), Err(StoreError::KeyReused)));
    assert_eq!(concerns(&house), "1");
}

#[test]
fn other_keys_clients_and_operations_are_independent() {
    let house = House::new();
    let mut requests = vec![
        request(&house, &house.police, "key", b"body"),
        request(&house, &house.police, "other", b"body"),
        request(&house, &house.shelter, "key", b"body"),
        request(&house, &house.police, "key", b"body"),
    ];
    if let Some(it) = requests[3].idempotency.as_mut() {
        it.operation = "createScreening";
    }
    for it in requests {
        assert!(matches!(house.store.write(&it, report, again), Ok(Done::Now(_))), "{:?}", it.idempotency);
    }
    assert_eq!(concerns(&house), "4");
}

#[test]
fn a_request_that_failed_leaves_its_key_free() {
    let house = House::new();
    let fails = |tx: &mut Tx<'_>| {
        report(tx)?;
        Err::<Uuid, _>(StoreError::Stale)
    };
    let failed = house.store.write(&request(&house, &house.police, "key", b"body"), fails, again);
    assert!(matches!(failed, Err(StoreError::Stale)));
    assert_eq!(concerns(&house), "0", "half of it is not there either");
    let second = house.store.write(&request(&house, &house.police, "key", b"other"), report, again);
    assert!(matches!(second, Ok(Done::Now(_))));
}

#[test]
fn a_request_that_is_only_checked_stores_nothing_and_takes_no_key() {
    let house = House::new();
    let only = Context { validate_only: true, ..request(&house, &house.police, "key", b"body") };
    assert!(matches!(house.store.write(&only, report, again), Ok(Done::Now(_))));
    assert_eq!(concerns(&house), "0");
    assert_eq!(
        ask_one(&mut house.db.connection(), "SELECT count(*)::text AS word FROM events"),
        "0",
        "no fact of what did not happen"
    );
    let real = house.store.write(&request(&house, &house.police, "key", b"other"), report, again);
    assert!(matches!(real, Ok(Done::Now(_))));
}

#[test]
fn a_second_request_waits_for_the_first_and_gets_its_answer() {
    let house = House::new();
    let (first, second) =
        (request(&house, &house.police, "key", b"body"), request(&house, &house.police, "key", b"body"));
    let (begun, wait) = channel();
    let (one, two) = thread::scope(|scope| {
        let one = scope.spawn(|| {
            let slow = |tx: &mut Tx<'_>| {
                let id = report(tx)?;
                begun.send(()).expect("the second listens");
                Operator::of(&house.db).until_somebody_waits();
                Ok::<_, StoreError>(id)
            };
            house.store.write(&first, slow, again)
        });
        wait.recv().expect("the first has begun");
        let two = house.store.write(&second, report, again);
        (one.join().expect("ends"), two)
    });
    assert!(matches!(one, Ok(Done::Now(id)) if id == first.subject), "{one:?}");
    assert!(matches!(two, Ok(Done::Before(id)) if id == first.subject), "{two:?}");
    assert_eq!(concerns(&house), "1");
}

#[test]
fn a_second_request_is_told_when_the_first_takes_too_long() {
    let house = House::new();
    let (first, second) =
        (request(&house, &house.police, "key", b"body"), request(&house, &house.police, "key", b"body"));
    let (begun, wait) = channel();
    let (told, end) = channel();
    // A receiver is one thread's: the work that may run again asks for it once.
    let end = std::sync::Mutex::new(end);
    thread::scope(|scope| {
        let one = scope.spawn(|| {
            let slow = |tx: &mut Tx<'_>| {
                let id = report(tx)?;
                begun.send(()).expect("the second listens");
                end.lock().expect("once").recv().expect("the second was told");
                Ok::<_, StoreError>(id)
            };
            house.store.write(&first, slow, again)
        });
        wait.recv().expect("the first has begun");
        let two = house.store.write(&second, report, again);
        told.send(()).expect("the first waits");
        assert!(matches!(two, Err(StoreError::KeyInProgress)), "{two:?}");
        assert!(matches!(one.join().expect("ends"), Ok(Done::Now(_))));
    });
}

#[test]
fn a_forgotten_key_is_free_again() {
    let house = House::new();
    house.store.write(&request(&house, &house.police, "key", b"body"), report, again).expect("done");
    assert_eq!(house.store.forget_idempotency_keys(now()).expect("forgets"), 0, "not yet old");
    assert_eq!(house.store.forget_idempotency_keys(later(1)).expect("forgets"), 1);
    let anew = house.store.write(&request(&house, &house.police, "key", b"other"), report, again);
    assert!(matches!(anew, Ok(Done::Now(_))));
}

#[test]
fn without_a_key_every_request_is_done() {
    let house = House::new();
    for _ in 0..2 {
        let id = house.read(&house.police, |tx| Ok(tx.fresh_id())).expect("an id");
        let done = house.store.write(&context(&house.police, now(), id), report, again);
        assert!(matches!(done, Ok(Done::Now(_))));
    }
    assert_eq!(concerns(&house), "2");
}
