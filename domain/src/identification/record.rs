//! The identification of a child: its state, the acts that led to it, and what was written with each of them.

use serde::{Deserialize, Serialize};

use super::{
    Entitlement, Findings, Foreign, Grounds, IdentificationAct, Informed, NegativeGround, NoGroundsBasis,
};
use crate::{
    AgencyId, CaseId, Day, IdentificationEntryId, ProfessionalId, Timestamp,
    access::Caller,
    cases::{Case, Identity},
    directory::CountryEntry,
    rules::{self, Rule},
    vocabulary::IdentificationStatus,
};

/// The identification of a child, as part of its case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identification {
    /// Its status.
    pub status: IdentificationStatus,
    /// When the status was reached.
    pub since: Timestamp,
    /// On what the presumption rests, once presumed.
    pub grounds: Option<Grounds>,
    /// Until when the last negative decision can be appealed (R16).
    pub appeal_until: Option<Timestamp>,
    /// The proposal of a negative decision that waits for a second decider (R15).
    pub proposal: Option<IdentificationEntryId>,
    /// When it was noted that the person has turned 18 (I12).
    pub turned_18_at: Option<Timestamp>,
    /// Whether the screening saw a strong and direct indicator, so that somebody must act on it (R20).
    pub strong_indicator: bool,
    /// The entitlements that are open and not yet given (R8).
    pub owed: Vec<Entitlement>,
    /// The entitlements that were given.
    pub given: Vec<Entitlement>,
}

/// Why nobody may remove the child from the country, and until when where that is known.
#[derive(Clone, Copy, Debug)]
pub struct RemovalBlock {
    /// The rule.
    pub rule: &'static Rule,
    /// Until when; absent while it lasts as long as the status.
    pub until: Option<Timestamp>,
}

impl Identification {
    /// One that has just begun.
    pub fn begun(status: IdentificationStatus, since: Timestamp) -> Self {
        Self {
            status,
            since,
            grounds: None,
            appeal_until: None,
            proposal: None,
            turned_18_at: None,
            strong_indicator: false,
            owed: Vec::new(),
            given: Vec::new(),
        }
    }

    /// The block of removal (R12): from the screening to the decision and through appeal; whoever is identified leaves
    /// only by a durable solution.
    pub fn removal_block(&self, now: Timestamp) -> Option<RemovalBlock> {
        use IdentificationStatus as S;
        let until = match self.status {
            S::Screening | S::PresumedVictim | S::FormalAssessment | S::UnderReview | S::IdentifiedVictim => {
                None
            }
            S::NegativeDecision => Some(self.appeal_until.filter(|it| now <= *it)?),
            S::ConcernLogged | S::NoGrounds | S::ClosedNoStatus => return None,
        };
        Some(RemovalBlock { rule: &rules::R12, until })
    }
}

/// An act on an identification, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: IdentificationEntryId,
    /// The case.
    pub case: CaseId,
    /// The act.
    pub act: IdentificationAct,
    /// The status before.
    pub from: IdentificationStatus,
    /// The status after.
    pub to: IdentificationStatus,
    /// When.
    pub at: Timestamp,
    /// The agency that did it; none for the mechanism itself.
    pub agency: Option<AgencyId>,
    /// Who did it.
    pub professional: Option<ProfessionalId>,
    /// The entitlement that was given, for an act that gives one.
    pub entitlement: Option<Entitlement>,
    /// What was written; sealed.
    pub written: Written,
}

/// What was written with an act: whatever of it the act asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Written {
    /// The reasons, or what was done, in words.
    pub reasons: Option<String>,
    /// On what the presumption rests.
    pub grounds: Option<Grounds>,
    /// On what "no grounds" rests.
    pub basis: Vec<NoGroundsBasis>,
    /// The grounds of a negative decision.
    pub negative_grounds: Vec<NegativeGround>,
    /// What was found.
    pub findings: Option<Findings>,
    /// Who was informed.
    pub informed: Option<Informed>,
    /// The notice or decision of another country.
    pub foreign: Option<Foreign>,
    /// The child's view, in words.
    pub child_view: Option<String>,
    /// A code that the act chooses: the kind of review, why there is no status, what was checked.
    pub choice: Option<String>,
    /// When something was done, where that is not the instant of the act.
    pub done_at: Option<Timestamp>,
    /// By whom something was done, in words.
    pub done_by: Option<String>,
    /// The unit of whoever acted, by the agency's own name.
    pub unit: Option<String>,
}

/// What an act is decided in.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The id of the entry that it makes.
    pub entry: IdentificationEntryId,
    /// The country with the profile of the day.
    pub country: &'a CountryEntry,
    /// The acts so far, oldest first.
    pub history: &'a [Entry],
    /// Who the child is.
    pub child: &'a Identity,
    /// The first day of exploitation that is recorded.
    pub exploited_from: Option<Day>,
    /// Whether the caller's agency leads or opened the case.
    pub own: bool,
    /// The caller's unit inside the agency.
    pub unit: Option<&'a str>,
    /// Who acts.
    pub by: &'a Caller,
    /// When.
    pub now: Timestamp,
}

/// A case after an act on its identification, with the entry of the act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identified {
    /// The case.
    pub case: Case,
    /// The entry.
    pub entry: Entry,
}
