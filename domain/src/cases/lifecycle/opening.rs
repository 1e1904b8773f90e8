//! Opening a case for a need of protection, and opening it again.

use super::{LifecycleAct as A, Moved, Setting, Written};
use crate::{
    Decided, Refused, Violation,
    cases::{Case, Identity},
    events::EventType,
    rules,
    vocabulary::{IdentificationStatus, ReopenReason},
};

/// That a child needs protection, whether or not it is presumed a victim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenForProtection {
    /// The reasons, in words.
    pub reasons: String,
}

/// Why a case is opened again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reopen {
    /// The reason.
    pub reason: ReopenReason,
    /// What happened, in words.
    pub explanation: String,
}

impl Case {
    /// Opens a case in intake because the child needs protection; a presumption opens it as well.
    pub fn open_for_protection(
        &self,
        act: &OpenForProtection,
        at: &Setting<'_>,
    ) -> Result<Decided<Moved>, Refused> {
        let after = at.moved(self, A::OpenForProtection)?;
        let written = Written { reasons: Some(act.reasons.clone()), ..Written::default() };
        let moved = at.entered(A::OpenForProtection, self, after, written);
        Ok(at.decided(self, moved, &[EventType::CaseOpened], Vec::new()))
    }

    /// Opens a case again (R72): whatever a presumed victim is entitled to is owed anew at once.
    pub fn reopen(
        &self,
        act: &Reopen,
        child: &Identity,
        at: &Setting<'_>,
    ) -> Result<Decided<Moved>, Refused> {
        use IdentificationStatus as S;
        let mut after = at.moved(self, A::Reopen)?;
        after.identification.given.clear();
        after.open_entitlements(child);
        let mut warnings = vec![Violation::of(
            &rules::R72,
            "",
            "the safeguards of a presumed victim are owed anew; earlier determinations and rest periods are stale",
        )];
        warnings.extend(self.asylum_information_opened(&after));
        if matches!(self.identification.status, S::NoGrounds | S::NegativeDecision | S::ClosedNoStatus) {
            let because = "the identification has ended: bring the new facts, so that it is reviewed";
            warnings.push(Violation::plain("review_identification", "", because));
        }
        let written = Written {
            reasons: Some(act.explanation.clone()),
            choice: Some(act.reason.to_string()),
            ..Written::default()
        };
        let moved = at.entered(A::Reopen, self, after, written);
        Ok(at.decided(self, moved, &[EventType::CaseReopened], warnings))
    }
}
