//! The state machine as a table: acts, diagrams and `allowedActions` read it.

use crate::{Refused, Violation, access::Caller, rules, vocabulary::ReferralStatus};

use super::Referral;

crate::codes! {
    /// An act on a referral.
    pub enum ReferralAct = "referral_act" {
        Amend = "amend": "Change the draft",
        Send = "send": "Send to the receiver",
        Acknowledge = "acknowledge": "Acknowledge receipt",
        RequestInformation = "request_information": "Ask the sender a question before deciding",
        ProvideInformation = "provide_information": "Answer the receiver's question",
        Accept = "accept": "Accept, in whole or in part",
        Decline = "decline": "Decline with a reason",
        ProposeReroute = "propose_reroute": "Propose to reroute it together",
        Reroute = "reroute": "Reroute to another receiver",
        Start = "start": "Start the service",
        Complete = "complete": "Complete with the outcome",
        Interrupt = "interrupt": "End the service before its time",
        GiveFeedback = "give_feedback": "Tell the sender what came of it",
        RecordChildView = "record_child_view": "Record the child's view after sending",
        Write = "write": "Write to the other side",
        Cancel = "cancel": "Cancel with a reason",
        Expire = "expire": "Expire, when nobody answered and everybody was told",
    }
}

crate::codes! {
    /// A side of a referral.
    pub enum ReferralSide = "referral_side" {
        Sender = "sender": "The agency that refers",
        Receiver = "receiver": "The agency that is asked",
    }
}

/// Who does an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// One side.
    Side(ReferralSide),
    /// Either side.
    Either,
    /// The mechanism itself, when time has run out.
    Mechanism,
}

/// What must hold beside the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Nothing.
    None,
    /// The receiver has proposed to reroute together (N12).
    RerouteProposed,
    /// No law obliges the receiver to accept (N12, R84).
    MayRefuse,
    /// The child's view is not recorded yet.
    ViewMissing,
    /// No feedback was given yet.
    FeedbackOwed,
}

/// One row of the state machine.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    /// Its number in the process description; empty for what the API adds to it.
    pub number: &'static str,
    /// The act.
    pub act: ReferralAct,
    /// Who does it.
    pub actor: Actor,
    /// The states in which it exists.
    pub from: &'static [ReferralStatus],
    /// The state that it leads to; none where it stays.
    pub to: Option<ReferralStatus>,
    /// What must hold beside the state.
    pub guard: Guard,
}

use Guard as G;
use ReferralAct as A;
use ReferralStatus as S;

const SENDER: Actor = Actor::Side(ReferralSide::Sender);
const RECEIVER: Actor = Actor::Side(ReferralSide::Receiver);

const fn row(
    number: &'static str,
    act: ReferralAct,
    actor: Actor,
    from: &'static [ReferralStatus],
    to: Option<ReferralStatus>,
    guard: Guard,
) -> Transition {
    Transition { number, act, actor, from, to, guard }
}

/// Every transition. An act has one row for each guard under which it is possible.
pub static TRANSITIONS: &[Transition] = &[
    row("N1", A::Amend, SENDER, &[S::Draft], None, G::None),
    row("N2", A::Send, SENDER, &[S::Draft], Some(S::Sent), G::None),
    row("N3", A::Acknowledge, RECEIVER, &[S::Sent], Some(S::Acknowledged), G::None),
    row("N4", A::RequestInformation, RECEIVER, &[S::Acknowledged], Some(S::InfoRequested), G::None),
    row("N4", A::ProvideInformation, SENDER, &[S::InfoRequested], Some(S::Acknowledged), G::None),
    row("N5", A::Accept, RECEIVER, &[S::Acknowledged], Some(S::Accepted), G::None),
    row("N6", A::Decline, RECEIVER, &[S::Acknowledged, S::InfoRequested], Some(S::Declined), G::MayRefuse),
    row("N12", A::ProposeReroute, RECEIVER, &[S::Acknowledged], None, G::None),
    row("N7", A::Reroute, SENDER, &[S::Declined, S::Expired], Some(S::Rerouted), G::None),
    row("N12", A::Reroute, SENDER, &[S::Acknowledged], Some(S::Rerouted), G::RerouteProposed),
    row("N8", A::Start, RECEIVER, &[S::Accepted], Some(S::InService), G::None),
    row("N9", A::Complete, RECEIVER, &[S::InService], Some(S::Completed), G::None),
    row("N9", A::Interrupt, RECEIVER, &[S::Accepted, S::InService], Some(S::Interrupted), G::None),
    row("N9", A::GiveFeedback, RECEIVER, &[S::Completed, S::Interrupted], None, G::FeedbackOwed),
    row(
        "N2",
        A::RecordChildView,
        SENDER,
        &[S::Sent, S::Acknowledged, S::InfoRequested, S::Accepted, S::InService],
        None,
        G::ViewMissing,
    ),
    row(
        "",
        A::Write,
        Actor::Either,
        &[S::Sent, S::Acknowledged, S::InfoRequested, S::Accepted, S::InService],
        None,
        G::None,
    ),
    row(
        "N10",
        A::Cancel,
        SENDER,
        &[S::Draft, S::Sent, S::Acknowledged, S::InfoRequested, S::Accepted, S::Declined, S::Expired],
        Some(S::Cancelled),
        G::None,
    ),
    row(
        "N11",
        A::Expire,
        Actor::Mechanism,
        &[S::Sent, S::Acknowledged, S::InfoRequested],
        Some(S::Expired),
        G::None,
    ),
];

impl ReferralAct {
    /// The rows of this act.
    pub fn rows(self) -> impl Iterator<Item = &'static Transition> {
        TRANSITIONS.iter().filter(move |it| it.act == self)
    }
}

impl Actor {
    fn is(self, side: Option<ReferralSide>) -> bool {
        match (self, side) {
            (Self::Side(wanted), Some(side)) => wanted == side,
            (Self::Either, Some(_)) => true,
            (_, _) => false,
        }
    }
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Side(side) => side.fmt(f),
            Self::Either => f.write_str("sender or receiver"),
            Self::Mechanism => f.write_str("mechanism"),
        }
    }
}

impl Referral {
    /// The state after an act, if it is the caller's and fits the state.
    pub(super) fn next(&self, act: ReferralAct, by: &Caller) -> Result<ReferralStatus, Refused> {
        let side = self.side(by);
        let mine = || act.rows().filter(|it| it.actor.is(side));
        if mine().next().is_none() {
            let whose = act.rows().next().map_or_else(String::new, |it| it.actor.to_string());
            return Err(Refused::not_yours(format!("only the {whose} does this")));
        }
        self.reached(mine())
    }

    /// The state after an act of the mechanism itself, if it fits the state.
    pub(super) fn next_by_itself(&self, act: ReferralAct) -> Result<ReferralStatus, Refused> {
        self.reached(act.rows().filter(|it| it.actor == Actor::Mechanism))
    }

    fn reached(&self, rows: impl Iterator<Item = &'static Transition>) -> Result<ReferralStatus, Refused> {
        let mut refused = Refused::wrong_state(format!("the referral is {}", self.status));
        for row in rows.filter(|it| it.from.contains(&self.status)) {
            match self.holds(row.guard) {
                Ok(()) => return Ok(row.to.unwrap_or(self.status)),
                Err(because) => refused = because,
            }
        }
        Err(refused)
    }

    fn holds(&self, guard: Guard) -> Result<(), Refused> {
        let unless = |holds: bool, because: &str| {
            if holds { Ok(()) } else { Err(Refused::wrong_state(because)) }
        };
        match guard {
            Guard::None => Ok(()),
            Guard::RerouteProposed => unless(
                self.file.reroute_proposal.is_some(),
                "the receiver has not answered, and has not proposed to reroute it together",
            ),
            Guard::MayRefuse if self.file.must_accept => Err(Refused::Broken(vec![Violation::of(
                &rules::R84,
                "",
                "the national profile obliges this type of agency to accept or to reroute together",
            )])),
            Guard::MayRefuse => Ok(()),
            Guard::ViewMissing => unless(self.view_is_missing(), "the child's view is recorded"),
            Guard::FeedbackOwed => unless(self.owes_feedback(), "the feedback was given"),
        }
    }
}
