//! Agencies.

use crate::{
    AgencyId, Version,
    text::Country,
    vocabulary::{AgencyType, Role},
};

/// An organisation that takes part in the mechanism. A confidential one has no address anywhere in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agency {
    /// Its id.
    pub id: AgencyId,
    /// Its country.
    pub country: Country,
    /// A short code, unique in the country.
    pub code: String,
    /// What kind of agency it is.
    pub agency_type: AgencyType,
    /// Its name.
    pub name: String,
    /// The telephone of its duty desk, if it has one.
    pub duty_phone: Option<String>,
    /// Whether its location is confidential.
    pub confidential_location: bool,
    /// The roles that its professionals may act in.
    pub roles: Vec<Role>,
    /// Whether it takes part at present.
    pub active: bool,
    /// Its version.
    pub version: Version,
}
