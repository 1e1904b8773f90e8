//! Random acts by random callers and a random network: what is refused, what is done, and that no state outside the
//! diagram is ever reached.

use proptest::prelude::*;

use super::{
    model::{perform, shared},
    *,
};
use crate::{CodeList as _, Decided, deadlines::DutyKind, events::SubjectKind};

/// What happens next: an act of somebody of a side, a message or a receipt that comes, time that passes.
#[derive(Clone, Debug)]
enum Next {
    Act { ours: bool, who: u8, act: RequestAct, minutes: i64 },
    Deliver { from_ours: bool, which: usize },
    Receipt,
}

fn any_next() -> impl Strategy<Value = Next> {
    let acts = prop::sample::select(RequestAct::ALL);
    prop_oneof![
        4 => (any::<bool>(), 0_u8..4, acts, 0_i64..300)
            .prop_map(|(ours, who, act, minutes)| Next::Act { ours, who, act, minutes }),
        5 => (any::<bool>(), 0_usize..40).prop_map(|(from_ours, which)| Next::Deliver { from_ours, which }),
        1 => Just(Next::Receipt),
    ]
}

/// The books of one side: its open duties with when they are due.
type Books = std::collections::BTreeMap<DutyKind, Timestamp>;

fn booked(books: &mut Books, decided: &Decided<Request>) -> Result<(), TestCaseError> {
    for change in &decided.deadlines {
        match change {
            Change::Opened(duty) => {
                let before = books.insert(duty.kind, duty.due_at);
                prop_assert!(before.is_none(), "{} is opened twice", duty.kind);
                prop_assert_eq!(duty.subject, SubjectKind::TransnationalRequest);
            }
            Change::Closed { kind, .. } => {
                prop_assert!(books.remove(kind).is_some(), "{} ends and is not open", kind);
            }
            Change::Moved { kind, due_at, .. } => {
                prop_assert!(books.insert(*kind, *due_at).is_some(), "{} moves and is not open", kind);
            }
            _ => prop_assert!(false, "a request does nothing else to deadlines"),
        }
    }
    let mut owed = decided.value.owed();
    owed.sort_unstable();
    let open: Vec<_> = books.keys().copied().collect();
    prop_assert_eq!(open, owed, "what is owed in {} is what is on the books", decided.value.status);
    Ok(())
}

fn one_step(before: &Request, act: RequestAct, after: &Request) -> bool {
    act.rows(before.side).any(|it| {
        let stays = it.to.is_empty() && after.status == before.status;
        it.from.contains(&before.status) && (stays || it.to.contains(&after.status))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_sequence_leaves_the_diagram_and_both_sides_end_equal(
        kind in prop::sample::select(T::ALL),
        begins in 0_u8..4,
        steps in prop::collection::vec(any_next(), 1..60),
    ) {
        let moves = rule_of(kind).moves_child;
        let (mut ours, mut theirs) = match begins {
            1 if moves => planned(kind),
            2 if moves => on_the_way(kind),
            3 => assessed(kind),
            _ => sent(kind),
        };
        let (ends, mut now) = ((here(), there()), now());
        let begun = |it: &Request, end: &End| -> Books {
            let due = |kind| it.due(kind, &end.country, now).map(|(at, _)| (kind, at));
            it.owed().into_iter().filter_map(due).collect()
        };
        let mut books = (begun(&ours, &ends.0), begun(&theirs, &ends.1));
        for step in steps {
            match step {
                Next::Act { ours: mine, who, act, minutes } => {
                    now = now.plus(time::Duration::minutes(minutes));
                    let (record, end, books) = if mine {
                        (&mut ours, &ends.0, &mut books.0)
                    } else {
                        (&mut theirs, &ends.1, &mut books.1)
                    };
                    let stranger = caller(id(99), AgencyType::Police);
                    let at = match who {
                        0 => end.lead(now),
                        1 => end.office(now),
                        2 => end.itself(now),
                        _ => At { by: &stranger, ..end.office(now) },
                    };
                    let allowed = record.allowed(at.by);
                    let (offered, blocked) = record.actions(at.by);
                    prop_assert_eq!(&offered, &allowed);
                    prop_assert!(blocked.iter().all(|it| !allowed.contains(&it.act)), "offered or explained");
                    prop_assert!(who != 3 || allowed.is_empty(), "a stranger does nothing");
                    match perform(record, act, at) {
                        Ok(decided) => {
                            prop_assert!(allowed.contains(&act), "{act} was not offered");
                            prop_assert!(one_step(record, act, &decided.value), "{act} from {}", record.status);
                            prop_assert_eq!(decided.value.version.0, record.version.0 + 1);
                            prop_assert!(decided.value.sent.len() <= record.sent.len() + 1);
                            prop_assert!(!decided.facts.is_empty());
                            booked(books, &decided)?;
                            *record = decided.value;
                        }
                        Err(Refused::Broken(all)) => {
                            // That nobody has answered refuses a move by its rule, whatever the state.
                            let silent = all.iter().all(|it| it.code == "silence_is_not_consent");
                            prop_assert!((allowed.contains(&act) || silent) && !all.is_empty(), "{act}: {all:?}");
                        }
                        Err(_) => prop_assert!(
                            !allowed.contains(&act) || act == RequestAct::NoteMissedArrival,
                            "{act} was offered"
                        ),
                    }
                }
                Next::Deliver { from_ours, which } => {
                    let (from, record, end, books) = if from_ours {
                        (&ours, &mut theirs, &ends.1, &mut books.1)
                    } else {
                        (&theirs, &mut ours, &ends.0, &mut books.0)
                    };
                    let Some(message) = from.sent.get(which % from.sent.len().max(1)).cloned() else { continue };
                    let decided = record.receive(&message, end.office(now)).expect("it is taken");
                    booked(books, &decided)?;
                    let again = decided.value.receive(&message, end.office(now)).expect("again");
                    prop_assert_eq!(&again.value, &decided.value, "once");
                    prop_assert!(again.facts.is_empty() && again.deadlines.is_empty());
                    *record = decided.value;
                }
                Next::Receipt => {
                    let receipt = theirs.receipt().expect("a receipt");
                    let decided = ours.acknowledged_by(receipt, ends.0.office(now)).expect("taken");
                    booked(&mut books.0, &decided)?;
                    ours = decided.value;
                }
            }
            prop_assert!(
                ours.responsible().side == Side::Requesting || theirs.responsible().side == Side::Requested,
                "nobody is responsible"
            );
        }
        all_told(&mut ours, &mut theirs, now);
        prop_assert!(ours.unexpected.is_empty() && theirs.unexpected.is_empty(), "nothing unforeseen");
        prop_assert_eq!(format!("{:?}", shared(&ours)), format!("{:?}", shared(&theirs)));
        prop_assert!(ours.unacknowledged().is_empty() || ours.acknowledged > 0);
    }
}
