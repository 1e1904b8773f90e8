//! Countries with their profile, agencies, their services and professionals.

mod agency;
mod profile;
mod service;

pub use agency::Agency;
pub use profile::{Checked, CountryEntry, Due, Profile, ResponseTime};
pub use service::Service;

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
