//! What a presumption opens at once (R8), by when it is owed, and how it is recorded that it was given.

use serde_json::json;

use super::{IdentificationAct, Identified, Setting, Written};
use crate::{
    AgencyId, Check, CodeList as _, Day, Decided, Refused, Timestamp, Violation,
    cases::{Case, Identity},
    deadlines::{Change, ComputedFrom, Duty, DutyKind, Outcome, SetBy, limited, working_time::Span},
    directory::CountryEntry,
    events::{EventType, SubjectKind},
    rules::{self, Verification},
    vocabulary::{IdentificationStatus, Urgency},
};

crate::codes! {
    /// What a child is entitled to from the presumption on.
    pub enum Entitlement = "entitlement" {
        GuardianCheck = "guardian_check": "A check whether a guardian is needed, and a provisional one",
        SafetyPlan = "safety_plan": "A safety plan",
        ReflectionPeriod = "reflection_period": "The offer of a recovery and reflection period",
        Information = "information": "Information in a language that the child understands",
        Education = "education": "Access to school",
        AsylumInformation = "asylum_information": "Information about asylum, which stays open beside the help as a victim",
    }
}

/// By when a strong and direct indicator must be acted on (R20).
pub(super) const ACT_WITHIN: Span = Span::Hours(24);

/// What was done to give an entitlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Which one.
    pub entitlement: Entitlement,
    /// What was done, in words.
    pub what: String,
    /// By whom, in words.
    pub by_whom: String,
    /// When.
    pub at: Timestamp,
}

impl Entitlement {
    /// The duty that it is.
    pub fn duty(self) -> DutyKind {
        match self {
            Self::GuardianCheck => DutyKind::GuardianCheck,
            Self::SafetyPlan => DutyKind::SafetyPlan,
            Self::ReflectionPeriod => DutyKind::ReflectionOffer,
            Self::Information => DutyKind::GiveInformation,
            Self::Education => DutyKind::Education,
            Self::AsylumInformation => DutyKind::AsylumInformation,
        }
    }

    fn limit(self, country: &CountryEntry, now: Timestamp) -> Option<(Timestamp, ComputedFrom)> {
        let times = &country.profile.entitlement_times;
        let (span, member) = match self {
            Self::GuardianCheck => (times.value.guardian_check, "guardianCheck"),
            Self::SafetyPlan => (times.value.safety_plan, "safetyPlan"),
            Self::ReflectionPeriod => (times.value.reflection_offer, "reflectionOffer"),
            // Where it is relevant, it is part of the information that every victim gets (ATD 11(6)).
            Self::Information | Self::AsylumInformation => (times.value.information, "information"),
            Self::Education => (times.value.education, "education"),
        };
        let set_by = SetBy::of(times, format!("entitlementTimes.{member}"), country);
        limited(country, now, span, set_by)
    }

    fn urgency(self) -> Urgency {
        match self {
            Self::GuardianCheck | Self::SafetyPlan => Urgency::Urgent,
            Self::ReflectionPeriod | Self::Information | Self::AsylumInformation => Urgency::Priority,
            Self::Education => Urgency::Standard,
        }
    }
}

/// When a formal decision is due, and when the first person is told that it is late.
fn decision_limit(country: &CountryEntry, now: Timestamp) -> Option<(Timestamp, ComputedFrom)> {
    let times = &country.profile.formal_decision;
    let set_by = || SetBy::of(times, "formalDecision.target", country);
    let (due_at, mut computed) = limited(country, now, times.value.target, set_by())?;
    let (warn_at, _) = limited(country, now, times.value.warn, set_by())?;
    computed.warn_at = Some(warn_at.max(due_at));
    Some((due_at, computed))
}

impl Case {
    /// Records that an entitlement was given; it is owed no more.
    pub fn give(&self, act: &Given, at: &Setting<'_>) -> Result<Decided<Identified>, Refused> {
        let kind = IdentificationAct::RecordEntitlement;
        let mut after = self.moved(kind, at)?;
        let it = act.entitlement;
        if !self.identification.owed.contains(&it) {
            return Err(Refused::wrong_state(format!("{it} is not open")));
        }
        let mut check = Check::default();
        check.require(act.at <= at.now, || {
            Violation::plain("in_the_future", "/doneAt", "it was done in the future")
        });
        check.require(!self.begins_after(Day(act.at.date())), || {
            Violation::plain("before_the_case", "/doneAt", "it was done days before the case was taken in")
        });
        let warnings = check.done()?;
        after.identification.owed.retain(|other| *other != it);
        after.identification.given.push(it);
        let written = Written {
            reasons: Some(act.what.clone()),
            done_by: Some(act.by_whom.clone()),
            done_at: Some(act.at),
            ..Written::default()
        };
        let mut entry = self.entered(kind, &after, written, at);
        entry.entitlement = Some(it);
        let payload = json!({ "entitlement": it, "doneAt": act.at });
        let facts = vec![after.told(EventType::EntitlementRecorded, payload, at.by)];
        Ok(self.identified(kind, after, entry, (facts, warnings), at))
    }

    /// Opens every entitlement of the child that is neither open nor given (R8, R100).
    pub(crate) fn open_entitlements(&mut self, child: &Identity) {
        let it = &mut self.identification;
        for each in Entitlement::ALL.iter().filter(|each| each.is_for(child)) {
            if !it.owed.contains(each) && !it.given.contains(each) {
                it.owed.push(*each);
            }
        }
    }

    /// The duties of the identification that are open in this state; a case on which work does not go on owes none.
    pub fn duties_owed(&self) -> Vec<DutyKind> {
        use IdentificationStatus as S;
        if !self.is_live() {
            return Vec::new();
        }
        let it = &self.identification;
        let deciding = matches!(it.status, S::FormalAssessment | S::UnderReview);
        let decision = deciding.then_some(DutyKind::FormalDecision);
        let act = (it.strong_indicator && it.status == S::Screening).then_some(DutyKind::ActOnIndicator);
        it.owed.iter().map(|it| it.duty()).chain(decision).chain(act).collect()
    }

    /// What an act does to deadlines: the end of what is owed no more, and what it opens.
    pub(super) fn changes(&self, act: IdentificationAct, after: &Self, at: &Setting<'_>) -> Vec<Change> {
        let (before, owed) = (self.duties_owed(), after.duties_owed());
        let ended = before.iter().filter(|it| !owed.contains(it)).map(|kind| {
            let fulfilled = act.operation().is_some_and(|it| kind.row().fulfilled_by.contains(&it));
            let outcome = if fulfilled { Outcome::Fulfilled } else { Outcome::Lapsed };
            Change::Closed { subject_id: self.id.0, kind: *kind, outcome }
        });
        let opened = owed
            .iter()
            .filter(|it| !before.contains(it))
            .filter_map(|it| after.duty(*it, at.country, at.now));
        ended.chain(opened.map(|it| Change::Opened(Box::new(it)))).collect()
    }

    /// A duty of the identification that begins now.
    pub(crate) fn duty(&self, kind: DutyKind, country: &CountryEntry, now: Timestamp) -> Option<Duty> {
        if kind == DutyKind::ActOnIndicator {
            return self.duty_to_act(country, now);
        }
        let entitlement = Entitlement::ALL.iter().copied().find(|it| it.duty() == kind);
        let limit = match entitlement {
            Some(it) => it.limit(country, now),
            None => decision_limit(country, now),
        }?;
        let urgency = entitlement.map_or(Urgency::Standard, Entitlement::urgency);
        Some(self.duty_of(kind, urgency, (self.lead, self.opened_by), limit))
    }

    /// What a strong and direct indicator demands of whoever took the case in, while it is screened (R20).
    pub(crate) fn duty_to_act(&self, country: &CountryEntry, now: Timestamp) -> Option<Duty> {
        let kind = DutyKind::ActOnIndicator;
        if !self.duties_owed().contains(&kind) {
            return None;
        }
        let set_by = SetBy {
            member: rules::R20.code.to_owned(),
            verification: Verification::Proposal,
            source: "Project proposal: no external source sets it".to_owned(),
            profile_valid_from: country.valid_from,
        };
        let limit = limited(country, now, ACT_WITHIN, set_by)?;
        Some(self.duty_of(kind, Urgency::Urgent, (self.opened_by, self.lead), limit))
    }

    /// A duty about the case, with who owes it and who waits for it.
    pub(crate) fn duty_of(
        &self,
        kind: DutyKind,
        urgency: Urgency,
        (owner, other): (AgencyId, AgencyId),
        (due_at, computed_from): (Timestamp, ComputedFrom),
    ) -> Duty {
        Duty {
            kind,
            subject: SubjectKind::Case,
            subject_id: self.id.0,
            case: Some(self.id),
            reference: Some(self.reference.clone()),
            urgency,
            owner,
            professional: None,
            watcher: Some(other).filter(|it| *it != owner),
            answers_to: owner,
            due_at,
            computed_from,
        }
    }
}
