//! The life of a case from intake to its end: who leads it, whether the child is there, and how it is closed, reopened,
//! handed over or merged.

mod actions;
mod checklist;
mod closure;
mod duties;
mod handover;
mod merging;
mod missing;
mod opening;
mod record;
#[cfg(test)]
mod tests;
mod transitions;

pub use actions::BlockedStep;
pub use checklist::{Attested, CHECKLIST, Checked, ClosureItem, ItemRule, Known};
pub use closure::{ClosureRequest, ReturnClosure};
pub use handover::{
    Abroad, Arrival, Consent, ConsentAnswer, Destination, Handover, HandoverPoint, HandoverStatus,
    ProposeHandover, Writing,
};
pub use merging::{DuplicateEvidence, MarkErroneous, Merge, Proof};
pub use missing::{
    AlertKind, FoundOutcome, InterviewOutcome, MissingEpisode, RecordAlert, RecordFound,
    RecordReturnInterview, ReportMissing, ToldPolice,
};
pub use opening::{OpenForProtection, Reopen};
pub use record::{Course, Entry, Moved, Referred, Setting, Written};
pub use transitions::{Condition, Doer, LifecycleAct, STEPS, Step};

use super::Case;
use crate::{Refused, vocabulary::CaseStatus};

impl Case {
    /// Whether work on the case goes on: closed, transferred, merged and erroneous cases are read only.
    pub fn is_live(&self) -> bool {
        use CaseStatus as S;
        !matches!(self.status, S::Closed | S::Transferred | S::Merged | S::Erroneous)
    }

    /// Refuses to write in a case on which work does not go on.
    pub fn live(&self) -> Result<(), Refused> {
        if self.is_live() {
            return Ok(());
        }
        Err(Refused::wrong_state(format!("the case is {} and read only", self.status)))
    }
}
