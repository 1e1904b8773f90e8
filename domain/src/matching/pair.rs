//! Two cases that may be of one child: each lead agency says whether they are. Nothing is merged by it.

use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::Likeness;
use crate::{
    AgencyId, CaseId, CaseMatchId, Decided, ProfessionalId, Refused, Timestamp, Version,
    access::Caller,
    cases::Case,
    deadlines::{Change, Duty, DutyKind, Outcome, SetBy, Span, limited},
    directory::CountryEntry,
    events::{EventType, Fact, SubjectKind},
    rules::{self, Verification},
    vocabulary::{Role, Urgency},
};

/// How long a lead agency has to look at a possible double.
const CHECK_WITHIN: Span = Span::WorkingDays(3);

crate::codes! {
    /// Where a match of two cases stands.
    pub enum MatchStatus = "match_status" {
        Suggested = "suggested": "Somebody has to look whether it is one child",
        Confirmed = "confirmed": "It is one child, say the agencies that lead the cases",
        Rejected = "rejected": "It is not one child",
    }
}

crate::codes! {
    /// What one side says of a match.
    pub enum MatchVerdict = "match_verdict" {
        Confirmed = "confirmed": "It is one child",
        Rejected = "rejected": "It is not one child",
    }
}

/// What one side has said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchAnswer {
    /// What.
    pub verdict: MatchVerdict,
    /// For which agency.
    pub agency: AgencyId,
    /// Who.
    pub professional: Option<ProfessionalId>,
    /// When.
    pub at: Timestamp,
    /// Why, in words; sealed.
    pub reason: Option<String>,
}

/// One side of a match: a case, and the other one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseMatch {
    /// Its id. The other side has another, so that neither tells of the other.
    pub id: CaseMatchId,
    /// What both sides have in common; never leaves the node.
    pub pair: Uuid,
    /// The case.
    pub case: CaseId,
    /// The other case.
    pub other: CaseId,
    /// How alike their children are.
    pub likeness: Likeness,
    /// When it was found.
    pub found_at: Timestamp,
    /// Where it stands.
    pub status: MatchStatus,
    /// What this side has said.
    pub answer: Option<MatchAnswer>,
    /// Its version, the same on both sides.
    pub version: Version,
}

/// Both sides of a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The side of the case that an act is about.
    pub own: CaseMatch,
    /// The other side.
    pub other: CaseMatch,
}

/// Saying whether it is one child.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchAct {
    /// What.
    pub verdict: MatchVerdict,
    /// Why, in words.
    pub reason: Option<String>,
}

impl CaseMatch {
    /// The duty of the agency that leads the case. It names no case, because not everybody who reads the duties of a case
    /// may know that there is another.
    pub(super) fn duty(&self, lead: AgencyId, country: &CountryEntry, now: Timestamp) -> Option<Duty> {
        let set_by = SetBy {
            member: rules::R70.code.to_owned(),
            verification: Verification::Proposal,
            source: "Project proposal: no external source sets it".to_owned(),
            profile_valid_from: country.valid_from,
        };
        let (due_at, computed_from) = limited(country, now, CHECK_WITHIN, set_by)?;
        Some(Duty {
            kind: DutyKind::CheckMatch,
            subject: SubjectKind::CaseMatch,
            subject_id: self.id.0,
            case: None,
            reference: None,
            urgency: Urgency::Standard,
            owner: lead,
            professional: None,
            watcher: None,
            answers_to: lead,
            due_at,
            computed_from,
        })
    }

    /// What the agency that leads the case is told.
    pub(super) fn fact(&self, event: EventType, lead: AgencyId) -> Fact {
        Fact {
            event,
            subject: SubjectKind::CaseMatch,
            subject_id: self.id.0,
            version: self.version.0,
            case: Some(self.case),
            audience: vec![lead],
            payload: json!({ "status": self.status }),
        }
    }

    /// Whether a caller answers for this side: a case manager or supervisor of the agency that leads the case.
    pub fn is_answered_by(case: &Case, by: &Caller) -> bool {
        let leads = case.lead == by.agency && case.country == by.country;
        leads && matches!(by.role, Some(Role::CaseManager | Role::Supervisor))
    }
}

impl Pair {
    /// What the lead agency of one case says. One child it is when both lead agencies have said so, or the one that leads
    /// both; not one child as soon as either says so.
    pub fn answer(
        &self,
        act: MatchAct,
        (case, other): (&Case, &Case),
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        if !CaseMatch::is_answered_by(case, by) {
            return Err(Refused::not_yours(
                "the lead agency's case manager or supervisor says whether it is one child",
            ));
        }
        if self.own.status != MatchStatus::Suggested {
            return Err(Refused::wrong_state("it has been decided whether it is one child"));
        }
        if self.own.answer.as_ref().is_some_and(|it| it.verdict == act.verdict) {
            return Err(Refused::wrong_state("this side has said so before"));
        }
        let one_lead = case.lead == other.lead;
        let agreed = self.other.answer.as_ref().is_some_and(|it| it.verdict == MatchVerdict::Confirmed);
        let status = match act.verdict {
            MatchVerdict::Rejected => MatchStatus::Rejected,
            MatchVerdict::Confirmed if one_lead || agreed => MatchStatus::Confirmed,
            MatchVerdict::Confirmed => MatchStatus::Suggested,
        };
        let mut pair = self.clone();
        for side in [&mut pair.own, &mut pair.other] {
            (side.status, side.version) = (status, side.version.next());
        }
        let event = match act.verdict {
            MatchVerdict::Confirmed => EventType::CaseMatchConfirmed,
            MatchVerdict::Rejected => EventType::CaseMatchRejected,
        };
        pair.own.answer = Some(MatchAnswer {
            verdict: act.verdict,
            agency: by.agency,
            professional: by.professional,
            at: now,
            reason: act.reason,
        });
        let closed = |side: &CaseMatch, outcome| Change::Closed {
            subject_id: side.id.0,
            kind: DutyKind::CheckMatch,
            outcome,
        };
        let mut changes = vec![closed(&pair.own, Outcome::Fulfilled)];
        if status != MatchStatus::Suggested {
            let outcome = if one_lead { Outcome::Fulfilled } else { Outcome::Lapsed };
            changes.push(closed(&pair.other, outcome));
        }
        let facts = vec![pair.own.fact(event, case.lead), pair.other.fact(event, other.lead)];
        Ok(Decided::new(pair, facts, Vec::new()).with_deadlines(changes))
    }

    /// Whether two cases are known to be of one child. Merging asks this.
    pub fn is_one_child(&self) -> bool {
        self.own.status == MatchStatus::Confirmed
    }
}
