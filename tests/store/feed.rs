//! The log of facts only grows, and its feed skips nothing, however long a transaction took.

use std::{collections::BTreeSet, thread};

use diesel::{PgConnection, connection::SimpleConnection as _};
use domain::{access::Caller, vocabulary::ReferralStatus};

use crate::given::{House, ask, ask_one};

/// A fact as raw SQL, for transactions that stay open.
fn insert(by: &Caller, request: u128) -> String {
    format!(
        "INSERT INTO events (id, at, event, subject, subject_id, version, country, audience, client, agency_id, \
                             purpose, request_id, payload) \
         VALUES (gen_random_uuid(), now(), 'concern.received', 'concern', gen_random_uuid(), 1, '{}', \
                 ARRAY['{}'::uuid], '{}', '{}', '{}', '{}', '{{}}')",
        by.country,
        by.agency,
        by.client,
        by.agency,
        by.purpose,
        uuid::Uuid::from_u128(request)
    )
}

fn run(conn: &mut PgConnection, statement: &str) {
    conn.batch_execute(statement).expect(statement);
}

/// The requests of the facts in the feed of an agency after a position, with the last position.
fn feed(house: &House, by: &Caller, after: i64) -> (Vec<u128>, i64) {
    let facts = house.read(by, |tx| tx.feed(after, 200)).expect("a feed");
    let last = facts.last().map_or(after, |it| it.place);
    let query =
        |id: domain::EventId| format!("SELECT request_id::text AS word FROM events WHERE id = '{id}'");
    let mut conn = house.db.connection();
    let requests = facts.iter().map(|it| ask_one(&mut conn, &query(it.id)));
    (requests.map(|it| uuid::Uuid::parse_str(&it).expect("a uuid").as_u128()).collect(), last)
}

#[test]
fn a_fact_of_a_slow_transaction_is_not_skipped() {
    let house = House::new();
    let by = &house.police;
    let (mut slow, mut fast) = (house.db.connection(), house.db.connection());
    run(&mut fast, &insert(by, 1));
    house.position_all();
    let (seen, mut last) = feed(&house, by, 0);
    assert_eq!(seen, [1]);

    run(&mut slow, "BEGIN");
    run(&mut slow, &insert(by, 2));
    for request in 3..6 {
        run(&mut fast, &insert(by, request));
        house.store.position_events().expect("positions");
        let (seen, now) = feed(&house, by, last);
        assert!(seen.is_empty(), "{seen:?} before the slow one that may still commit");
        last = now;
    }
    run(&mut slow, "COMMIT");
    house.position_all();
    let (seen, last) = feed(&house, by, last);
    assert_eq!(seen, [2, 3, 4, 5], "in the order in which they began");
    assert_eq!(feed(&house, by, last).0, [0; 0]);
}

#[test]
fn a_transaction_that_is_given_up_holds_nobody_for_good() {
    let house = House::new();
    let by = &house.police;
    let (mut slow, mut fast) = (house.db.connection(), house.db.connection());
    run(&mut slow, "BEGIN");
    run(&mut slow, &insert(by, 1));
    run(&mut fast, &insert(by, 2));
    house.store.position_events().expect("positions");
    assert_eq!(feed(&house, by, 0).0, [0; 0]);
    run(&mut slow, "ROLLBACK");
    house.position_all();
    assert_eq!(feed(&house, by, 0).0, [2]);
}

#[test]
fn four_threads_give_each_fact_one_position() {
    let house = House::new();
    let by = &house.police;
    let total = 4 * 60;
    thread::scope(|scope| {
        let writers: Vec<_> = (0..4_u128)
            .map(|writer| {
                let mut conn = house.db.connection();
                scope.spawn(move || {
                    for n in 0..60 {
                        run(&mut conn, &format!("BEGIN; {}", insert(by, writer * 100 + n)));
                        thread::yield_now();
                        run(&mut conn, "COMMIT");
                    }
                })
            })
            .collect();
        let positioners: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    for _ in 0..60 {
                        house.store.position_events().expect("positions");
                    }
                })
            })
            .collect();
        // A reader that follows all the time sees each fact exactly once.
        let (mut seen, mut last) = (Vec::new(), 0);
        let mut writing = writers.into_iter().chain(positioners).collect::<Vec<_>>();
        while !writing.is_empty() {
            writing.retain(|it| !it.is_finished());
            let facts = house.read(by, |tx| tx.feed(last, 200)).expect("a feed");
            last = facts.last().map_or(last, |it| it.place);
            seen.extend(facts.into_iter().map(|it| it.id));
        }
        house.position_all();
        loop {
            let facts = house.read(by, |tx| tx.feed(last, 200)).expect("a feed");
            let Some(end) = facts.last() else { break };
            last = end.place;
            seen.extend(facts.iter().map(|it| it.id));
        }
        assert_eq!(seen.len(), total);
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), total);
    });
    let mut conn = house.db.connection();
    let without = "SELECT count(*)::text AS word FROM events e \
                   WHERE (SELECT count(*) FROM event_positions p WHERE p.seq = e.seq) <> 1";
    assert_eq!(ask_one(&mut conn, without), "0");
}

#[test]
fn a_change_and_its_facts_are_stored_together_or_not_at_all() {
    let house = House::new();
    let before = house.db.facts().len();
    let failed = house.change(&house.police, |tx| {
        let new = serde_json::json!({
            "description": "seen", "location": "square", "contact": null, "childHint": null, "danger": false,
            "anonymous": true, "noticedAt": null, "observations": [],
        });
        let new = serde_json::from_value(new).expect("a concern");
        let by = tx.cx.caller.clone();
        let country = tx.country(by.country)?;
        let decided = domain::identification::Concern::receive(
            tx.fresh_id().into(),
            new,
            (&country, None),
            &by,
            tx.cx.now,
        );
        tx.add_concern(&decided.expect("lawful"))?;
        Err::<(), _>(persistence::StoreError::Stale)
    });
    assert!(failed.is_err());
    assert_eq!(house.db.facts().len(), before);
    house.given_concern(&house.police);
    assert_eq!(house.db.facts().len(), before + 1);
}

#[test]
fn the_timeline_tells_a_story_in_order_and_each_side_its_part() {
    let house = House::new();
    let (case, _) = house.given_case();
    house.given_referral(&case, ReferralStatus::Completed);
    let told = |by: &Caller| -> Vec<String> {
        let facts = house
            .read(by, |tx| {
                tx.timeline(
                    (case.id, &domain::access::Relation::Lead),
                    persistence::events::TimelineFilter::default(),
                    0,
                    200,
                )
            })
            .expect("a timeline");
        facts.iter().map(|it| it.event.to_string()).collect()
    };
    let referral =
        ["sent", "acknowledged", "accepted", "started", "completed"].map(|it| format!("referral.{it}"));
    let sender = [&["case.intake".to_owned(), "referral.drafted".to_owned()][..], &referral].concat();
    assert_eq!(told(&house.police), sender);
    assert_eq!(told(&house.barnahus), referral);
    assert_eq!(told(&house.child_protection), ["case.intake"]);
    assert!(told(&house.shelter).is_empty());
}

#[test]
fn both_logs_only_grow() {
    let house = House::new();
    house.given_concern(&house.police);
    house.store.position_events().expect("positions");
    let mut conn = house.db.connection();
    run(
        &mut conn,
        "INSERT INTO access_log (at, operation, outcome, sections, country, client, agency_id, purpose, request_id) \
         VALUES (now(), 'getCase', 'read', '{}', 'EE', gen_random_uuid(), gen_random_uuid(), 'protection', \
                 gen_random_uuid())",
    );
    for table in ["events", "access_log"] {
        let before = ask(&mut conn, &format!("SELECT t::text AS word FROM {table} t"));
        assert!(!before.is_empty(), "{table}");
        for statement in [
            format!("UPDATE {table} SET country = 'LV'"),
            format!("UPDATE {table} SET country = 'LV' WHERE false"),
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table} CASCADE"),
        ] {
            let refused = conn.batch_execute(&statement).expect_err(&statement).to_string();
            assert!(refused.contains("only grows"), "{statement}: {refused}");
        }
        assert_eq!(ask(&mut conn, &format!("SELECT t::text AS word FROM {table} t")), before);
    }
}
