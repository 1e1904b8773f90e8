//! What is stored reads back equal; what was damaged does not read back at all.

use diesel::connection::SimpleConnection as _;
use domain::{
    CodeList as _, Refused, Version,
    access::Relation,
    cases::{IdentityUpdate, Whereabouts},
    vocabulary::ReferralStatus,
};
use persistence::{StoreError, Tx};

use crate::{
    given::{House, later, words},
    story::identity,
};

#[test]
fn a_concern_and_a_screening_read_back() {
    let house = House::new();
    let concern = house.given_concern(&house.police);
    let screening = house.given_screening(&house.police, Some(&concern));
    assert_eq!(house.read(&house.police, |tx| tx.concern(concern.id)).expect("read"), concern);
    assert_eq!(house.read(&house.police, |tx| tx.screening(screening.id)).expect("read"), screening);
}

#[test]
fn a_case_its_child_and_its_episodes_read_back() {
    let house = House::new();
    let (case, child) = house.given_case();
    let episode = house.given_episode(&case);
    let (read, relation) = house.read(&house.police, |tx| tx.case(case.id)).expect("read");
    assert_eq!((&read, relation), (&case, Relation::Opener));
    assert_eq!(house.read(&house.police, |tx| tx.child(&case)).expect("read"), child);
    assert_eq!(house.read(&house.police, |tx| tx.episode(&case, episode.id)).expect("read"), episode);
    let (other, _) = house.given_case();
    let misplaced = house.read(&house.police, |tx| tx.episode(&other, episode.id));
    assert!(matches!(misplaced, Err(StoreError::NotFound)), "{misplaced:?}");
}

#[test]
fn a_presumption_reads_back_with_its_reasons() {
    let house = House::new();
    let (case, _) = house.given_case();
    assert_eq!(house.read(&house.police, |tx| tx.identification_acts(&case)).expect("read"), []);
    let presumed = house.presumed(&case);
    assert_eq!(house.case(case.id), presumed);
    let acts = house.read(&house.child_protection, |tx| tx.identification_acts(&case)).expect("read");
    assert_eq!(acts.len(), 1);
    assert_eq!(acts[0].written.reasons, Some(words("reasons")));
}

#[test]
fn changed_sections_of_a_child_read_back_each_with_its_version() {
    let house = House::new();
    let (case, child) = house.given_case();
    let update = IdentityUpdate { call_name: Some(None), ..IdentityUpdate::default() };
    house
        .change(&house.police, |tx| {
            let changed = child.update_identity(update.clone(), &case, tx.cx.now).expect("lawful");
            tx.save_identity(&changed)
        })
        .expect("saved");
    let moved = Whereabouts { address: Some(words("elsewhere")), ..Whereabouts::default() };
    house
        .change(&house.police, |tx| {
            let decided = child.update_whereabouts(moved.clone(), &case, tx.cx.now).expect("lawful");
            tx.save_whereabouts(&decided)
        })
        .expect("saved");
    let read = house.read(&house.child_protection, |tx| tx.child(&case)).expect("read");
    assert_eq!(read.identity, domain::cases::Identity { call_name: None, ..identity() });
    assert_eq!(read.whereabouts, moved);
    assert_eq!((read.identity_version, read.whereabouts_version), (Version(2), Version(2)));
}

#[test]
fn a_referral_reads_back_in_every_state() {
    let house = House::new();
    let (case, _) = house.given_case();
    for status in ReferralStatus::ALL.iter().copied() {
        let referral = house.given_referral(&case, status);
        assert_eq!(referral.status, status);
        let (read, _) = house.read(&house.police, |tx| tx.referral(referral.id)).expect("read");
        assert_eq!(read, referral, "{status}");
    }
}

#[test]
fn a_draft_cancelled_before_it_was_sent_reads_back() {
    let house = House::new();
    let (case, _) = house.given_case();
    let draft = house.given_referral(&case, ReferralStatus::Draft);
    let cancelled = house.moved(&draft, &house.barnahus, ReferralStatus::Cancelled, later(1));
    assert_eq!(house.read(&house.police, |tx| tx.referral(draft.id)).expect("read").0, cancelled);
}

#[test]
fn a_second_case_from_one_screening_is_refused_in_words() {
    let house = House::new();
    let screening = house.given_screening(&house.police, None);
    house.take_in(&screening).expect("the first");
    let error = house.take_in(&screening).expect_err("the second");
    let refused = Tx::screening_taken(error).expect("a refusal");
    assert!(matches!(refused, Refused::WrongState(_)), "{refused:?}");
}

#[test]
fn damaged_and_misplaced_sealed_values_are_corrupt_and_not_read() {
    let house = House::new();
    let (case, _) = house.given_case();
    let (other, _) = house.given_case();
    let (one, two) = (house.given_episode(&case), house.given_episode(&case));
    let strange = house.given_episode(&other);
    let mut conn = house.db.connection();
    let mut broken_by = |statement: String| {
        conn.batch_execute(&statement).expect("damaged");
        let answer = house.read(&house.police, |tx| tx.episode(&case, one.id));
        assert!(matches!(answer, Err(StoreError::Corrupt { .. })), "{statement}: {answer:?}");
    };
    let copied = |from: domain::EpisodeId| {
        format!(
            "UPDATE exploitation_episodes SET content_sealed = \
             (SELECT content_sealed FROM exploitation_episodes WHERE id = '{from}') WHERE id = '{}'",
            one.id
        )
    };
    broken_by(copied(two.id));
    broken_by(copied(strange.id));
    broken_by(format!("UPDATE exploitation_episodes SET content_sealed = '\\x01' WHERE id = '{}'", one.id));
    broken_by("UPDATE data_keys SET wrapped = wrapped || '\\x00' WHERE section = 'narrative'".to_owned());
    broken_by("DELETE FROM data_keys WHERE section = 'narrative'".to_owned());
}
