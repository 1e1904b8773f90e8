//! A child keeps the pseudonym that it has between two countries, and is found by it whatever becomes of the node's secret.

use domain::{CaseId, cases::Case, text::Country, transnational::Pseudonym};
use persistence::{Context, KeyFile, NodeKeys, RestsOn, Store, StoreError};
use uuid::Uuid;

use crate::given::{House, NODE_SECRET, ask_one, context, now};

fn country(code: &str) -> Country {
    Country::parse(code).expect("a country")
}

fn given(instance: &Store, cx: &Context, case: &Case, other: &str) -> Pseudonym {
    let made = instance.write(cx, |tx| tx.pseudonym(case, country(other)), |_, _| Err(StoreError::NotFound));
    match made.expect("a pseudonym") {
        persistence::Done::Now(it) | persistence::Done::Before(it) => it,
    }
}

fn named(instance: &Store, cx: &Context, other: &str, by: &Pseudonym) -> Vec<CaseId> {
    let found =
        instance.write(cx, |tx| tx.named_abroad(country(other), by), |_, _| Err(StoreError::NotFound));
    match found.expect("asked") {
        persistence::Done::Now(it) | persistence::Done::Before(it) => {
            it.iter().map(|it| it.case.id).collect()
        }
    }
}

#[test]
fn a_pseudonym_is_kept_and_found_while_the_secret_is_replaced_and_after_it() {
    let house = House::new();
    let (case, _) = house.given_case();
    let (another, _) = house.given_case();
    let cx = context(&house.child_protection, now(), Uuid::nil());
    let first = given(&house.store, &cx, &case, "LV");
    assert_eq!(given(&house.store, &cx, &case, "LV"), first, "one for each pair of countries");
    assert_ne!(given(&house.store, &cx, &case, "FI"), first);
    assert_ne!(given(&house.store, &cx, &another, "LV"), first);
    // Whoever names a child first, the other country answers with the same name.
    let theirs = Pseudonym::parse(&"cd".repeat(32)).expect("a pseudonym");
    let (third, _) = house.given_case();
    for _ in 0..2 {
        house
            .change(&house.child_protection, |tx| tx.keep_pseudonym(third.child, country("SE"), &theirs))
            .expect("kept");
    }
    assert_eq!(given(&house.store, &cx, &third, "SE"), theirs);
    let count = "SELECT count(*)::text AS word FROM child_pseudonyms";
    assert_eq!(ask_one(&mut house.db.connection(), count), "4", "each once");

    let mut file = KeyFile::single(&NODE_SECRET).expect("a secret");
    file.add().expect("added");
    let knows = house.instance_with(NodeKeys::of(&file).expect("keys"));
    file.make_current(2).expect("current");
    let uses = house.instance_with(NodeKeys::of(&file).expect("keys"));
    let found = |instance: &Store| {
        assert_eq!(named(instance, &cx, "LV", &first), [case.id]);
        assert_eq!(named(instance, &cx, "SE", &theirs), [third.id]);
        assert_eq!(
            named(instance, &cx, "FI", &first),
            [],
            "a name between two countries means nothing to a third"
        );
    };
    for instance in [&house.store, &knows, &uses] {
        found(instance);
    }
    uses.rewrap_data_keys().expect("wrapped");
    uses.index_children(now()).expect("indexed");
    // An instance that does not use the new secret yet names a child that was indexed anew before.
    let late = given(&knows, &cx, &another, "NO");
    assert!(!uses.rests_on(1).expect("counted").is_nothing(), "it is found by the old secret");
    assert_eq!(named(&uses, &cx, "NO", &late), [another.id]);
    uses.index_children(now()).expect("indexed");
    assert_eq!(uses.rests_on(1).expect("counted"), RestsOn { data_keys: 0, children: 0 });
    file.retire(1).expect("retired");
    let alone = house.instance_with(NodeKeys::of(&file).expect("keys"));
    found(&alone);
    assert_eq!(given(&alone, &cx, &case, "LV"), first, "also once the secret that made it is gone");
}

#[test]
fn what_is_stored_of_a_pseudonym_is_not_the_pseudonym() {
    let house = House::new();
    let (case, _) = house.given_case();
    let cx = context(&house.child_protection, now(), Uuid::nil());
    let made = given(&house.store, &cx, &case, "LV");
    let row = "SELECT row_to_json(p)::text AS word FROM child_pseudonyms p";
    let row = ask_one(&mut house.db.connection(), row);
    assert!(row.len() > 100 && !row.contains(made.as_str()), "{row}");
    let bytes = data_encoding::HEXLOWER.encode(made.as_str().as_bytes());
    assert!(!row.contains(&bytes), "nor its letters");
}
