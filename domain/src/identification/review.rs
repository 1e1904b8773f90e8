//! What the child's side and other countries bring: appeal, declining the status, foreign decisions, and the end without
//! a status (I9 to I12).

use serde_json::json;

use super::{Foreign, IdentificationAct, Identified, Setting, Written};
use crate::{
    Check, Decided, Refused, Violation,
    cases::Case,
    events::EventType,
    rules,
    vocabulary::{AgeStatus, CaseStatus, IdentificationStatus},
};

crate::codes! {
    /// How a review begins.
    pub enum ReviewKind = "review_kind" {
        Appeal = "appeal": "An appeal against the decision",
        NewFacts = "new_facts": "New facts",
    }
}

crate::codes! {
    /// Who brings an appeal or new facts, or declines the status.
    pub enum Brought = "brought_by" {
        Child = "child": "The child",
        Guardian = "guardian": "The guardian or other representative",
        Lawyer = "lawyer": "The child's lawyer",
        Agency = "agency": "An agency",
    }
}

crate::codes! {
    /// Why there is no formal status.
    pub enum NoStatusReason = "no_status_reason" {
        ChildMoved = "child_moved": "The child moved to where another authority decides",
        ChildUnreachable = "child_unreachable": "The child cannot be reached",
    }
}

/// An appeal, or new facts (I9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appeal {
    /// Which of both.
    pub kind: ReviewKind,
    /// Who brings it.
    pub brought_by: Brought,
    /// What it says, in words.
    pub reasons: String,
}

/// Declining the formal status (I10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclineStatus {
    /// Who declines for the child.
    pub brought_by: Brought,
    /// Whether the child was told what the status is, and that help does not depend on it.
    pub child_informed: bool,
    /// The child's view, in words.
    pub child_view: String,
}

/// Closing without a formal status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseWithoutStatus {
    /// Why.
    pub reason: NoStatusReason,
    /// What was done to reach the child, in words.
    pub explanation: String,
}

impl Case {
    /// Opens a review (I9): the safeguards of the presumption hold until it is decided.
    pub fn appeal(&self, act: &Appeal, at: &Setting<'_>) -> Result<Decided<Identified>, Refused> {
        let kind = IdentificationAct::Appeal;
        let mut after = self.moved(kind, at)?;
        let mut check = Check::default();
        let it = &self.identification;
        let late = it.status == IdentificationStatus::NegativeDecision
            && act.kind == ReviewKind::Appeal
            && it.appeal_until.is_some_and(|until| at.now > until);
        check.require(!late, || {
            Violation::of(
                &rules::R16,
                "/kind",
                "the time of appeal is over; new facts open a review at any time",
            )
        });
        let warnings = check.done()?;
        after.identification.appeal_until = None;
        after.open_entitlements(at.child);
        let written = Written {
            reasons: Some(act.reasons.clone()),
            choice: Some(act.kind.to_string()),
            done_by: Some(act.brought_by.to_string()),
            ..Written::default()
        };
        let entry = self.entered(kind, &after, written, at);
        let payload = json!({ "from": it.status });
        let mut facts = vec![after.told(EventType::IdentificationReviewOpened, payload, at.by)];
        // What the presumption opens is open now, and so is the case.
        if self.status == CaseStatus::Intake {
            after.status = CaseStatus::Open;
            facts.push(after.told(EventType::CaseOpened, json!({ "from": self.status }), at.by));
        }
        Ok(self.identified(kind, after, entry, (facts, warnings), at))
    }

    /// Declines the formal status for the child (I10). The child stays a registered victim, and help goes on.
    pub fn decline_status(
        &self,
        act: &DeclineStatus,
        at: &Setting<'_>,
    ) -> Result<Decided<Identified>, Refused> {
        let kind = IdentificationAct::DeclineStatus;
        let after = self.moved(kind, at)?;
        let mut check = Check::default();
        check.require(act.child_informed, || {
            let because = "the child was not told what the status is and that help does not depend on it";
            Violation::of(&rules::R26, "/childInformed", because)
        });
        check.require(act.brought_by != Brought::Agency, || {
            Violation::plain("not_the_childs_side", "/broughtBy", "only the child's side declines the status")
        });
        let warnings = check.done()?;
        let written = Written {
            child_view: Some(act.child_view.clone()),
            done_by: Some(act.brought_by.to_string()),
            ..Written::default()
        };
        let entry = self.entered(kind, &after, written, at);
        let payload = json!({ "from": self.identification.status });
        let facts = vec![after.told(EventType::IdentificationStatusDeclined, payload, at.by)];
        Ok(self.identified(kind, after, entry, (facts, warnings), at))
    }

    /// Closes without a status because the child moved or cannot be reached. New facts open it again.
    pub fn close_without_status(
        &self,
        act: &CloseWithoutStatus,
        at: &Setting<'_>,
    ) -> Result<Decided<Identified>, Refused> {
        let kind = IdentificationAct::CloseWithoutStatus;
        let mut after = self.moved(kind, at)?;
        // Nothing can be given to who is not there; a review opens again what was not given.
        after.identification.owed.clear();
        let written = Written {
            reasons: Some(act.explanation.clone()),
            choice: Some(act.reason.to_string()),
            ..Written::default()
        };
        let entry = self.entered(kind, &after, written, at);
        let payload = json!({ "from": self.identification.status });
        let facts = vec![after.told(EventType::IdentificationClosedNoStatus, payload, at.by)];
        Ok(self.identified(kind, after, entry, (facts, Vec::new()), at))
    }

    /// Recognises the decision of another country that the child is a victim (I11).
    pub fn recognise_foreign_decision(
        &self,
        decision: &Foreign,
        at: &Setting<'_>,
    ) -> Result<Decided<Identified>, Refused> {
        let kind = IdentificationAct::RecogniseForeignDecision;
        let after = self.moved(kind, at)?;
        let mut check = Check::default();
        decision.check(&mut check, at);
        check.require(at.country.profile.recognises_foreign_decisions.value, || {
            let because = "the national profile recognises no decision of another country";
            Violation::plain("foreign_decision_not_recognised", "/country", because)
        });
        let warnings = check.done()?;
        let written = Written { foreign: Some(decision.clone()), ..Written::default() };
        let entry = self.entered(kind, &after, written, at);
        let payload = json!({ "from": self.identification.status });
        let facts = vec![after.told(EventType::IdentificationForeignRecognised, payload, at.by)];
        Ok(self.identified(kind, after, entry, (facts, warnings), at))
    }

    /// Notes that the person has turned 18 (I12): the status stays, and so do the safeguards for past acts.
    pub fn turn_18(&self, at: &Setting<'_>) -> Result<Decided<Identified>, Refused> {
        let kind = IdentificationAct::Turn18;
        let mut after = self.moved(kind, at)?;
        let status = at.child.age_status(at.now);
        if !matches!(status, AgeStatus::UndisputedAdult | AgeStatus::AssessedAdult) {
            return Err(Refused::wrong_state(format!("the age status is {status}")));
        }
        after.identification.turned_18_at = Some(at.now);
        let entry = self.entered(kind, &after, Written::default(), at);
        let payload = json!({ "status": self.identification.status });
        let facts = vec![after.told(EventType::IdentificationTurned18, payload, at.by)];
        Ok(self.identified(kind, after, entry, (facts, Vec::new()), at))
    }
}
