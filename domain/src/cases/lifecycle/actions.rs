//! What a caller may do on the life of a case now, and why not the rest.

use super::{Course, LifecycleAct, Referred, Setting, transitions::Standing};
use crate::{
    CodeList as _, Refused,
    access::{Caller, Operation, permit},
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

impl BlockedStep {
    /// What whoever is let in by an emergency access alone may do: nothing.
    pub fn reads_only() -> Vec<Self> {
        LifecycleAct::ALL.iter().map(|act| Self { act: *act, refused: Refused::reads_only() }).collect()
    }
}

impl LifecycleAct {
    fn permitted(self, by: &Caller) -> Result<(), Refused> {
        if Operation::find(self.operation()).is_some_and(|it| permit(by, it).is_ok()) {
            return Ok(());
        }
        Err(Refused::not_yours("the token or the agency type does not include it"))
    }
}

impl Case {
    /// The acts on the life of the case that the caller may do now, and those that are refused.
    pub fn lifecycle_actions(&self, at: &Setting<'_>) -> (Vec<LifecycleAct>, Vec<BlockedStep>) {
        let (mut allowed, mut blocked) = (Vec::new(), Vec::new());
        for act in LifecycleAct::ALL.iter().copied() {
            match act.permitted(at.by).and_then(|()| at.after(self, act)) {
                Ok(_) => allowed.push(act),
                Err(refused) => blocked.push(BlockedStep { act, refused }),
            }
        }
        (allowed, blocked)
    }

    /// The acts that the caller may do now as far as the case alone says it: what depends on its course or on its referrals
    /// is not among them.
    pub fn plain_lifecycle_actions(&self, by: &Caller, own: bool) -> Vec<LifecycleAct> {
        let (course, referred) = (Course::default(), Referred { ever_sent: true, ..Referred::default() });
        let standing = Standing { course: &course, referred: &referred, own, by };
        let possible = |act: &LifecycleAct| act.permitted(by).is_ok() && standing.after(self, *act).is_ok();
        LifecycleAct::ALL.iter().copied().filter(possible).collect()
    }
}
