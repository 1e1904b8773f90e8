//! Random steps: who does what, and what the rules say of its content in plain words.

use proptest::{prelude::*, sample::select};

use super::{process::*, *};

#[derive(Clone, Copy, Debug)]
pub(super) enum Who {
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
pub(super) struct Step {
    /// Whether the act is one that fits, by who may do it, with a lawful command.
    pub(super) likely: bool,
    pub(super) pick: usize,
    pub(super) act: A,
    pub(super) who: Who,
    pub(super) send: Send,
    pub(super) first_appointment_in_days: i64,
    pub(super) decline: Decline,
    /// Which of the services that were asked are accepted: 0 all, 1 the first, 2 none of them.
    pub(super) part: usize,
    pub(super) feedback: bool,
    pub(super) outcome: ReferralOutcome,
    /// Which referral of the chain.
    pub(super) which: usize,
    pub(super) other: u128,
    pub(super) minutes: i64,
}

pub(super) fn any<C: CodeList>() -> impl Strategy<Value = C> {
    select(C::ALL)
}

pub(super) fn any_view() -> impl Strategy<Value = Option<ChildView>> {
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

pub(super) fn any_bool() -> impl Strategy<Value = bool> {
    proptest::bool::ANY
}

pub(super) fn any_send() -> impl Strategy<Value = Send> {
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

pub(super) fn any_decline() -> impl Strategy<Value = Decline> {
    let suggestion =
        select(vec![None, Some(Suggestion::NoneKnown), Some(Suggestion::Other("ward".to_owned()))]);
    (any::<DeclineReason>(), any_bool(), suggestion).prop_map(|(reason, explained, suggestion)| Decline {
        reason,
        explanation: explained.then(|| "because".to_owned()),
        suggestion,
    })
}

pub(super) fn any_step() -> impl Strategy<Value = Step> {
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
    pub(super) fn caller(self, it: &Referral) -> Caller {
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

    pub(super) const fn side(self) -> Option<ReferralSide> {
        match self {
            Self::Sender | Self::SenderWithoutScope => Some(Sender),
            Self::Receiver | Self::ReceiverWithoutRole => Some(Receiver),
            Self::Stranger | Self::SenderAbroad | Self::ReceiverAbroad | Self::Mechanism => None,
        }
    }

    pub(super) const fn permitted(self) -> bool {
        !matches!(self, Self::SenderWithoutScope | Self::ReceiverWithoutRole)
    }
}

/// The step with an act that fits the state, if it was to be a likely one and there is any.
pub(super) fn made_likely(step: Step, it: &Referral) -> Step {
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
pub(super) type Done = Result<(Decided<Referral>, Option<Decided<Referral>>), Refused>;

pub(super) fn done(it: &Referral, step: &Step, country: &CountryEntry, fresh: u128, now: Timestamp) -> Done {
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
        A::Send => alone(it.send(step.send.clone(), (&case(), &child(), &Relation::Lead), country, &by, now)),
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
        A::RecordChildView => alone(it.record_child_view(expressed(), country, &by, now)),
        A::Write => it
            .write(id(fresh), "hello".to_owned(), &by, now)
            .map(|written| (Decided::new(it.clone(), written.facts, Vec::new()), None)),
        A::Cancel => alone(it.cancel(Cancel { reason: "found at home".to_owned() }, &by, now)),
        A::Expire if by.is_mechanism() => alone(it.expire(country, now)),
        A::Expire => Err(Refused::not_yours("only the mechanism does this")),
    }
}

/// What the rules say of the content of a command, in plain words.
pub(super) fn content_is_lawful(it: &Referral, step: &Step, now: Timestamp) -> bool {
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
