//! Random acts by random callers, lawful or not: what is refused, what is done, and what is told of it.

use proptest::{prelude::*, sample::select};

use super::*;
use crate::{
    CodeList, Refused, Version,
    access::receiving_ceiling,
    directory::Profile,
    events::{EventType, SubjectKind},
    given::{child, country, profile},
    referrals::{
        Accept, Cancel, Complete, Decline, ReferralAct, ReferralOutcome, ReferralSide, Suggestion,
        TRANSITIONS,
    },
    vocabulary::{DeclineReason, ReferralStatus, ViewMissingReason},
};

use ReferralAct as A;
use ReferralSide::{Receiver, Sender};
use ReferralStatus as S;

/// The acts as the process description has them: act, side, states before, state after, what the log says.
const PROCESS: [(A, ReferralSide, &[S], S, EventType); 7] = [
    (A::Send, Sender, &[S::Draft], S::Sent, EventType::ReferralSent),
    (A::Acknowledge, Receiver, &[S::Sent], S::Acknowledged, EventType::ReferralAcknowledged),
    (A::Accept, Receiver, &[S::Acknowledged], S::Accepted, EventType::ReferralAccepted),
    (A::Decline, Receiver, &[S::Acknowledged, S::InfoRequested], S::Declined, EventType::ReferralDeclined),
    (A::Start, Receiver, &[S::Accepted], S::InService, EventType::ReferralStarted),
    (A::Complete, Receiver, &[S::InService], S::Completed, EventType::ReferralCompleted),
    (
        A::Cancel,
        Sender,
        &[S::Draft, S::Sent, S::Acknowledged, S::InfoRequested, S::Accepted],
        S::Cancelled,
        EventType::ReferralCancelled,
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
    ]);
    let commands = (any_send(), -2_i64..4, any_decline());
    (prop::bool::weighted(0.6), 0_usize..7, any::<A>(), who, commands, 0_i64..2_000).prop_map(
        |(likely, pick, act, who, (send, first_appointment_in_days, decline), minutes)| Step {
            likely,
            pick,
            act,
            who,
            send,
            first_appointment_in_days,
            decline,
            minutes,
        },
    )
}

impl Who {
    fn caller(self) -> Caller {
        let away = |it: Caller| Caller { country: country("LV"), ..it };
        match self {
            Self::Sender => sender(),
            Self::Receiver => receiver(),
            Self::Stranger => caller(id(3), AgencyType::ChildProtection),
            Self::SenderAbroad => away(sender()),
            Self::ReceiverAbroad => away(receiver()),
            Self::SenderWithoutScope => Caller { scopes: crate::access::Scopes::default(), ..sender() },
            Self::ReceiverWithoutRole => Caller { role: None, ..receiver() },
        }
    }

    const fn side(self) -> Option<ReferralSide> {
        match self {
            Self::Sender | Self::SenderWithoutScope => Some(Sender),
            Self::Receiver | Self::ReceiverWithoutRole => Some(Receiver),
            Self::Stranger | Self::SenderAbroad | Self::ReceiverAbroad => None,
        }
    }

    const fn permitted(self) -> bool {
        !matches!(self, Self::SenderWithoutScope | Self::ReceiverWithoutRole)
    }
}

fn row(act: A) -> (A, ReferralSide, &'static [S], S, EventType) {
    PROCESS.into_iter().find(|it| it.0 == act).expect("every act has a row")
}

/// The step with an act that fits the state, if it was to be a likely one and there is any.
fn made_likely(step: Step, status: S) -> Step {
    let fitting: Vec<_> = PROCESS.iter().filter(|it| it.2.contains(&status)).collect();
    if !step.likely || fitting.is_empty() {
        return step;
    }
    let (act, side, ..) = *fitting[step.pick % fitting.len()];
    Step {
        act,
        who: if side == Sender { Who::Sender } else { Who::Receiver },
        send: lawful_send(),
        first_appointment_in_days: 40,
        decline: Decline {
            reason: DeclineReason::NoCapacity,
            explanation: None,
            suggestion: Some(Suggestion::NoneKnown),
        },
        ..step
    }
}

fn done(
    referral: &Referral,
    step: &Step,
    profile: &Profile,
    now: Timestamp,
) -> Result<Decided<Referral>, Refused> {
    let by = step.who.caller();
    match step.act {
        A::Send => referral.send(step.send.clone(), (&child(), &Relation::Lead), profile, &by, now),
        A::Acknowledge => referral.acknowledge(&by, now),
        A::Accept => {
            let first_appointment_on = crate::given::in_days(step.first_appointment_in_days);
            referral.accept(Accept { worker: "desk".to_owned(), first_appointment_on }, &by, now)
        }
        A::Decline => referral.decline(step.decline.clone(), profile, &by, now),
        A::Start => referral.start(&by, now),
        A::Complete => {
            let act = Complete { outcome: ReferralOutcome::NeedsMet, feedback: "all well".to_owned() };
            referral.complete(act, &by, now)
        }
        A::Cancel => referral.cancel(Cancel { reason: "found at home".to_owned() }, &by, now),
    }
}

/// What the rules say of the content of a command, in plain words.
fn content_is_lawful(referral: &Referral, step: &Step, must_accept: bool, now: Timestamp) -> bool {
    match step.act {
        A::Send => {
            let classes: Vec<_> = step.send.disclosures.iter().map(|it| it.data_class).collect();
            let ceiling = receiving_ceiling(referral.to_type);
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
        A::Accept => crate::given::in_days(step.first_appointment_in_days).0 >= now.date(),
        A::Decline => {
            let it = &step.decline;
            let forbidden = ["nationality", "legal_status", "non_cooperation", "criminal_conduct"];
            !must_accept
                && !forbidden.contains(&it.reason.code())
                && it.suggestion.is_some()
                && (it.reason != DeclineReason::Other || it.explanation.is_some())
        }
        A::Acknowledge | A::Start | A::Complete | A::Cancel => true,
    }
}

#[test]
fn the_table_is_the_described_process() {
    assert_eq!(TRANSITIONS.len(), PROCESS.len());
    for (act, side, from, to, _) in PROCESS {
        let row = act.transition().expect("a row");
        assert_eq!((row.side, row.from, row.to), (side, from, to), "{act}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn an_act_is_done_exactly_when_side_state_and_rules_allow_it(
        to_type in any::<AgencyType>(),
        must_accept in prop::bool::weighted(0.2),
        steps in prop::collection::vec(any_step(), 1..14),
    ) {
        let mut profile = profile();
        if must_accept {
            profile.must_accept.value.push(to_type);
        }
        let mut now = now();
        let mut referral = draft(to_type);
        for step in steps {
            now = now.plus(time::Duration::minutes(step.minutes));
            let step = made_likely(step, referral.status);
            let (act, side, from, to, event) = row(step.act);
            let caller = step.who.caller();

            let sent = referral.sent.is_some();
            let sees = step.who.side().filter(|it| *it == Sender || sent);
            prop_assert_eq!(referral.side(&caller), sees, "a draft is its sender's alone");
            let mine = sees == Some(side);
            let fits = mine && from.contains(&referral.status);
            let (allowed, blocked) = referral.actions(&caller);
            prop_assert_eq!(
                allowed.iter().any(|it| it.act == act), fits && step.who.permitted(), "offered: {:?}", step
            );
            prop_assert_eq!(allowed.len() + blocked.len(), PROCESS.len(), "every act is offered or explained");

            let lawful = content_is_lawful(&referral, &step, must_accept, now);
            match done(&referral, &step, &profile, now) {
                Ok(decided) => {
                    prop_assert!(fits && lawful, "done: {:?} on {}", step, referral.status);
                    let after = decided.value;
                    prop_assert_eq!(after.status, to);
                    prop_assert_eq!(after.status_at, now);
                    prop_assert_eq!(after.version, Version(referral.version.0 + 1));
                    prop_assert_eq!(decided.facts.len(), 1);
                    let fact = &decided.facts[0];
                    let mut audience = vec![referral.from];
                    if sent || act == A::Send {
                        audience.push(referral.to);
                    }
                    prop_assert_eq!(fact.event, event);
                    prop_assert_eq!(&fact.audience, &audience);
                    prop_assert_eq!(fact.subject, SubjectKind::Referral);
                    prop_assert_eq!(fact.subject_id, referral.id.0);
                    prop_assert_eq!((fact.version, fact.case), (after.version.0, Some(referral.case)));
                    let kept = Referral {
                        status: referral.status, status_at: referral.status_at, version: referral.version,
                        sent: referral.sent, file: referral.file.clone(), ..after.clone()
                    };
                    prop_assert_eq!(&kept, &referral, "an act changes nothing else");
                    referral = after;
                }
                Err(Refused::NotYours(_)) => prop_assert!(!mine, "not theirs: {:?}", step),
                Err(Refused::WrongState(_)) => prop_assert!(mine && !fits, "state: {:?}", step),
                Err(Refused::Broken(all)) => {
                    prop_assert!(fits && !lawful, "{:?}: {:?}", step, all);
                    prop_assert!(!all.is_empty());
                }
            }
        }
    }
}
