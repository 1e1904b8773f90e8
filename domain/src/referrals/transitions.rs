//! The state machine as a table: acts, diagrams and `allowedActions` read it.

use crate::{Refused, access::Caller, vocabulary::ReferralStatus};

use super::Referral;

crate::codes! {
    /// An act on a referral.
    pub enum ReferralAct = "referral_act" {
        Send = "send": "Send to the receiver",
        Acknowledge = "acknowledge": "Acknowledge receipt",
        Accept = "accept": "Accept",
        Decline = "decline": "Decline with a reason",
        Start = "start": "Start the service",
        Complete = "complete": "Complete with feedback",
        Cancel = "cancel": "Cancel with a reason",
    }
}

crate::codes! {
    /// A side of a referral.
    pub enum ReferralSide = "referral_side" {
        Sender = "sender": "The agency that refers",
        Receiver = "receiver": "The agency that is asked",
    }
}

/// One row of the state machine.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    /// The act.
    pub act: ReferralAct,
    /// Who does it.
    pub side: ReferralSide,
    /// The states in which it exists.
    pub from: &'static [ReferralStatus],
    /// The state that it leads to.
    pub to: ReferralStatus,
}

use ReferralStatus as S;

/// The transitions N2 to N10, as far as each has an operation.
pub static TRANSITIONS: &[Transition] = &[
    Transition { act: ReferralAct::Send, side: ReferralSide::Sender, from: &[S::Draft], to: S::Sent },
    Transition {
        act: ReferralAct::Acknowledge,
        side: ReferralSide::Receiver,
        from: &[S::Sent],
        to: S::Acknowledged,
    },
    Transition {
        act: ReferralAct::Accept,
        side: ReferralSide::Receiver,
        from: &[S::Acknowledged],
        to: S::Accepted,
    },
    Transition {
        act: ReferralAct::Decline,
        side: ReferralSide::Receiver,
        from: &[S::Acknowledged, S::InfoRequested],
        to: S::Declined,
    },
    Transition {
        act: ReferralAct::Start,
        side: ReferralSide::Receiver,
        from: &[S::Accepted],
        to: S::InService,
    },
    Transition {
        act: ReferralAct::Complete,
        side: ReferralSide::Receiver,
        from: &[S::InService],
        to: S::Completed,
    },
    Transition {
        act: ReferralAct::Cancel,
        side: ReferralSide::Sender,
        from: &[S::Draft, S::Sent, S::Acknowledged, S::InfoRequested, S::Accepted],
        to: S::Cancelled,
    },
];

impl ReferralAct {
    /// The row of this act.
    pub fn transition(self) -> Option<&'static Transition> {
        TRANSITIONS.iter().find(|it| it.act == self)
    }
}

impl Referral {
    /// The state that an act leads to, if it is the caller's and fits the state.
    pub(super) fn next(&self, act: ReferralAct, by: &Caller) -> Result<ReferralStatus, Refused> {
        let row = act.transition().ok_or_else(|| Refused::wrong_state("the act does not exist"))?;
        if self.side(by) != Some(row.side) {
            return Err(Refused::not_yours(format!("only the {} does this", row.side)));
        }
        if row.from.contains(&self.status) {
            Ok(row.to)
        } else {
            Err(Refused::wrong_state(format!("the referral is {}", self.status)))
        }
    }
}
