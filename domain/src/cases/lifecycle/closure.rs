//! Closing a case: one person asks, another one decides (R71).

use super::{
    Attested, LifecycleAct as A, Moved, Setting, Written,
    checklist::{check_attested, check_items},
};
use crate::{
    Check, Day, Decided, Refused, Violation,
    cases::Case,
    events::EventType,
    rules,
    vocabulary::{ClosureReason, IdentificationStatus},
};

/// The request to close a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosureRequest {
    /// Why.
    pub reason: ClosureReason,
    /// The reasons, in words.
    pub explanation: String,
    /// What is attested of the checklist.
    pub attested: Vec<Attested>,
}

/// That the case stays open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnClosure {
    /// The reasons, in words.
    pub reasons: String,
}

impl Case {
    /// Asks to close the case: every hard item of the checklist that is not met is listed at once.
    pub fn request_closure(&self, act: &ClosureRequest, at: &Setting<'_>) -> Result<Decided<Moved>, Refused> {
        let after = at.moved(self, A::RequestClosure)?;
        let mut check = Check::default();
        self.check_reason(&mut check, act.reason, at);
        check_attested(&mut check, &act.attested, Day(at.now.date()));
        check_items(&mut check, &self.closure_checklist(Some(act.reason), &act.attested, at));
        let warnings = check.done()?;
        let written = Written {
            reasons: Some(act.explanation.clone()),
            choice: Some(act.reason.to_string()),
            attested: act.attested.clone(),
            ..Written::default()
        };
        let moved = at.entered(A::RequestClosure, self, after, written);
        Ok(at.decided(self, moved, &[EventType::ClosureRequested], warnings))
    }

    /// A reason that is another act's, or that the record contradicts.
    fn check_reason(&self, check: &mut Check, reason: ClosureReason, at: &Setting<'_>) {
        use ClosureReason as R;
        let another = match reason {
            R::HandedOverAbroad => Some("the confirmed handover ends the case"),
            R::DuplicateMerged => Some("a duplicate is merged"),
            R::EnteredInError => Some("what was entered in error is marked so"),
            _ => None,
        };
        if let Some(because) = another {
            check.require(false, || Violation::plain("another_act", "/reason", because));
        }
        let it = &self.identification;
        let denied =
            matches!(it.status, IdentificationStatus::NoGrounds | IdentificationStatus::NegativeDecision)
                && it.removal_block(at.now).is_none();
        let not_trafficking = matches!(reason, R::NotTraffickingNoNeed | R::NotTraffickingOtherCpOpen);
        check.require(!not_trafficking || denied, || {
            let because = "the identification has not ended without grounds, or can still be appealed";
            Violation::plain("identification_differs", "/reason", because)
        });
        check.require(reason != R::AgedOutWithPlan || it.turned_18_at.is_some(), || {
            Violation::plain("not_of_age", "/reason", "it is not noted that the person has turned 18")
        });
        check.require(reason != R::UntraceableAfterProtocol || at.course.missing().is_some(), || {
            let because = "the child is not missing: report it, and search first";
            Violation::plain("not_missing", "/reason", because)
        });
    }

    /// Approves the closure, as another person than whoever asked for it: the checklist is gone through again. Nothing is
    /// owed any more.
    pub fn approve_closure(&self, at: &Setting<'_>) -> Result<Decided<Moved>, Refused> {
        let after = at.moved(self, A::ApproveClosure)?;
        let mut check = Check::default();
        let requester = at.course.request().and_then(|it| it.professional);
        check.require(requester.is_some() && requester != at.by.professional, || {
            let because = "whoever asks to close a case does not approve it: a second person does";
            Violation::of(&rules::R71, "", because)
        });
        let (reason, attested) = self.asked_to_close(at.course).unwrap_or((None, &[]));
        check_items(&mut check, &self.closure_checklist(reason, attested, at));
        let warnings = check.done()?;
        let written = Written { choice: reason.map(|it| it.to_string()), ..Written::default() };
        let moved = at.entered(A::ApproveClosure, self, after, written);
        Ok(at.decided(self, moved, &[EventType::CaseClosed], warnings))
    }

    /// Returns the closure: work goes on as before.
    pub fn return_closure(&self, act: &ReturnClosure, at: &Setting<'_>) -> Result<Decided<Moved>, Refused> {
        let after = at.moved(self, A::ReturnClosure)?;
        let written = Written { reasons: Some(act.reasons.clone()), ..Written::default() };
        let moved = at.entered(A::ReturnClosure, self, after, written);
        Ok(at.decided(self, moved, &[EventType::ClosureReturned], Vec::new()))
    }
}
