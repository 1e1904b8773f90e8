//! What a caller may do on an identification now, and why not the rest.

use super::{Doer, IdentificationAct, Setting};
use crate::{
    CodeList as _, Refused,
    access::{Operation, permit},
    cases::Case,
};

/// An act that is refused now, and why.
#[derive(Clone, Debug)]
pub struct BlockedAct {
    /// The act.
    pub act: IdentificationAct,
    /// Why.
    pub refused: Refused,
}

impl IdentificationAct {
    /// The `operationId` of the act; none for what the mechanism does by itself.
    pub fn operation(self) -> Option<&'static str> {
        Some(match self {
            Self::RecordNoGrounds => "recordNoGrounds",
            Self::Presume => "presumeVictim",
            Self::PresumeOnForeignNotice => "presumeOnForeignNotice",
            Self::OpenFormalAssessment => "openFormalAssessment",
            Self::Decide => "decideIdentification",
            Self::ProposeNegative => "proposeNegativeDecision",
            Self::ConfirmNegative => "confirmNegativeDecision",
            Self::ReturnNegative => "returnNegativeDecision",
            Self::Appeal => "appealDecision",
            Self::DeclineStatus => "declineStatus",
            Self::CloseWithoutStatus => "closeWithoutStatus",
            Self::RecogniseForeignDecision => "recogniseForeignDecision",
            Self::RecordEntitlement => "recordEntitlement",
            Self::Turn18 => return None,
        })
    }

    /// What follows the case in the path of the operation; for an entitlement, what comes before its name.
    pub fn path(self) -> &'static str {
        match self {
            Self::RecordNoGrounds => "identification/no-grounds",
            Self::Presume => "identification/presume",
            Self::PresumeOnForeignNotice => "identification/foreign-notice",
            Self::OpenFormalAssessment => "identification/open-formal-assessment",
            Self::Decide => "identification/decide",
            Self::ProposeNegative => "identification/propose-negative",
            Self::ConfirmNegative => "identification/confirm-negative",
            Self::ReturnNegative => "identification/return-negative",
            Self::Appeal => "identification/appeal",
            Self::DeclineStatus => "identification/decline-status",
            Self::CloseWithoutStatus => "identification/close-without-status",
            Self::RecogniseForeignDecision => "identification/recognise-foreign-decision",
            Self::RecordEntitlement => "entitlements",
            Self::Turn18 => "",
        }
    }
}

impl Case {
    /// The acts on the identification that the caller may do now, and those that are refused.
    pub fn identification_actions(&self, at: &Setting<'_>) -> (Vec<IdentificationAct>, Vec<BlockedAct>) {
        let (mut allowed, mut blocked) = (Vec::new(), Vec::new());
        let ours = |act: &IdentificationAct| act.rows().any(|it| it.doer != Doer::Mechanism);
        for act in IdentificationAct::ALL.iter().copied().filter(ours) {
            let operation = act.operation().and_then(Operation::find);
            let state = if operation.is_some_and(|it| permit(at.by, it).is_ok()) {
                self.after(act, at)
            } else {
                Err(Refused::not_yours("the token or the agency type does not include it"))
            };
            match state {
                Ok(_) => allowed.push(act),
                Err(refused) => blocked.push(BlockedAct { act, refused }),
            }
        }
        (allowed, blocked)
    }
}

impl BlockedAct {
    /// What whoever is let in by an emergency access alone may do: nothing.
    pub fn reads_only() -> Vec<Self> {
        let ours = |act: &IdentificationAct| act.rows().any(|it| it.doer != Doer::Mechanism);
        let refused = |act| Self { act, refused: Refused::reads_only() };
        IdentificationAct::ALL.iter().copied().filter(ours).map(refused).collect()
    }
}
