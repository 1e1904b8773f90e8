//! A server that goes away and comes back: requests in flight are done once, the next ones find a connection.

use std::{
    sync::{
        Barrier,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

use persistence::{PageRequest, StoreError};

use crate::given::{House, Operator};

const ALL: PageRequest = PageRequest { after: None, limit: 200 };

fn concerns(house: &House) -> Result<usize, StoreError> {
    house.read(&house.police, |tx| Ok(tx.concerns(ALL)?.items.len()))
}

/// Makes every connection of the pool, by using all of them at once.
fn fill_pool(house: &House, connections: usize) {
    let meet = Barrier::new(connections);
    thread::scope(|scope| {
        for _ in 0..connections {
            scope.spawn(|| {
                let read = |tx: &mut persistence::Tx<'_>| {
                    tx.concerns(ALL)?;
                    meet.wait();
                    Ok(())
                };
                house.read(&house.police, read).expect("read");
            });
        }
    });
}

#[test]
fn every_connection_may_break_and_the_next_requests_succeed() {
    let house = House::with_pool(4, Duration::from_secs(5));
    let mut operator = Operator::of(&house.db);
    for round in 1..=3 {
        fill_pool(&house, 4);
        assert!(operator.end_sessions() >= 4);
        house.given_concern(&house.police);
        assert_eq!(concerns(&house).expect("read"), round);
        assert!(house.store.ready().is_ok());
        house.store.position_events().expect("positions");
    }
}

#[test]
fn a_change_whose_connection_breaks_is_done_again_and_once() {
    let house = House::with_pool(4, Duration::from_secs(5));
    let tries = AtomicUsize::new(0);
    house
        .change(&house.police, |tx| {
            tx.concerns(ALL)?;
            if tries.fetch_add(1, Relaxed) == 0 {
                Operator::of(&house.db).end_sessions();
            }
            let new = serde_json::from_value(serde_json::json!({
                "description": "seen", "location": "square", "contact": null, "childHint": null,
                "danger": false, "anonymous": true, "noticedAt": null, "observations": [],
            }));
            let by = tx.cx.caller.clone();
            let id = tx.fresh_id().into();
            let country = tx.country(by.country)?;
            let decided = domain::identification::Concern::receive(
                id,
                new.expect("one"),
                (&country, None),
                &by,
                tx.cx.now,
            );
            tx.add_concern(&decided.expect("lawful"))
        })
        .expect("done");
    assert_eq!(tries.load(Relaxed), 2);
    assert_eq!(concerns(&house).expect("read"), 1);
}

#[test]
fn a_database_that_is_away_is_said_to_be_and_found_when_it_is_back() {
    let house = House::with_pool(2, Duration::from_millis(300));
    let mut operator = Operator::of(&house.db);
    house.given_concern(&house.police);
    operator.shut();
    assert!(matches!(concerns(&house), Err(StoreError::Unavailable)));
    assert!(matches!(house.store.ready(), Err(StoreError::Unavailable)));
    let change = house.change(&house.police, |tx| tx.concerns(ALL).map(drop));
    assert!(matches!(change, Err(StoreError::Unavailable)), "{change:?}");
    operator.open();
    assert_eq!(concerns(&house).expect("back"), 1);
    house.store.ready().expect("back");
}
