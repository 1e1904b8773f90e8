//! What a caller may do on the life of a case now, and why not the rest.

use super::{LifecycleAct, Setting};
use crate::{
    CodeList as _, Refused,
    access::{Operation, permit},
    cases::Case,
};

/// An act that is refused now, and why.
#[derive(Clone, Debug)]
pub struct BlockedStep {
    /// The act.
    pub act: LifecycleAct,
    /// Why.
    pub refused: Refused,
}

impl LifecycleAct {
    /// The `operationId` of the act.
    pub fn operation(self) -> &'static str {
        match self {
            Self::OpenForProtection => "openCaseForProtection",
            Self::ReportMissing => "reportChildMissing",
            Self::RecordPoliceNotified => "recordPoliceNotified",
            Self::RecordAlert => "recordMissingAlert",
            Self::RecordLongTerm => "recordLongTermMissing",
            Self::RecordFound => "recordChildFound",
            Self::RecordReturnInterview => "recordReturnInterview",
            Self::ProposeHandover => "proposeHandover",
            Self::ConfirmHandover => "confirmHandover",
            Self::RefuseHandover => "refuseHandover",
            Self::WithdrawHandover => "withdrawHandover",
            Self::RequestClosure => "requestClosure",
            Self::ApproveClosure => "approveClosure",
            Self::ReturnClosure => "returnClosure",
            Self::Reopen => "reopenCase",
            Self::Merge => "mergeCase",
            Self::MarkErroneous => "markCaseErroneous",
        }
    }

    /// What follows the case in the path of the operation.
    pub fn path(self) -> &'static str {
        match self {
            Self::OpenForProtection => "open-for-protection",
            Self::ReportMissing => "report-missing",
            Self::RecordPoliceNotified => "record-police-notified",
            Self::RecordAlert => "record-missing-alert",
            Self::RecordLongTerm => "record-long-term-missing",
            Self::RecordFound => "record-found",
            Self::RecordReturnInterview => "record-return-interview",
            Self::ProposeHandover => "propose-handover",
            Self::ConfirmHandover => "confirm-handover",
            Self::RefuseHandover => "refuse-handover",
            Self::WithdrawHandover => "withdraw-handover",
            Self::RequestClosure => "request-closure",
            Self::ApproveClosure => "approve-closure",
            Self::ReturnClosure => "return-closure",
            Self::Reopen => "reopen",
            Self::Merge => "merge",
            Self::MarkErroneous => "mark-erroneous",
        }
    }
}

impl Case {
    /// The acts on the life of the case that the caller may do now, and those that are refused.
    pub fn lifecycle_actions(&self, at: &Setting<'_>) -> (Vec<LifecycleAct>, Vec<BlockedStep>) {
        let (mut allowed, mut blocked) = (Vec::new(), Vec::new());
        for act in LifecycleAct::ALL.iter().copied() {
            let state = if Operation::find(act.operation()).is_some_and(|it| permit(at.by, it).is_ok()) {
                at.after(self, act)
            } else {
                Err(Refused::not_yours("the token or the agency type does not include it"))
            };
            match state {
                Ok(_) => allowed.push(act),
                Err(refused) => blocked.push(BlockedStep { act, refused }),
            }
        }
        (allowed, blocked)
    }
}
