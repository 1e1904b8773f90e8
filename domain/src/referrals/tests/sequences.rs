//! Random acts by random callers, lawful or not: what is refused, what is done, what is told of it, and that nothing is
//! ever left to nobody.

mod process;
mod steps;

use std::collections::BTreeMap;

use proptest::prelude::*;

use self::{
    process::{PROCESS, done_by, possible},
    steps::{Who, any, any_step, content_is_lawful, done, made_likely},
};
use super::*;
use crate::{
    CodeList, Refused, Version,
    access::receiving_ceiling,
    deadlines::{Change, DutyKind, Outcome},
    directory::CountryEntry,
    events::{EventType, SubjectKind},
    given::{child, country, country_with, in_days, profile},
    referrals::{
        Accept, Amend, Cancel, Complete, Decline, Followed, ProposeReroute, ReferralAct, ReferralOutcome,
        ReferralSide, Reroute, Suggestion, TRANSITIONS,
    },
    vocabulary::{DeclineReason, ReferralStatus, ViewMissingReason},
};

use ReferralAct as A;
use ReferralSide::{Receiver, Sender};
use ReferralStatus as S;

/// The open duties of every referral, as the changes have made them: when each is due.
type Books = BTreeMap<(uuid::Uuid, DutyKind), Timestamp>;

/// Keeps the books by what an act says of deadlines, and holds that nothing of it is silent or contradicts itself.
fn booked(books: &mut Books, decided: &Decided<Referral>, act: A) -> Result<(), TestCaseError> {
    let told = decided.facts.iter().map(|it| it.payload.to_string()).collect::<String>();
    for change in &decided.deadlines {
        match change {
            Change::Opened(duty) => {
                let before = books.insert((duty.subject_id, duty.kind), duty.due_at);
                prop_assert!(before.is_none(), "{} is opened twice", duty.kind);
                prop_assert!(duty.answers_to == decided.value.from);
            }
            Change::Moved { subject_id, kind, due_at, pause } => {
                let due = books.get_mut(&(*subject_id, *kind));
                prop_assert!(due.is_some(), "{} moves and is not open", kind);
                if let Some(due) = due {
                    *due = *due_at;
                }
                prop_assert!(told.contains(&due_at.to_string()), "{} moves silently", kind);
                prop_assert!(pause.due_before <= *due_at, "a pause brings nothing forward");
            }
            Change::Assigned { subject_id, kind, .. } => {
                prop_assert!(books.contains_key(&(*subject_id, *kind)), "{} is assigned and not open", kind);
            }
            Change::Closed { subject_id, kind, outcome } => {
                let open = books.remove(&(*subject_id, *kind));
                prop_assert!(open.is_some(), "{} ends and is not open", kind);
                prop_assert_eq!(*outcome == Outcome::Missed, act == A::Expire, "{} {}", kind, outcome);
            }
            Change::HandedOver { .. } => prop_assert!(false, "a referral hands no case over"),
        }
    }
    Ok(())
}

/// What holds of a referral and its deadlines after every act.
fn holds(it: &Referral, books: &Books) -> Result<(), TestCaseError> {
    let ended = matches!(it.status, S::Rerouted | S::Completed | S::Interrupted | S::Cancelled);
    prop_assert_eq!(it.responsible().is_none(), ended, "{} without a responsible agency", it.status);
    let mut owed = it.owed();
    owed.sort_unstable();
    let open: Vec<_> = books.keys().filter(|(of, _)| *of == it.id.0).map(|(_, kind)| *kind).collect();
    let mut sorted = open.clone();
    sorted.sort_unstable();
    prop_assert_eq!(&sorted, &owed, "what is owed in {} is what is on the books", it.status);
    prop_assert!(
        !owed.is_empty()
            || ended
            || (it.status == S::Draft && it.origin.is_none())
            || it.status == S::InService,
        "nobody has to do anything in {}",
        it.status
    );
    let due = |kind| books.get(&(it.id.0, kind)).copied();
    if let Some(sent) = it.sent {
        for (kind, at) in [
            (DutyKind::Acknowledge, sent.acknowledge_by),
            (DutyKind::Decide, sent.decide_by),
            (DutyKind::FirstContact, sent.first_contact_by),
        ] {
            prop_assert!(due(kind).is_none_or(|it| it == at), "{} is due at two times", kind);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn acts_are_done_exactly_when_side_state_and_rules_allow_and_nothing_is_ever_left_to_nobody(
        to_type in any::<AgencyType>(),
        must_accept in prop::bool::weighted(0.2),
        steps in prop::collection::vec(any_step(), 1..24),
    ) {
        let mut profile = profile();
        if must_accept {
            profile.must_accept.value.push(to_type);
        }
        let country = country_with(profile);
        let mut now = now();
        let mut chain = vec![draft(to_type)];
        let mut books = Books::new();
        for (n, step) in steps.into_iter().enumerate() {
            now = now.plus(time::Duration::minutes(step.minutes));
            let place = step.which % chain.len();
            let referral = chain[place].clone();
            let step = made_likely(step, &referral);
            let (act, caller, mechanism) =
                (step.act, step.who.caller(&referral), matches!(step.who, Who::Mechanism));

            let sent = referral.sent.is_some();
            let sees = step.who.side().filter(|it| *it == Sender || sent);
            prop_assert_eq!(referral.side(&caller), sees, "a draft is its sender's alone");
            let mine = PROCESS.iter().any(|it| it.0 == act && done_by(it.1, sees, mechanism));
            let row = possible(act, sees, mechanism, &referral);
            if !mechanism {
                let (allowed, blocked) = referral.actions(&caller);
                let offered = allowed.iter().any(|it| it.act == act);
                prop_assert_eq!(offered, row.is_some() && step.who.permitted(), "offered: {:?}", step);
                prop_assert_eq!(allowed.len() + blocked.len(), A::ALL.len() - 1, "offered or explained");
            }

            let lawful = content_is_lawful(&referral, &step, now);
            match done(&referral, &step, &country, 1_000 + n as u128, now) {
                Ok((decided, next)) => {
                    prop_assert!(row.is_some() && lawful, "done: {:?} on {}", step, referral.status);
                    let (.., to, _, event) = row.expect("a row");
                    booked(&mut books, &decided, act)?;
                    let after = &decided.value;
                    prop_assert_eq!(after.status, to.unwrap_or(referral.status));
                    let moved = to.is_some_and(|it| it != referral.status);
                    prop_assert_eq!(after.status_at, if moved { now } else { referral.status_at });
                    let change = i32::from(act != A::Write);
                    prop_assert_eq!(after.version, Version(referral.version.0 + change));
                    let mut audience = vec![referral.from];
                    if sent || act == A::Send {
                        audience.extend(referral.to.map(|it| it.agency));
                    }
                    let fact = &decided.facts[0];
                    prop_assert_eq!(fact.event, event);
                    prop_assert_eq!(&fact.audience, &audience);
                    prop_assert_eq!((fact.subject, fact.subject_id), (SubjectKind::Referral, referral.id.0));
                    prop_assert_eq!((fact.version, fact.case), (after.version.0, Some(referral.case)));
                    let reroutes = next.as_ref().and_then(|it| it.value.origin).map_or(0, |it| it.reroutes);
                    let told = act == A::Reroute && reroutes >= 3;
                    prop_assert_eq!(decided.facts.len(), 1 + usize::from(told), "the third reroute is told");
                    let kept = Referral {
                        status: referral.status, status_at: referral.status_at, version: referral.version,
                        sent: referral.sent, file: referral.file.clone(), ..after.clone()
                    };
                    prop_assert_eq!(&kept, &referral, "an act changes nothing else");
                    if let Some(next) = next {
                        booked(&mut books, &next, act)?;
                        prop_assert_eq!(next.value.origin.expect("it follows").clock, referral.clock(now));
                        prop_assert_eq!(after.file.followed_by.last(), Some(&next.value.id));
                        holds(&next.value, &books)?;
                        chain.push(next.value);
                    }
                    holds(after, &books)?;
                    chain[place] = decided.value;
                }
                Err(Refused::NotYours(_)) => prop_assert!(!mine, "not theirs: {:?}", step),
                Err(Refused::WrongState(_)) => prop_assert!(mine && row.is_none(), "state: {:?}", step),
                Err(Refused::Broken(all)) => {
                    let obliged = act == A::Decline && referral.file.must_accept;
                    prop_assert!(mine && (obliged || row.is_some() && !lawful), "{:?}: {:?}", step, all);
                    prop_assert!(!all.is_empty());
                }
            }
        }
    }
}
