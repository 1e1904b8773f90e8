//! Random acts by random callers, lawful or not: what is refused, what is done, and what is told of it.

use std::collections::BTreeMap;

use proptest::{prelude::*, sample::select};

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

/// Who does an act: S the sender, R the receiver, E either, M the mechanism; what must hold beside the state: P a
/// proposal, F freedom to decline, V a missing view, O feedback owed.
type Described = (A, char, &'static [S], Option<S>, char, EventType);

/// The acts as the process description has them: act, who, states before, state after, guard, what the log says.
const PROCESS: [Described; 18] = [
    (A::Amend, 'S', &[S::Draft], None, '-', EventType::ReferralAmended),
    (A::Send, 'S', &[S::Draft], Some(S::Sent), '-', EventType::ReferralSent),
    (A::Acknowledge, 'R', &[S::Sent], Some(S::Acknowledged), '-', EventType::ReferralAcknowledged),
    (
        A::RequestInformation,
        'R',
        &[S::Acknowledged],
        Some(S::InfoRequested),
        '-',
        EventType::ReferralInformationRequested,
    ),
    (
        A::ProvideInformation,
        'S',
        &[S::InfoRequested],
        Some(S::Acknowledged),
        '-',
        EventType::ReferralInformationProvided,
    ),
    (A::Accept, 'R', &[S::Acknowledged], Some(S::Accepted), '-', EventType::ReferralAccepted),
    (
        A::Decline,
        'R',
        &[S::Acknowledged, S::InfoRequested],
        Some(S::Declined),
        'F',
        EventType::ReferralDeclined,
    ),
    (A::ProposeReroute, 'R', &[S::Acknowledged], None, '-', EventType::ReferralRerouteProposed),
    (A::Reroute, 'S', &[S::Declined, S::Expired], Some(S::Rerouted), '-', EventType::ReferralRerouted),
    (A::Reroute, 'S', &[S::Acknowledged], Some(S::Rerouted), 'P', EventType::ReferralRerouted),
    (A::Start, 'R', &[S::Accepted], Some(S::InService), '-', EventType::ReferralStarted),
    (A::Complete, 'R', &[S::InService], Some(S::Completed), '-', EventType::ReferralCompleted),
    (
        A::Interrupt,
        'R',
        &[S::Accepted, S::InService],
        Some(S::Interrupted),
        '-',
        EventType::ReferralInterrupted,
    ),
    (A::GiveFeedback, 'R', &[S::Completed, S::Interrupted], None, 'O', EventType::ReferralFeedbackGiven),
    (
        A::RecordChildView,
        'S',
        &[S::Sent, S::Acknowledged, S::InfoRequested, S::Accepted, S::InService],
        None,
        'V',
        EventType::ReferralChildViewRecorded,
    ),
    (
        A::Write,
        'E',
        &[S::Sent, S::Acknowledged, S::InfoRequested, S::Accepted, S::InService],
        None,
        '-',
        EventType::ReferralMessageSent,
    ),
    (
        A::Cancel,
        'S',
        &[S::Draft, S::Sent, S::Acknowledged, S::InfoRequested, S::Accepted, S::Declined, S::Expired],
        Some(S::Cancelled),
        '-',
        EventType::ReferralCancelled,
    ),
    (
        A::Expire,
        'M',
        &[S::Sent, S::Acknowledged, S::InfoRequested],
        Some(S::Expired),
        '-',
        EventType::ReferralExpired,
    ),
];

#[derive(Clone, Copy, Debug)]
enum Who {
    Sender,
    Receiver,
    Stranger,
    SenderAbroad,
    ReceiverAbroad,
    SenderWithoutScope,
    ReceiverWithoutRole,
    Mechanism,
}

#[derive(Clone, Debug)]
struct Step {
    /// Whether the act is one that fits, by who may do it, with a lawful command.
    likely: bool,
    pick: usize,
    act: A,
    who: Who,
    send: Send,
    first_appointment_in_days: i64,
    decline: Decline,
    /// Which of the services that were asked are accepted: 0 all, 1 the first, 2 none of them.
    part: usize,
    feedback: bool,
    outcome: ReferralOutcome,
    /// Which referral of the chain.
    which: usize,
    other: u128,
    minutes: i64,
}

fn any<C: CodeList>() -> impl Strategy<Value = C> {
    select(C::ALL)
}

fn any_view() -> impl Strategy<Value = Option<ChildView>> {
    let recorded = (any::<ViewStatus>(), any_bool(), any_bool()).prop_map(|(status, said, weighed)| {
        ChildView::Recorded(View {
            status,
            summary: said.then(|| "said".to_owned()),
            weight_given: weighed.then(|| "much".to_owned()),
            ..expressed()
        })
    });
    let missing = (any::<ViewMissingReason>(), prop::option::of(-2_i64..12)).prop_map(|(reason, days)| {
        ChildView::Missing { reason, ask_again_on: days.map(crate::given::in_days) }
    });
    prop::option::weighted(0.8, prop_oneof![recorded, missing])
}

fn any_bool() -> impl Strategy<Value = bool> {
    proptest::bool::ANY
}

fn any_send() -> impl Strategy<Value = Send> {
    let one = (any::<DataClass>(), prop::collection::vec(any::<LawfulBasis>(), 0..3))
        .prop_map(|(data_class, lawful_bases)| Disclosure { data_class, lawful_bases });
    (prop::collection::vec(one, 0..4), any_view(), any_bool()).prop_map(
        |(disclosures, child_view, child_informed)| Send {
            disclosures,
            child_view,
            child_informed,
            caveats: Vec::new(),
        },
    )
}

fn any_decline() -> impl Strategy<Value = Decline> {
    let suggestion =
        select(vec![None, Some(Suggestion::NoneKnown), Some(Suggestion::Other("ward".to_owned()))]);
    (any::<DeclineReason>(), any_bool(), suggestion).prop_map(|(reason, explained, suggestion)| Decline {
        reason,
        explanation: explained.then(|| "because".to_owned()),
        suggestion,
    })
}

fn any_step() -> impl Strategy<Value = Step> {
    let who = select(vec![
        Who::Sender,
        Who::Receiver,
        Who::Stranger,
        Who::SenderAbroad,
        Who::ReceiverAbroad,
        Who::SenderWithoutScope,
        Who::ReceiverWithoutRole,
        Who::Mechanism,
    ]);
    let commands = (any_send(), -2_i64..4, any_decline(), 0_usize..3, any_bool(), any::<ReferralOutcome>());
    let choices = (prop::bool::weighted(0.7), 0_usize..19, any::<A>(), who, 0_usize..8, 2_u128..7);
    (choices, commands, 0_i64..2_000).prop_map(
        |(
            (likely, pick, act, who, which, other),
            (send, first_appointment_in_days, decline, part, feedback, outcome),
            minutes,
        )| Step {
            likely,
            pick,
            act,
            who,
            send,
            first_appointment_in_days,
            decline,
            part,
            feedback,
            outcome,
            which,
            other,
            minutes,
        },
    )
}

impl Who {
    /// The caller, as far as it stands on a side of this referral.
    fn caller(self, it: &Referral) -> Caller {
        let away = |it: Caller| Caller { country: country("LV"), ..it };
        let receiver = || {
            let agency = it.to.map_or(id(RECEIVER), |it| it.agency);
            Caller { agency, ..receiver() }
        };
        match self {
            Self::Sender => sender(),
            Self::Receiver => receiver(),
            Self::Stranger => caller(id(3_000), AgencyType::ChildProtection),
            Self::SenderAbroad => away(sender()),
            Self::ReceiverAbroad => away(receiver()),
            Self::SenderWithoutScope => Caller { scopes: crate::access::Scopes::default(), ..sender() },
            Self::ReceiverWithoutRole => Caller { role: None, ..receiver() },
            Self::Mechanism => Caller::mechanism(country("EE"), id(1)),
        }
    }

    const fn side(self) -> Option<ReferralSide> {
        match self {
            Self::Sender | Self::SenderWithoutScope => Some(Sender),
            Self::Receiver | Self::ReceiverWithoutRole => Some(Receiver),
            Self::Stranger | Self::SenderAbroad | Self::ReceiverAbroad | Self::Mechanism => None,
        }
    }

    const fn permitted(self) -> bool {
        !matches!(self, Self::SenderWithoutScope | Self::ReceiverWithoutRole)
    }
}

/// Whether an act is one of a side's.
fn done_by(who: char, side: Option<ReferralSide>, mechanism: bool) -> bool {
    match (who, side) {
        ('M', _) => mechanism,
        ('S' | 'E', Some(Sender)) | ('R' | 'E', Some(Receiver)) => true,
        _ => false,
    }
}

/// Whether a guard holds, in plain words.
fn guarded(guard: char, it: &Referral) -> bool {
    match guard {
        'P' => it.file.reroute_proposal.is_some(),
        'F' => !it.file.must_accept,
        'V' => {
            let sent = it.file.package.as_ref().expect("sent");
            matches!(sent.child_view, ChildView::Missing { .. }) && it.file.later_view.is_none()
        }
        'O' => it.file.ended.as_ref().is_some_and(|it| it.feedback.is_none()),
        _ => true,
    }
}

/// The row by which an act is possible now, if there is one.
fn possible(act: A, side: Option<ReferralSide>, mechanism: bool, it: &Referral) -> Option<Described> {
    PROCESS.into_iter().find(|row| {
        row.0 == act && done_by(row.1, side, mechanism) && row.2.contains(&it.status) && guarded(row.4, it)
    })
}

/// The step with an act that fits the state, if it was to be a likely one and there is any.
fn made_likely(step: Step, it: &Referral) -> Step {
    let fitting: Vec<_> =
        PROCESS.iter().filter(|row| row.2.contains(&it.status) && guarded(row.4, it)).collect();
    if !step.likely || fitting.is_empty() {
        return step;
    }
    let (act, who, ..) = *fitting[step.pick % fitting.len()];
    let who = match who {
        'S' | 'E' => Who::Sender,
        'M' => Who::Mechanism,
        _ => Who::Receiver,
    };
    let missing =
        ChildView::Missing { reason: ViewMissingReason::UrgentDanger, ask_again_on: Some(in_days(400)) };
    let mut send = lawful_send();
    if step.part == 0 {
        send.child_view = Some(missing);
    }
    let decline = Decline {
        reason: DeclineReason::NoCapacity,
        explanation: None,
        suggestion: Some(Suggestion::NoneKnown),
    };
    Step { act, who, send, first_appointment_in_days: 400, decline, ..step }
}

/// What an act comes to, with the referral that follows; none for a message, which changes nothing of the referral.
type Done = Result<(Decided<Referral>, Option<Decided<Referral>>), Refused>;

fn done(it: &Referral, step: &Step, country: &CountryEntry, fresh: u128, now: Timestamp) -> Done {
    let by = step.who.caller(it);
    let alone = |decided: Result<Decided<Referral>, Refused>| decided.map(|it| (it, None));
    let followed = |it: Result<Followed, Refused>| it.map(|it| (it.this, it.next));
    let reference = || crate::Reference::from_entropy(u64::try_from(fresh).expect("small").to_be_bytes());
    let end = || Complete {
        outcome: step.outcome,
        delivered: vec![ServiceCode::Dental],
        feedback: step.feedback.then(|| "all well".to_owned()),
    };
    match step.act {
        A::Amend => alone(it.amend(Amend::default(), None, &by, now)),
        A::Send => alone(it.send(step.send.clone(), (&child(), &Relation::Lead), country, &by, now)),
        A::Acknowledge => alone(it.acknowledge(&by, now)),
        A::RequestInformation => alone(it.request_information("why".to_owned(), country, &by, now)),
        A::ProvideInformation => alone(it.provide_information("so".to_owned(), country, &by, now)),
        A::Accept => {
            let services = match step.part {
                0 => None,
                1 => Some(it.services.iter().copied().take(1).collect()),
                _ => Some(vec![ServiceCode::Monitoring]),
            };
            let first_appointment_on = in_days(step.first_appointment_in_days);
            let act = Accept { worker: "desk".to_owned(), first_appointment_on, services };
            followed(it.accept(act, (id(fresh), reference()), country, &by, now))
        }
        A::Decline => alone(it.decline(step.decline.clone(), country, &by, now)),
        A::ProposeReroute => {
            let Decline { reason, explanation, .. } = step.decline.clone();
            let act = ProposeReroute { reason, explanation, to: id(step.other) };
            alone(it.propose_reroute(act, &by, now))
        }
        A::Reroute => {
            let to = agency(step.other, AgencyType::Barnahus);
            let need = it.need(&child().identity, now);
            let fit = fit_of(&to, &need, now);
            let act = Reroute { id: id(fresh), reference: reference() };
            followed(it.reroute(act, &fit, (country, Some(id(70))), &by, now))
        }
        A::Start => alone(it.start(&by, now)),
        A::Complete => alone(it.complete(end(), country, &by, now)),
        A::Interrupt => alone(it.interrupt(end(), country, &by, now)),
        A::GiveFeedback => alone(it.give_feedback("well".to_owned(), &by, now)),
        A::RecordChildView => alone(it.record_child_view(expressed(), &country.profile, &by, now)),
        A::Write => it
            .write(id(fresh), "hello".to_owned(), &by, now)
            .map(|written| (Decided::new(it.clone(), written.facts, Vec::new()), None)),
        A::Cancel => alone(it.cancel(Cancel { reason: "found at home".to_owned() }, &by, now)),
        A::Expire if by.is_mechanism() => alone(it.expire(country, now)),
        A::Expire => Err(Refused::not_yours("only the mechanism does this")),
    }
}

/// What the rules say of the content of a command, in plain words.
fn content_is_lawful(it: &Referral, step: &Step, now: Timestamp) -> bool {
    let forbidden = ["nationality", "legal_status", "non_cooperation", "criminal_conduct"];
    let ground = |it: &Decline| {
        !forbidden.contains(&it.reason.code())
            && (it.reason != DeclineReason::Other || it.explanation.is_some())
    };
    match step.act {
        A::Send => {
            let Some(to) = it.to else { return false };
            let classes: Vec<_> = step.send.disclosures.iter().map(|it| it.data_class).collect();
            let ceiling = receiving_ceiling(to.agency_type);
            let view = match &step.send.child_view {
                None => false,
                Some(ChildView::Recorded(view)) => match view.status {
                    ViewStatus::Expressed | ViewStatus::PartlyExpressed => view.summary.is_some(),
                    ViewStatus::DeclinedToExpress | ViewStatus::Unable => true,
                    ViewStatus::NotYetAsked | ViewStatus::AskedLater => false,
                },
                Some(ChildView::Missing { ask_again_on, .. }) => {
                    ask_again_on.is_some_and(|day| day.0 >= now.date())
                }
            };
            view && !classes.is_empty()
                && classes.iter().all(|it| ceiling.contains(it))
                && classes.iter().enumerate().all(|(n, it)| !classes[..n].contains(it))
                && step
                    .send
                    .disclosures
                    .iter()
                    .all(|it| it.lawful_bases.iter().any(|basis| basis.carries(it.data_class)))
        }
        A::Accept => {
            // The third choice is a service that nobody asked for; the second is one, unless none was asked.
            let part = step.part == 0 || step.part == 1 && !it.services.is_empty();
            in_days(step.first_appointment_in_days).0 >= now.date() && part
        }
        A::Decline => ground(&step.decline) && step.decline.suggestion.is_some(),
        A::ProposeReroute => {
            let other: crate::AgencyId = id(step.other);
            ground(&step.decline) && other != it.from && it.to.is_some_and(|it| it.agency != other)
        }
        A::Reroute => it.to.is_none_or(|it| it.agency != id(step.other)),
        A::Interrupt => step.outcome != ReferralOutcome::NeedsMet,
        _ => true,
    }
}

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
                due.map(|it| *it = *due_at);
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

#[test]
fn the_table_is_the_described_process() {
    let described: Vec<_> = PROCESS
        .iter()
        .map(|(act, who, from, to, guard, _)| format!("{act} {who} {from:?} {to:?} {guard}"))
        .collect();
    let table: Vec<_> = TRANSITIONS
        .iter()
        .map(|it| {
            use crate::referrals::{Actor, Guard};
            let who = match it.actor {
                Actor::Side(Sender) => 'S',
                Actor::Side(Receiver) => 'R',
                Actor::Either => 'E',
                Actor::Mechanism => 'M',
            };
            let guard = match it.guard {
                Guard::None => '-',
                Guard::RerouteProposed => 'P',
                Guard::MayRefuse => 'F',
                Guard::ViewMissing => 'V',
                Guard::FeedbackOwed => 'O',
            };
            format!("{} {who} {:?} {:?} {guard}", it.act, it.from, it.to)
        })
        .collect();
    assert_eq!(table, described);
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
