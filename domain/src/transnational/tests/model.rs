//! Both sides as one system of stateright: the real functions act and receive, the network does what it likes.
//!
//! A message that was written can be delivered at any later time, in any order, any number of times, or never: that is
//! loss, repetition, delay and reordering without a bound. A message that is never delivered is lost; that it is sent
//! again is the same message delivered later. What is bounded is how often people act.

use stateright::{Model, Property};

use super::*;

/// What happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Step {
    /// Somebody of a side acts.
    Act(Side, RequestAct),
    /// A message of this side with this number reaches the other.
    Deliver(Side, u32),
    /// The receipt of the requested side reaches the requesting one.
    Receipt,
}

/// The two records, and what went wrong if something did.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Both {
    pub ours: Request,
    pub theirs: Option<Request>,
    /// What no step may do: a panic would hide the way to it.
    pub broken: Option<&'static str>,
    /// Whether the office to which it was sent first takes no part any more.
    pub gone: bool,
    /// What the other country keeps of a void that came before the request.
    pub void: Option<Void>,
}

/// A wrong protocol, which the proof has to find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// Whoever withdraws decides so by itself.
    WithdrawsByItself,
    /// What reaches nobody is over, and nobody is told.
    ClosesWithoutVoid,
    /// The other country forgets that something was void.
    ForgetsTheVoid,
}

/// A part of the course of a request: where it begins, and how often each act may be done.
pub(super) struct Course {
    pub start: Both,
    /// How often each act may be done in all; absent is never.
    pub acts: Vec<(Side, RequestAct, usize)>,
    /// What is wrong with the protocol; nothing is right.
    pub wrong: Option<Wrong>,
    pub ends: (End, End),
}

impl Course {
    pub(super) fn new(start: Both, acts: Vec<(Side, RequestAct, usize)>) -> Self {
        Self { start, acts, wrong: None, ends: (here(), there()) }
    }

    /// How often an act was done, as the record of its side tells.
    fn done(it: &Request, act: RequestAct) -> usize {
        use RequestAct as A;
        let written = |kind| it.sent.iter().filter(|it| it.body.kind() == kind).count();
        match act {
            A::Withdraw => written(Kind::WithdrawalRequested) + written(Kind::Voided),
            A::AnswerMore => written(Kind::InfoGiven),
            A::ProposePlan => written(Kind::PlanProposed),
            A::Depart => written(Kind::Departed),
            A::TurnBack => written(Kind::TurnBackRequested) + written(Kind::TurnedBack),
            A::Close => written(Kind::Closed),
            A::Suspend => written(Kind::Suspended),
            A::Lift => written(Kind::Lifted),
            A::Notify => written(Kind::Notice),
            A::AcknowledgeNotice => written(Kind::NoticeAcknowledged),
            A::Acknowledge | A::TakeForwarded => written(Kind::Acknowledged),
            A::Forward => written(Kind::Forwarded),
            A::RequestMore => written(Kind::InfoRequested),
            A::Assess => written(Kind::AssessmentBegun),
            A::Accept | A::Decline => written(Kind::Decided),
            A::Answer => written(Kind::Answered),
            A::ConfirmPlan => written(Kind::PlanConfirmed),
            A::RefusePlan => written(Kind::PlanRefused),
            A::ConfirmArrival => written(Kind::Arrived),
            A::HandOver => written(Kind::HandedOver),
            A::Report => written(Kind::FollowedUp),
            A::Readdress => written(Kind::Readdressed),
            A::ChangeOffice => written(Kind::OfficeChanged),
            // Undeliverable and again is a circle by itself.
            _ => 0,
        }
    }

    /// The act of a side with a content that rules allow; none where it is refused.
    pub(super) fn acted(&self, side: Side, it: &Request, act: RequestAct) -> Option<Request> {
        let end = if side == Side::Requesting { &self.ends.0 } else { &self.ends.1 };
        let at = if act.rows(side).all(|it| it.doer == Doer::Mechanism) {
            end.itself(now())
        } else {
            end.office(now())
        };
        let decided = perform(it, act, at);
        let mut value = decided.ok()?.value;
        match self.wrong.filter(|_| act == RequestAct::Withdraw) {
            Some(Wrong::WithdrawsByItself) if value.withdrawal.take().is_some() => {
                value.status = S::Withdrawn;
            }
            Some(Wrong::ClosesWithoutVoid) if value.void.take().is_some() => drop(value.sent.pop()),
            _ => {}
        }
        Some(value)
    }
}

/// An act with a content that fits it.
pub(super) fn perform(it: &Request, act: RequestAct, at: At<'_>) -> Result<crate::Decided<Request>, Refused> {
    use RequestAct as A;
    let words = String::new;
    match act {
        A::Amend => it.amend(it.prepared.clone(), it.urgency, at),
        A::SubmitNational => it.submit_national(Channels::known(), at),
        A::ReturnToSender => it.return_to_sender(at),
        A::ApproveSend => it.approve_send(Channels::known(), at),
        A::SendDirect => it.send_direct(Channels::known(), at),
        A::MarkUndeliverable => it.mark_undeliverable(at),
        A::RetryDelivery => it.retry_delivery(at),
        A::Acknowledge => it.acknowledge(words(), at),
        A::Forward => {
            // The record's own office stays the caller's, so that one caller plays them all.
            let office = Office { country: it.country, code: format!("other-{}", it.forwards) };
            let to = OwnOffice { office, ..competent(30 + u128::from(it.forwards), "") };
            it.forward(to, words(), at).map(|mut decided| {
                decided.value.office = it.office;
                decided
            })
        }
        A::Readdress => {
            let code = format!("elsewhere-{}", it.sent.len());
            it.readdress(Office { country: it.to.country, code }, at)
        }
        A::ChangeOffice => {
            // The same caller stays: the code alone changes.
            let office = Office { country: it.country, code: format!("own-{}", it.sent.len()) };
            let to = OwnOffice { agency: crate::given::id(60), office, ..competent(60, "") };
            it.change_office(to, at).map(|mut decided| {
                decided.value.office = it.office;
                decided
            })
        }
        A::OpenCase => it.open_case(crate::given::id(101), crate::given::id(5), at),
        A::TakeForwarded => it.take_forwarded(words(), at),
        A::RequestMore => it.request_more(vec![words()], at),
        A::AnswerMore => it.answer_more(it.questions().iter().map(|_| Reply::Answer(words())).collect(), at),
        A::Assess => it.assess(None, at),
        A::Accept => it.accept(acceptance(it.request_type), at),
        A::Decline => it.decline(
            Refusal {
                reason: crate::vocabulary::TransnationalDeclineReason::LegalGroundMissing,
                explanation: None,
                alternatives: Vec::new(),
                none_known: true,
            },
            at,
        ),
        A::Answer => it.answer(words(), at),
        A::Withdraw => it.withdraw(words(), at),
        A::ProposePlan => it.propose_plan(plan(it.next_plan()), &ready(), false, at),
        A::ConfirmPlan => it.confirm_plan(arrangement(), at),
        A::RefusePlan => it.refuse_plan(words(), at),
        A::Depart => it.depart(&ready(), false, at),
        A::TurnBack => it.turn_back(words(), at),
        A::NoteMissedArrival => {
            it.note_missed_arrival(At { now: at.now.plus(time::Duration::hours(11)), ..at })
        }
        A::ConfirmArrival => it.confirm_arrival(at.now, at),
        A::HandOver => it.hand_over(handover(), at),
        A::Report => it.report(words(), at),
        A::Close => it.close(closing(), at),
        A::NoteNoResponse => it.note_no_response(at),
        A::Suspend => it.suspend(words(), at),
        A::Lift => it.lift(Some(at.now), at),
        A::Notify => it.notify(NoticeKind::Correction, words(), at),
        A::AcknowledgeNotice => {
            let seq = it.notices_to_acknowledge().next().map_or(0, |(seq, _)| seq);
            it.acknowledge_notice(seq, at)
        }
    }
}

/// What the two records agree about once everything was told.
pub(super) fn shared(it: &Request) -> impl PartialEq + std::fmt::Debug + use<> {
    let suspended: (bool, bool) = match it.side {
        Side::Requesting => (it.suspension.here.is_some(), it.suspension.there),
        Side::Requested => (it.suspension.there, it.suspension.here.is_some()),
    };
    let transfer = &it.transfer;
    let offices = match it.side {
        Side::Requesting => (it.from.clone(), it.to.clone()),
        Side::Requested => (it.to.clone(), it.from.clone()),
    };
    (
        offices,
        (it.status, it.decision.clone(), it.answer.clone(), suspended, it.responsible().side),
        (it.withdrawal.is_some(), transfer.plan.clone(), transfer.confirmed, transfer.turning_back),
        (transfer.journeys, transfer.reports, it.handed_over_at.is_some(), it.forwards),
    )
}

impl Both {
    /// Whether everything that was written has been received.
    pub(super) fn quiet(&self) -> bool {
        let Some(theirs) = &self.theirs else { return false };
        let received =
            |from: &Request, by: &Request| from.sent.len() == by.received.len() && by.held.is_empty();
        received(&self.ours, theirs) && received(theirs, &self.ours) && self.ours.acknowledged > 0
    }

    fn deliver(&mut self, from: Side, seq: u32, ends: &(End, End)) {
        let place = usize::try_from(seq - 1).expect("a place");
        let taken = match from {
            Side::Requesting if self.void.is_some() => return,
            Side::Requesting => {
                let message = self.ours.sent[place].clone();
                if let (None, Some(void)) = (&self.theirs, Void::declared_by(&message)) {
                    self.void = Some(void);
                    return;
                }
                let at = ends.1.office(now());
                let (sent, own) = (&self.ours.sent, (id(THERE), office_there(), reference(8)));
                let first = || Request::open(&message, own.clone(), at);
                // The office to which it went first is gone for good in some courses.
                let by = sent.iter().rev().find(|it| it.body.kind() == Kind::Readdressed);
                let first = || match by.filter(|_| self.gone) {
                    Some(by) => {
                        let Body::Readdressed(to) = &by.body else { return first() };
                        Request::open_readdressed(&message, by, (own.0, to.clone(), own.2.clone()), at)
                    }
                    None if self.gone => Err(Refused::wrong_state("nobody is there")),
                    None => first(),
                };
                self.theirs.as_ref().map_or_else(first, |it| it.receive(&message, at))
            }
            Side::Requested => {
                let message = self.theirs.as_ref().expect("it wrote").sent[place].clone();
                self.ours.receive(&message, ends.0.office(now()))
            }
        };
        match (taken, from) {
            (Ok(it), Side::Requesting) => self.theirs = Some(it.value),
            (Ok(it), Side::Requested) => self.ours = it.value,
            // What comes before the request itself finds no record: it is sent again.
            (Err(_), Side::Requesting) if self.theirs.is_none() => {}
            (Err(_), _) => self.broken = Some("a message was refused"),
        }
    }

    /// That a message comes once more changes nothing.
    fn repeated(&self, from: Side, seq: u32, ends: &(End, End)) -> bool {
        let mut again = self.clone();
        again.deliver(from, seq, ends);
        again == *self
    }
}

impl Model for Course {
    type State = Both;
    type Action = Step;

    fn init_states(&self) -> Vec<Both> {
        vec![self.start.clone()]
    }

    fn actions(&self, state: &Both, steps: &mut Vec<Step>) {
        for (side, act, most) in &self.acts {
            let record = if *side == Side::Requesting { Some(&state.ours) } else { state.theirs.as_ref() };
            if record.is_some_and(|it| Self::done(it, *act) < *most) {
                steps.push(Step::Act(*side, *act));
            }
        }
        let new = |from: &Request, by: Option<&Request>| {
            let numbers = from.sent.iter().map(|it| it.seq);
            let known = |seq: u32| by.is_some_and(|it| seq <= it.applied() || it.held.contains_key(&seq));
            numbers.filter(|seq| !known(*seq)).map(|seq| Step::Deliver(from.side, seq)).collect::<Vec<_>>()
        };
        steps.extend(new(&state.ours, state.theirs.as_ref()));
        if let Some(theirs) = &state.theirs {
            steps.extend(new(theirs, Some(&state.ours)));
        }
        // What a receipt says beside the first delivery, the next message says as well.
        if state.ours.acknowledged == 0 && (state.theirs.is_some() || state.void.is_some()) {
            steps.push(Step::Receipt);
        }
    }

    fn next_state(&self, last: &Both, step: Step) -> Option<Both> {
        let mut next = last.clone();
        match step {
            Step::Act(Side::Requesting, act) => next.ours = self.acted(Side::Requesting, &last.ours, act)?,
            Step::Act(Side::Requested, act) => {
                next.theirs = Some(self.acted(Side::Requested, last.theirs.as_ref()?, act)?);
            }
            Step::Deliver(from, seq) => {
                next.deliver(from, seq, &self.ends);
                let by = if from == Side::Requesting { next.theirs.as_ref() } else { Some(&next.ours) };
                let first = by.is_some_and(|it| it.applied() > 0);
                if !next.repeated(from, seq, &self.ends) || first && !next.repeated(from, 1, &self.ends) {
                    next.broken = Some("a repeated message had an effect");
                }
            }
            Step::Receipt => {
                let of_void = || Some(last.void?.receipt(last.ours.sent.last()?));
                let receipt = last.theirs.as_ref().and_then(Request::receipt).or_else(of_void)?;
                if self.wrong == Some(Wrong::ForgetsTheVoid) {
                    next.void = None;
                }
                next.ours = last.ours.acknowledged_by(receipt, self.ends.0.office(now())).ok()?.value;
            }
        }
        // Instants of people's work are all one; versions say how often, which no rule reads.
        next.ours.version = crate::Version::FIRST;
        if let Some(theirs) = &mut next.theirs {
            theirs.version = crate::Version::FIRST;
        }
        (next != *last).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("nothing that was refused, repeated or unforeseen", |_, it: &Both| {
                let foreseen = |it: &Request| it.unexpected.is_empty();
                it.broken.is_none() && foreseen(&it.ours) && it.theirs.as_ref().is_none_or(foreseen)
            }),
            Property::always("both sides end equal", |_, it: &Both| {
                !it.quiet() || it.theirs.as_ref().is_none_or(|theirs| shared(&it.ours) == shared(theirs))
            }),
            Property::always("no two final states disagree, whatever is still on the way", |_, it: &Both| {
                let Some(theirs) = &it.theirs else { return true };
                // A void is final once the other country knows of it: until then a late receipt brings the request back.
                let open = |it: &Request| it.void_unconfirmed();
                let last =
                    |it: &Request| matches!(it.status, S::Withdrawn | S::Declined | S::Answered) && !open(it);
                let moving = |it: &Request| {
                    matches!(it.status, S::InTransit | S::Arrived | S::HandedOver | S::FollowUp)
                };
                let withdrawn = |it: &Request| it.status == S::Withdrawn;
                let differ = last(&it.ours) && last(theirs) && it.ours.status != theirs.status;
                let moved = withdrawn(&it.ours) && moving(theirs) || withdrawn(theirs) && moving(&it.ours);
                !differ && !moved
            }),
            Property::always("somebody is responsible, and never nobody", |_, it: &Both| {
                let ours = it.ours.responsible().side == Side::Requesting;
                let theirs = it.theirs.as_ref().is_some_and(|it| it.responsible().side == Side::Requested);
                ours || theirs
            }),
            Property::always("the requested side decides once, and nobody else does", |_, it: &Both| {
                let decisions = |it: &Request| {
                    let kinds = it.sent.iter().map(|it| it.body.kind());
                    kinds.filter(|it| matches!(it, Kind::Decided | Kind::Answered)).count()
                };
                let known = it.theirs.as_ref().and_then(|it| it.decision.as_ref());
                decisions(&it.ours) == 0
                    && it.theirs.as_ref().is_none_or(|it| decisions(it) <= 1)
                    && it.ours.decision.as_ref().is_none_or(|it| Some(it) == known)
            }),
            Property::always("somebody can always go on, until it is closed", |course: &Self, it: &Both| {
                let goes_on = |it: &Request, end: &End| {
                    let all = it.allowed(&end.office);
                    all.iter().any(|it| !matches!(it, RequestAct::Suspend | RequestAct::Notify))
                };
                let Some(theirs) = it.theirs.as_ref().filter(|_| it.quiet()) else { return true };
                let ended = it.ours.status == S::Closed && theirs.status == S::Closed;
                let waits = it.ours.waits_for_withdrawal();
                ended || (!waits && (goes_on(&it.ours, &course.ends.0) || goes_on(theirs, &course.ends.1)))
            }),
            Property::always("what reaches nobody can be ended", |course: &Self, it: &Both| {
                let ends = it.ours.allowed(&course.ends.0.office).contains(&RequestAct::Withdraw);
                it.ours.status != S::Undeliverable || ends
            }),
            Property::always("what is void on both sides is nobody's work", |_, it: &Both| {
                let known = it.ours.void.is_some() && it.ours.acknowledged > 0;
                let over = matches!(it.ours.status, S::Withdrawn | S::Closed);
                (!known || over && it.theirs.is_none()) && (it.void.is_none() || it.theirs.is_none())
            }),
            Property::always("a child leaves only under a plan that both confirmed", |_, it: &Both| {
                let Some(theirs) = &it.theirs else { return it.ours.transfer.journeys == 0 };
                let confirmed = theirs.sent.iter().any(|it| it.body.kind() == Kind::PlanConfirmed);
                it.ours.transfer.journeys == 0 || (confirmed && theirs.accepted())
            }),
        ]
    }
}
