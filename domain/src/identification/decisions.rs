//! Formal decisions: opening the assessment, deciding, and the two steps of a negative decision (I3, I6 to I8, I11).

use serde_json::json;

use super::{
    Finding, Findings, IdentificationAct, Identified, Informed, Screening, Setting, Written,
    presumption::check_was_child,
};
use crate::{
    Check, Decided, Refused, Violation,
    cases::Case,
    deadlines::{SetBy, limited},
    events::EventType,
    rules,
    vocabulary::IdentificationStatus,
};

use IdentificationAct as A;

crate::codes! {
    /// On what the record rests that a screening found no grounds.
    pub enum NoGroundsBasis = "no_grounds_basis" {
        TalkWithChild = "talk_with_child": "The talk with the child",
        FactsChecked = "facts_checked": "Facts that were checked",
        OtherExplanation = "other_explanation": "Another explanation that holds",
        OtherProfessionals = "other_professionals": "What other professionals know",
        ScreeningScore = "screening_score": "The result of the screening; never enough alone",
    }
}

crate::codes! {
    /// Whether the child needs protection for another reason.
    pub enum ProtectionNeed = "protection_need" {
        NoneFound = "none_found": "It was checked, and none was found",
        ChildProtectionOpen = "child_protection_open": "Child protection looks after the child already",
        Referred = "referred": "The child was referred to child protection",
    }
}

crate::codes! {
    /// A ground of a negative decision. Those that law forbids can be named, so that they are refused with their source.
    pub enum NegativeGround = "negative_ground" {
        ActNotShown = "act_not_shown": "No act of trafficking is shown",
        PurposeNotShown = "purpose_not_shown": "No purpose of exploitation is shown",
        FactsDisproved = "facts_disproved": "The facts that were believed did not happen",
        NoMeans = "no_means": "Forbidden: no means were used",
        ChildAgreed = "child_agreed": "Forbidden: the child agreed",
        NonCooperation = "non_cooperation": "Forbidden: the child does not cooperate",
        LateDisclosure = "late_disclosure": "Forbidden: the child told it late",
        CriminalConduct = "criminal_conduct": "Forbidden: the child committed offences",
        Nationality = "nationality": "Forbidden: the child's nationality",
        IrregularResidence = "irregular_residence": "Forbidden: the child's residence is irregular",
        ScreeningScore = "screening_score": "Forbidden: the result of a screening",
    }
}

/// The record that a screening found no grounds (I3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoGrounds {
    /// On what it rests.
    pub basis: Vec<NoGroundsBasis>,
    /// The reasons, in words.
    pub reasons: String,
    /// Whether the child needs protection for another reason.
    pub protection_need: ProtectionNeed,
}

/// A positive decision (I7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decide {
    /// What was found.
    pub findings: Findings,
    /// The reasons, in words.
    pub reasons: String,
    /// Who was informed.
    pub informed: Informed,
}

/// The proposal of a negative decision (I8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposeNegative {
    /// Its grounds.
    pub grounds: Vec<NegativeGround>,
    /// What was found.
    pub findings: Findings,
    /// The reasons, in words.
    pub reasons: String,
}

/// What a second decider says of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondOpinion {
    /// The reasons, in words.
    pub reasons: String,
    /// Who was informed; for a confirmation.
    pub informed: Option<Informed>,
}

impl NegativeGround {
    /// Whether law forbids it (R14).
    pub fn forbidden(self) -> bool {
        !matches!(self, Self::ActNotShown | Self::PurposeNotShown | Self::FactsDisproved)
    }
}

impl Case {
    /// Records that the screening found no grounds (I3). Who screened does not also close: the second reader records it.
    pub fn record_no_grounds(
        &self,
        act: &NoGrounds,
        screening: Option<&Screening>,
        at: &Setting<'_>,
    ) -> Result<Decided<Identified>, Refused> {
        let kind = IdentificationAct::RecordNoGrounds;
        let after = self.moved(kind, at)?;
        let mut check = Check::default();
        let more = act.basis.iter().any(|it| *it != NoGroundsBasis::ScreeningScore);
        check.require(more, || {
            Violation::of(
                &rules::R19,
                "/basis",
                "nothing but the result of the screening is given as a reason",
            )
        });
        let screener = screening.and_then(|it| it.professional);
        let second = at.by.professional.is_some() && at.by.professional != screener;
        check.require(second, || {
            let because = "whoever screened does not close it alone: a second person reads and records it";
            Violation::of(&rules::R19, "", because)
        });
        let strong = screening.is_some_and(|it| !it.assessment.strong_direct.is_empty());
        check.require(!strong, || {
            let because =
                "a strong and direct indicator was confirmed or reported: presume, and let it be assessed";
            Violation::of(&rules::R20, "", because)
        });
        let warnings = check.done()?;
        let written = Written {
            reasons: Some(act.reasons.clone()),
            basis: act.basis.clone(),
            choice: Some(act.protection_need.to_string()),
            ..Written::default()
        };
        let entry = self.entered(kind, &after, written, at);
        let facts = vec![after.told(EventType::IdentificationNoGrounds, json!({}), at.by)];
        Ok(self.identified(kind, after, entry, (facts, warnings), at))
    }

    /// Opens the formal assessment (I6, R11).
    pub fn open_formal_assessment(&self, at: &Setting<'_>) -> Result<Decided<Identified>, Refused> {
        let kind = IdentificationAct::OpenFormalAssessment;
        let after = self.moved(kind, at)?;
        let entry = self.entered(kind, &after, Written::default(), at);
        let payload = json!({ "profileValidFrom": at.country.valid_from });
        let facts = vec![after.told(EventType::IdentificationAssessmentOpened, payload, at.by)];
        Ok(self.identified(kind, after, entry, (facts, Vec::new()), at))
    }

    /// Decides that the child is a victim (I7).
    pub fn decide(&self, act: &Decide, at: &Setting<'_>) -> Result<Decided<Identified>, Refused> {
        let kind = IdentificationAct::Decide;
        let after = self.moved(kind, at)?;
        let mut check = Check::default();
        act.findings.check_positive(&mut check);
        act.informed.check(&mut check);
        check_was_child(&mut check, at);
        self.check_independent(&mut check, at);
        let warnings = check.done()?;
        let written = Written {
            reasons: Some(act.reasons.clone()),
            findings: Some(act.findings.clone()),
            informed: Some(act.informed),
            ..Written::default()
        };
        let entry = self.entered(kind, &after, written, at);
        let payload = json!({ "from": self.identification.status });
        let facts = vec![after.told(EventType::IdentificationIdentified, payload, at.by)];
        Ok(self.identified(kind, after, entry, (facts, warnings), at))
    }

    /// Proposes a negative decision, which another agency must confirm (I8, R15).
    pub fn propose_negative(
        &self,
        act: &ProposeNegative,
        at: &Setting<'_>,
    ) -> Result<Decided<Identified>, Refused> {
        let kind = IdentificationAct::ProposeNegative;
        let mut after = self.moved(kind, at)?;
        let mut check = Check::default();
        act.findings.check(&mut check);
        check_grounds(&mut check, &act.grounds, &act.findings);
        check.require(!act.findings.both_shown(), || {
            let because =
                "act and purpose are shown: for a child that is trafficking, whatever else there is";
            Violation::of(&rules::R14, "/findings", because)
        });
        self.check_independent(&mut check, at);
        let warnings = check.done()?;
        let written = Written {
            reasons: Some(act.reasons.clone()),
            negative_grounds: act.grounds.clone(),
            findings: Some(act.findings.clone()),
            ..Written::default()
        };
        let entry = self.entered(kind, &after, written, at);
        after.identification.proposal = Some(entry.id);
        let payload = json!({ "proposalId": entry.id });
        let facts = vec![after.told(EventType::IdentificationNegativeProposed, payload, at.by)];
        Ok(self.identified(kind, after, entry, (facts, warnings), at))
    }

    /// Confirms a negative decision as a decider of another agency; it can be appealed from now on (I8, R15, R16).
    pub fn confirm_negative(
        &self,
        act: &SecondOpinion,
        at: &Setting<'_>,
    ) -> Result<Decided<Identified>, Refused> {
        let kind = IdentificationAct::ConfirmNegative;
        let mut after = self.moved(kind, at)?;
        let mut check = Check::default();
        self.check_second(&mut check, at);
        self.check_independent(&mut check, at);
        match act.informed {
            Some(informed) => informed.check(&mut check),
            None => Informed { child: false, guardian: false }.check(&mut check),
        }
        let within = &at.country.profile.appeal_within;
        let set_by = SetBy::of(within, "appealWithin", at.country);
        // Without a calendar nobody can say when it ends: then it does not end by itself.
        let until = limited(at.country, at.now, within.value, set_by).map(|it| it.0);
        let told = until.map_or_else(|| "the profile".to_owned(), |it| it.to_string());
        check.advise(false, || {
            Violation::of(&rules::R16, "", format!("it can be appealed until {told}; the safeguards stay"))
        });
        let warnings = check.done()?;
        after.identification.appeal_until = until;
        let proposal = self.identification.proposal;
        let written =
            Written { reasons: Some(act.reasons.clone()), informed: act.informed, ..Written::default() };
        let entry = self.entered(kind, &after, written, at);
        let payload = json!({ "proposalId": proposal, "appealUntil": until });
        let facts = vec![after.told(EventType::IdentificationNegativeDecided, payload, at.by)];
        Ok(self.identified(kind, after, entry, (facts, warnings), at))
    }

    /// Returns a negative decision: the second decider does not agree (I8, R15).
    pub fn return_negative(
        &self,
        act: &SecondOpinion,
        at: &Setting<'_>,
    ) -> Result<Decided<Identified>, Refused> {
        let kind = IdentificationAct::ReturnNegative;
        let mut after = self.moved(kind, at)?;
        let mut check = Check::default();
        self.check_second(&mut check, at);
        let warnings = check.done()?;
        after.identification.proposal = None;
        let written = Written { reasons: Some(act.reasons.clone()), ..Written::default() };
        let entry = self.entered(kind, &after, written, at);
        let payload = json!({ "proposalId": self.identification.proposal });
        let facts = vec![after.told(EventType::IdentificationNegativeReturned, payload, at.by)];
        Ok(self.identified(kind, after, entry, (facts, warnings), at))
    }

    /// R15: another agency than the one that proposed.
    fn check_second(&self, check: &mut Check, at: &Setting<'_>) {
        let proposed = at.history.iter().find(|it| Some(it.id) == self.identification.proposal);
        let other = proposed.is_some_and(|it| it.agency.is_some() && it.agency != Some(at.by.agency));
        check.require(other, || {
            Violation::of(&rules::R15, "", "the second decider is not of another agency than the first")
        });
    }

    /// R18: what is under review is decided by nobody who decided it, nor by their unit.
    fn check_independent(&self, check: &mut Check, at: &Setting<'_>) {
        if self.identification.status != IdentificationStatus::UnderReview {
            return;
        }
        let review = at.history.iter().rposition(|it| it.act == A::Appeal).unwrap_or_default();
        let decisions = at.history.iter().take(review).filter(|it| {
            matches!(it.act, A::RecordNoGrounds | A::Decide | A::ProposeNegative | A::ConfirmNegative)
        });
        for first in decisions {
            let same_person = first.professional.is_some() && first.professional == at.by.professional;
            // An agency that names no units has one.
            let units = first.written.unit.as_deref().zip(at.unit);
            let same_unit =
                first.agency == Some(at.by.agency) && units.is_none_or(|(one, other)| one == other);
            if same_person || same_unit {
                check.require(false, || {
                    let because = "whoever decided first, or its unit, does not decide on the review";
                    Violation::of(&rules::R18, "", because)
                });
                return;
            }
        }
    }
}

/// R3, R13, R14, R19: the grounds on which no child may be told that it was not trafficked.
fn check_grounds(check: &mut Check, grounds: &[NegativeGround], findings: &Findings) {
    check.require(!grounds.is_empty(), || Violation::of(&rules::R13, "/grounds", "no ground is given"));
    let elements =
        [(NegativeGround::ActNotShown, findings.act), (NegativeGround::PurposeNotShown, findings.purpose)];
    for (ground, finding) in elements {
        check.require(!(grounds.contains(&ground) && finding == Some(Finding::Shown)), || {
            Violation::of(
                &rules::R13,
                "/grounds",
                format!("{ground} is a ground, and the findings say shown"),
            )
        });
    }
    for ground in grounds.iter().filter(|it| it.forbidden()) {
        let rule = match ground {
            NegativeGround::ChildAgreed => &rules::R3,
            NegativeGround::ScreeningScore => &rules::R19,
            _ => &rules::R14,
        };
        check.require(false, || {
            Violation::of(rule, "/grounds", format!("{ground} is never a ground of a negative decision"))
        });
    }
}
