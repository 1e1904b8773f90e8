//! What a caller may do to a referral now, and why not the rest.

use super::{Referral, ReferralAct};
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
    /// The `operationId` of the act.
    pub fn operation(self) -> &'static str {
        match self {
            Self::Send => "sendReferral",
            Self::Acknowledge => "acknowledgeReferral",
            Self::Accept => "acceptReferral",
            Self::Decline => "declineReferral",
            Self::Start => "startReferral",
            Self::Complete => "completeReferral",
            Self::Cancel => "cancelReferral",
        }
    }
}

impl Referral {
    /// The acts that the caller may do now, and those that are refused.
    pub fn actions(&self, caller: &Caller) -> (Vec<Action>, Vec<Blocked>) {
        let (mut allowed, mut blocked) = (Vec::new(), Vec::new());
        for act in ReferralAct::ALL.iter().copied() {
            let function = Operation::find(act.operation()).is_some_and(|it| permit(caller, it).is_ok());
            let state = if function {
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
