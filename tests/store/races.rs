//! Of two changes to one version, one wins and the other is told.

use std::{sync::Barrier, thread};

use domain::{
    Decided,
    access::Caller,
    cases::{IdentityUpdate, Whereabouts},
    identification::{Grounds, Presume},
    referrals::{Cancel, Referral},
    vocabulary::ReferralStatus,
};
use persistence::{StoreError, Tx};

use crate::{
    given::{House, ask_one, later, words},
    story::{accepting, declining, identity, setting},
};

fn accepted(tx: &mut Tx<'_>, before: &Referral) -> Result<Decided<Referral>, StoreError> {
    let country = tx.country(before.country)?;
    let rest = (tx.fresh_id().into(), tx.fresh_reference()?);
    let followed = before.accept(accepting(), rest, &country, &tx.cx.caller, tx.cx.now);
    Ok(followed.expect("lawful").this)
}

/// Runs two changes at once; each must meet the other at the barrier after it has read. Says which of them was done.
fn race(
    house: &House,
    first: (&Caller, impl Fn(&mut Tx<'_>, &Barrier) -> Result<(), StoreError> + Sync),
    second: (&Caller, impl Fn(&mut Tx<'_>, &Barrier) -> Result<(), StoreError> + Sync),
) -> [bool; 2] {
    let meet = Barrier::new(2);
    let (one, two) = thread::scope(|scope| {
        let one = scope.spawn(|| house.change_at(first.0, later(30), |tx| (first.1)(tx, &meet)));
        let two = scope.spawn(|| house.change_at(second.0, later(30), |tx| (second.1)(tx, &meet)));
        (one.join().expect("the first ends"), two.join().expect("the second ends"))
    });
    let done = [one.is_ok(), two.is_ok()];
    for lost in [one, two].into_iter().filter_map(Result::err) {
        assert!(matches!(lost, StoreError::Stale), "{lost:?}");
    }
    assert_eq!(done.iter().filter(|it| **it).count(), 1, "{done:?}");
    done
}

#[test]
fn a_case_is_presumed_once() {
    let house = House::new();
    let (case, _) = house.given_case();
    let presume = |tx: &mut Tx<'_>, meet: &Barrier| {
        let (case, _) = tx.case(case.id)?;
        meet.wait();
        let act = Presume { grounds: Grounds::ProfessionalJudgement, reasons: Some(words("reasons")) };
        let caller = tx.cx.caller.clone();
        let (country, child) = (tx.country(case.country)?, identity());
        let decided = case.presume(&act, None, &setting(tx, &country, &child, &[], &caller));
        tx.save_identified(&decided.expect("lawful"))
    };
    race(&house, (&house.police, presume), (&house.child_protection, presume));
    let after = house.case(case.id);
    assert_eq!(after.version.0, 2);
    let facts = "SELECT count(*)::text AS word FROM events WHERE event = 'identification.presumed'";
    assert_eq!(ask_one(&mut house.db.connection(), facts), "1");
}

#[test]
fn a_section_of_a_child_is_changed_once_and_the_other_section_beside_it() {
    let house = House::new();
    let (case, _) = house.given_case();
    let rename = |tx: &mut Tx<'_>, meet: &Barrier| {
        let child = tx.child(&case)?;
        meet.wait();
        let update = IdentityUpdate { call_name: Some(None), ..IdentityUpdate::default() };
        tx.save_identity(&child.update_identity(update, &case, tx.cx.now).expect("lawful"))
    };
    race(&house, (&house.police, rename), (&house.child_protection, rename));

    let shift = |tx: &mut Tx<'_>, meet: &Barrier| {
        let child = tx.child(&case)?;
        meet.wait();
        let moved = child.update_whereabouts(Whereabouts::default(), &case, tx.cx.now).expect("lawful");
        tx.save_whereabouts(&moved)
    };
    race(&house, (&house.police, shift), (&house.child_protection, shift));

    let meet = Barrier::new(2);
    thread::scope(|scope| {
        let one = scope.spawn(|| house.change(&house.police, |tx| rename(tx, &meet)));
        let two = scope.spawn(|| house.change(&house.child_protection, |tx| shift(tx, &meet)));
        one.join().expect("ends").expect("the sections have versions of their own");
        two.join().expect("ends").expect("the sections have versions of their own");
    });
}

#[test]
fn a_referral_is_accepted_or_declined_or_cancelled() {
    let house = House::new();
    for _ in 0..5 {
        let (case, _) = house.given_case();
        let referral = house.given_referral(&case, ReferralStatus::Acknowledged);
        let colleague = house.colleague(&house.barnahus, "tallinn-barnahus");
        let accept = |tx: &mut Tx<'_>, meet: &Barrier| {
            let (before, _) = tx.referral(referral.id)?;
            let decided = accepted(tx, &before)?;
            meet.wait();
            tx.save_referral(&before, &decided)
        };
        let decline = |tx: &mut Tx<'_>, meet: &Barrier| {
            let (before, _) = tx.referral(referral.id)?;
            let country = tx.country(before.country)?;
            meet.wait();
            let decided = before.decline(declining(), &country, &tx.cx.caller, tx.cx.now).expect("lawful");
            tx.save_referral(&before, &decided)
        };
        let [accepted, _] = race(&house, (&house.barnahus, accept), (&colleague, decline));
        let (after, _) = house.read(&house.police, |tx| tx.referral(referral.id)).expect("read");
        let status = if accepted { ReferralStatus::Accepted } else { ReferralStatus::Declined };
        assert_eq!((after.status, after.version.0), (status, referral.version.0 + 1));
        let takes_part = house.read_as(&house.barnahus, later(31), |tx| tx.case(case.id)).is_ok();
        assert_eq!(takes_part, accepted, "only who accepted takes part");
    }
}

#[test]
fn an_acceptance_and_a_cancellation_do_not_both_happen() {
    let house = House::new();
    let (case, _) = house.given_case();
    let referral = house.given_referral(&case, ReferralStatus::Acknowledged);
    let accept = |tx: &mut Tx<'_>, meet: &Barrier| {
        let (before, _) = tx.referral(referral.id)?;
        let decided = accepted(tx, &before)?;
        meet.wait();
        tx.save_referral(&before, &decided)
    };
    let cancel = |tx: &mut Tx<'_>, meet: &Barrier| {
        let (before, _) = tx.referral(referral.id)?;
        meet.wait();
        let act = Cancel { reason: words("cancelled") };
        let decided = before.cancel(act, &tx.cx.caller, tx.cx.now).expect("lawful");
        tx.save_referral(&before, &decided)
    };
    race(&house, (&house.barnahus, accept), (&house.police, cancel));
}
