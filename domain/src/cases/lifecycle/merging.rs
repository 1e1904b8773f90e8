//! Two cases of the same child become one, and what was entered in error is marked so.

use super::{Entry, LifecycleAct as A, Moved, Setting, Written, checklist::counted};
use crate::{
    CaseActId, Check, Decided, Refused, Violation,
    cases::{Case, Identity},
    deadlines::DutyKind,
    events::EventType,
    rules,
    vocabulary::{AgeCertainty, CaseStatus},
};

crate::codes! {
    /// What proves that two cases are of the same child.
    pub enum DuplicateEvidence = "duplicate_evidence" {
        ConfirmedMatch = "confirmed_match": "People have confirmed the match of the two",
        SameDocument = "same_document": "The same identity document was seen in both",
        Biometrics = "biometrics": "Biometric data were compared by whoever may do so",
        RecognisedByTwo = "recognised_by_two": "Two professionals who know the child recognise it",
        SimilarData = "similar_data": "Names or dates look alike; not proof",
    }
}

/// What is known of the question whether two cases are of the same child.
#[derive(Clone, Copy, Debug)]
pub struct Proof<'a> {
    /// Whether both cases have the same record of a child.
    pub same_record: bool,
    /// Whether people have confirmed a match of the two.
    pub confirmed_match: bool,
    /// Whether people have recorded that they are two: brothers or sisters, of one household, or no match.
    pub two_children: bool,
    /// The child of this case.
    pub this: &'a Identity,
    /// The child of the other case.
    pub other: &'a Identity,
}

/// The wish to merge a case into another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// What proves that both are of the same child.
    pub evidence: Vec<DuplicateEvidence>,
    /// The reasons, in words.
    pub reasons: String,
}

/// That a case was entered in error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkErroneous {
    /// The reasons, in words.
    pub reasons: String,
}

impl Proof<'_> {
    /// Whether the two children are recorded with documented birth dates that differ, or with given names that do.
    fn differ(&self) -> bool {
        let documented =
            |it: &Identity| it.birth_date.filter(|_| it.age_certainty == Some(AgeCertainty::Documented));
        let given = |it: &Identity| {
            let name = it.name.as_ref().and_then(|it| it.given.as_deref());
            name.map(|it| it.trim().to_lowercase())
        };
        let dates = documented(self.this).zip(documented(self.other));
        let names = given(self.this).zip(given(self.other));
        dates.is_some_and(|(one, two)| one != two) || names.is_some_and(|(one, two)| one != two)
    }
}

impl Case {
    /// Merges this case into another one of the same child (R111). The file goes on there; this one is read only.
    pub fn merge(
        &self,
        act: &Merge,
        into: &Self,
        proof: &Proof<'_>,
        at: &Setting<'_>,
    ) -> Result<Decided<Moved>, Refused> {
        let after = at.moved(self, A::Merge)?;
        if into.lead != at.by.agency || into.country != self.country {
            return Err(Refused::not_yours("only the agency that leads both cases"));
        }
        if !matches!(into.status, CaseStatus::Open | CaseStatus::Reopened) {
            return Err(Refused::wrong_state(format!("the other case is {}", into.status)));
        }
        let mut check = Check::default();
        check.require(into.id != self.id, || {
            Violation::plain("same_case", "/intoCaseId", "it is the case itself")
        });
        let proven = proof.same_record
            || act.evidence.iter().any(|it| match it {
                DuplicateEvidence::ConfirmedMatch => proof.confirmed_match,
                DuplicateEvidence::SimilarData => false,
                _ => true,
            });
        check.require(proven, || {
            let because = "nothing that is named proves that both are of the same child";
            Violation::of(&rules::R111, "/evidence", because)
        });
        check.require(!proof.two_children, || {
            Violation::of(&rules::R111, "/intoCaseId", "people have recorded that they are two children")
        });
        check.require(proof.same_record || !proof.differ(), || {
            let because = "the two are recorded with different documented birth dates or given names";
            Violation::of(&rules::R111, "/intoCaseId", because)
        });
        let weaker = self.identification.removal_block(at.now).is_some()
            && into.identification.removal_block(at.now).is_none()
            || self.identification.grounds.is_some() && into.identification.grounds.is_none();
        check.require(!weaker, || {
            let because = "the child is better protected by this case: merge the other one into it";
            Violation::plain("weaker_identification", "/intoCaseId", because)
        });
        check.advise(at.referred.open == 0, || {
            let because = "referrals of this case go on where they are until they end";
            Violation::plain("referrals_go_on", "", because)
        });
        // The duties of a file end with its case, and the file does not move: merging is no way out of them.
        let talk = at.course.interview_owed().then_some(DutyKind::ReturnInterview);
        let open: Vec<_> = at.of_file.iter().map(|it| it.1).chain(talk).collect();
        check.require(open.is_empty(), || {
            let because = format!("open duties of this case would end with it: {}", counted(&open));
            Violation::of(&rules::R111, "", because)
        });
        check_matches(&mut check, at);
        let warnings = check.done()?;
        let written = Written {
            reasons: Some(act.reasons.clone()),
            evidence: act.evidence.clone(),
            ..Written::default()
        };
        let mut moved = at.entered(A::Merge, self, after, written.clone());
        moved.entry.other = Some(into.id);
        let taken = Self { version: into.version.next(), ..into.clone() };
        let entry = Entry {
            id: CaseActId(at.begun),
            case: into.id,
            from: into.status,
            to: into.status,
            other: Some(self.id),
            written,
            ..moved.entry.clone()
        };
        moved.into = Some((taken, entry));
        Ok(at.decided(self, moved, &[EventType::CaseMerged], warnings))
    }

    /// Marks the case as entered in error. What was disclosed to others is no error any more.
    pub fn mark_erroneous(&self, act: &MarkErroneous, at: &Setting<'_>) -> Result<Decided<Moved>, Refused> {
        let after = at.moved(self, A::MarkErroneous)?;
        let mut check = Check::default();
        check_matches(&mut check, at);
        let warnings = check.done()?;
        let written = Written { reasons: Some(act.reasons.clone()), ..Written::default() };
        let moved = at.entered(A::MarkErroneous, self, after, written);
        Ok(at.decided(self, moved, &[EventType::CaseMarkedErroneous], warnings))
    }
}

/// A question to two agencies is answered before one of the cases ends: nobody could close the other one.
fn check_matches(check: &mut Check, at: &Setting<'_>) {
    check.require(at.undecided_matches == 0, || {
        Violation::plain(
            "matches_undecided",
            "",
            "say first whether the children that may be the same are one",
        )
    });
}
