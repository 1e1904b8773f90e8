//! Countries with their profile, agencies, their services and professionals; who can take a need.
//!
//! Agencies and services have the shape of the Human Services Data Specification (Open Referral) where it fits: agency is
//! its `organization`, service its `service` with `eligibility` (ages, sexes, needs) and `language`, address its
//! `address`, areas its `service_area`, opening hours its `schedule`, the duty desk its `phone`. Free places with their
//! age, the urgencies that are accepted and confidential locations are ours.

mod agency;
mod matching;
mod place;
mod profile;
mod schedule;
mod service;
#[cfg(test)]
mod tests;
mod verdict;

pub use agency::{Agency, AgencyUpdate};
pub use matching::{Candidate, Ranked, Routed, Unrouted, UnroutedReason, rank, route};
pub use place::{Address, Area, Phone};
pub use profile::{Checked, CountryEntry, DecisionTimes, EntitlementTimes, Profile, ResponseTime, Triage};
pub use schedule::{Hours, LocalTime, Shift, TimeOfDay, Weekday};
pub use service::{CAPACITY_FRESH_FOR, MOST_SERVICES, Service, ServiceEntry, ServiceUpdate};
pub use verdict::{MatchReason, Misfit, MisfitCode, Moment, Need, Verdict, verdict};

use crate::{AgencyId, ProfessionalId, vocabulary::Role};

/// A professional of an agency, known by a pseudonymous id of the agency's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Professional {
    /// The id here.
    pub id: ProfessionalId,
    /// The agency.
    pub agency: AgencyId,
    /// The role in which the professional last acted.
    pub role: Role,
    /// The unit inside the agency.
    pub unit: Option<String>,
    /// Whether the professional is suspended.
    pub suspended: bool,
}
