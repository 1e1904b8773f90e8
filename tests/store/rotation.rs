//! The node's secret is replaced while the node serves, and nothing is lost by it.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread::ScopedJoinHandle,
};

use domain::{
    BirthDate,
    cases::{Case, Identity, IdentityUpdate},
    vocabulary::ReferralStatus,
};
use persistence::{Context, KeyFile, NodeKeys, PageRequest, RestsOn, Store, StoreError, Tx};
use uuid::Uuid;

use crate::given::{House, NODE_SECRET, context, now};

/// Opens everything that is sealed for a case.
fn open_all(tx: &mut Tx<'_>, case: &Case) -> Result<Identity, StoreError> {
    let child = tx.child(case)?;
    tx.episodes(case, PageRequest { after: None, limit: 5 })?;
    Ok(child.identity)
}

fn asked() -> Identity {
    let name =
        domain::cases::Name { given: Some("Mari".to_owned()), family: Some("Väljamõeldud".to_owned()) };
    Identity { name: Some(name), birth_date: BirthDate::parse("2012-05-17"), ..Identity::default() }
}

/// Lets the readers end, whatever happened.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn named(instance: &Store, cx: &Context, case: &Case) {
    let work = |tx: &mut Tx<'_>| {
        let child = tx.child(case)?;
        let update = IdentityUpdate {
            name: Some(asked().name),
            birth_date: Some(asked().birth_date),
            ..IdentityUpdate::default()
        };
        tx.save_identity(&child.update_identity(update, case, now()).expect("changed"))
    };
    instance.write(cx, work, |_, _| Err(StoreError::NotFound)).expect("named");
}

fn found(instance: &Store, cx: &Context) -> usize {
    instance.read::<_, StoreError>(cx, |tx| tx.hits(&asked())).expect("asked").len()
}

#[test]
fn a_secret_is_replaced_under_load_without_a_failed_read_and_the_old_one_can_go() {
    let house = House::new();
    let cases: Vec<Case> = (0..8)
        .map(|_| {
            let (case, _) = house.given_case();
            let case = house.presumed(&case);
            house.given_episode(&case);
            house.given_referral(&case, ReferralStatus::Sent);
            case
        })
        .collect();
    let cx = context(&house.child_protection, now(), Uuid::nil());
    let (first, second) = (cases.first().expect("a case"), cases.get(1).expect("a case"));
    named(&house.store, &cx, first);

    let mut file = KeyFile::single(&NODE_SECRET).expect("a secret");
    file.add().expect("added");
    let knows = house.instance_with(NodeKeys::of(&file).expect("keys"));
    file.make_current(2).expect("current");
    let uses = house.instance_with(NodeKeys::of(&file).expect("keys"));

    let (over, reads) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let readers = [&knows, &uses].map(|instance| {
            let (over, reads, cx, cases) = (&over, &reads, &cx, &cases);
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    for case in cases {
                        instance.read(cx, |tx| open_all(tx, case)).expect("opens");
                        assert_eq!(found(instance, cx).min(1), 1, "nobody is lost from the indexes");
                        reads.fetch_add(1, Ordering::Relaxed);
                    }
                }
            })
        });
        let _over = Over(&over);
        // Writes of both instances open at the other.
        named(&uses, &cx, second);
        assert_eq!(found(&knows, &cx), 2);
        let wrapped = uses.rewrap_data_keys().expect("wrapped");
        assert!(wrapped >= 3 * cases.len(), "{wrapped}");
        uses.index_children(now()).expect("indexed");
        named(&knows, &cx, cases.get(2).expect("a case"));
        assert_eq!(found(&uses, &cx), 3);
        let seen = reads.load(Ordering::Relaxed);
        while reads.load(Ordering::Relaxed) < seen + 20 && !readers.iter().any(ScopedJoinHandle::is_finished)
        {
            std::thread::yield_now();
        }
    });

    let rests = uses.rests_on(1).expect("counted");
    assert!(
        !rests.is_nothing(),
        "the instance that did not use it yet has written with the old one: {rests:?}"
    );
    uses.rewrap_data_keys().expect("wrapped");
    uses.index_children(now()).expect("indexed");
    assert_eq!(uses.rests_on(1).expect("counted"), RestsOn { data_keys: 0, children: 0 });
    assert_eq!(uses.rewrap_data_keys().expect("wrapped"), 0, "once is enough");

    file.retire(1).expect("retired");
    let alone = house.instance_with(NodeKeys::of(&file).expect("keys"));
    for case in &cases {
        alone.read(&cx, |tx| open_all(tx, case)).expect("opens with the new secret alone");
    }
    assert_eq!(found(&alone, &cx), 3);
    let refused = house.store.read(&cx, |tx| open_all(tx, first));
    assert!(refused.is_err(), "the old secret alone opens nothing any more");
}
