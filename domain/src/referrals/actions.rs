//! What a caller may do to a referral now, and why not the rest.

use super::{Actor, Referral, ReferralAct};
use crate::{
    CodeList as _, Refused,
    access::{Caller, Operation, permit},
};

/// An act with the operation that does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action {
    /// The act.
    pub act: ReferralAct,
}

/// An act that is refused now, and why.
#[derive(Clone, Debug)]
pub struct Blocked {
    /// The act.
    pub act: ReferralAct,
    /// Why.
    pub refused: Refused,
}

impl ReferralAct {
    /// The `operationId` of the act; none for what the mechanism does by itself.
    pub fn operation(self) -> Option<&'static str> {
        Some(match self {
            Self::Amend => "updateReferral",
            Self::Send => "sendReferral",
            Self::Acknowledge => "acknowledgeReferral",
            Self::RequestInformation => "requestReferralInformation",
            Self::ProvideInformation => "provideReferralInformation",
            Self::Accept => "acceptReferral",
            Self::Decline => "declineReferral",
            Self::ProposeReroute => "proposeReferralReroute",
            Self::Reroute => "rerouteReferral",
            Self::Start => "startReferral",
            Self::Complete => "completeReferral",
            Self::Interrupt => "interruptReferral",
            Self::GiveFeedback => "giveReferralFeedback",
            Self::RecordChildView => "recordReferralChildView",
            Self::Write => "createReferralMessage",
            Self::Cancel => "cancelReferral",
            Self::Expire => return None,
        })
    }

    /// What follows the referral in the path of the operation; nothing where the referral itself is changed.
    pub fn path(self) -> &'static str {
        match self {
            Self::Amend | Self::Expire => "",
            Self::Send => "/send",
            Self::Acknowledge => "/acknowledge",
            Self::RequestInformation => "/request-information",
            Self::ProvideInformation => "/provide-information",
            Self::Accept => "/accept",
            Self::Decline => "/decline",
            Self::ProposeReroute => "/propose-reroute",
            Self::Reroute => "/reroute",
            Self::Start => "/start",
            Self::Complete => "/complete",
            Self::Interrupt => "/interrupt",
            Self::GiveFeedback => "/feedback",
            Self::RecordChildView => "/child-view",
            Self::Write => "/messages",
            Self::Cancel => "/cancel",
        }
    }
}

impl Referral {
    /// The acts that the caller may do now, and those that are refused.
    pub fn actions(&self, caller: &Caller) -> (Vec<Action>, Vec<Blocked>) {
        let (mut allowed, mut blocked) = (Vec::new(), Vec::new());
        let ours = |act: &ReferralAct| act.rows().any(|it| it.actor != Actor::Mechanism);
        for act in ReferralAct::ALL.iter().copied().filter(ours) {
            let operation = act.operation().and_then(Operation::find);
            let state = if operation.is_some_and(|it| permit(caller, it).is_ok()) {
                self.next(act, caller)
            } else {
                Err(Refused::not_yours("the token or the agency type does not include it"))
            };
            match state {
                Ok(_) => allowed.push(Action { act }),
                Err(refused) => blocked.push(Blocked { act, refused }),
            }
        }
        (allowed, blocked)
    }
}
