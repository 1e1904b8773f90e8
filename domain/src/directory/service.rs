//! Services.

use crate::{
    AgencyId, ServiceId, Timestamp, Version,
    cases::Identity,
    codes::CodeList as _,
    text::{Country, Language},
    vocabulary::{ServiceCode, Sex},
};

/// A service that an agency offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// Who offers it.
    pub agency: AgencyId,
    /// The country in which it is offered.
    pub country: Country,
    /// What it is.
    pub service: ServiceCode,
    /// Its name.
    pub name: String,
    /// The youngest age in whole years that it takes.
    pub min_age: u8,
    /// The oldest age in whole years that it takes.
    pub max_age: u8,
    /// The sexes that it takes.
    pub sexes: Vec<Sex>,
    /// The languages in which it is given.
    pub languages: Vec<Language>,
    /// Free places, if it counts them.
    pub capacity: Option<u16>,
    /// When the free places were counted.
    pub capacity_as_of: Option<Timestamp>,
    /// Whether it is offered at present.
    pub active: bool,
    /// Its version.
    pub version: Version,
}

impl Service {
    /// Why the service does not fit a child, in words for a warning (N1); empty where it fits.
    pub fn misfits(&self, child: &Identity, now: Timestamp) -> Vec<String> {
        let (age, sex) = (child.age_on(now), child.sex);
        let mut reasons = Vec::new();
        if !self.active {
            reasons.push("the service is not offered at present".to_owned());
        }
        if age.is_some_and(|it| !(self.min_age..=self.max_age).contains(&it)) {
            reasons.push(format!("the service takes children aged {} to {}", self.min_age, self.max_age));
        }
        if let Some(sex) = sex.filter(|it| *it != Sex::Unknown && !self.sexes.contains(it)) {
            reasons.push(format!("the service does not take: {}", sex.label().to_lowercase()));
        }
        let understood =
            child.languages.is_empty() || child.languages.iter().any(|it| self.languages.contains(it));
        if !understood && !self.languages.is_empty() {
            reasons.push("the service is not given in a language of the child".to_owned());
        }
        if self.capacity == Some(0) {
            reasons.push("the service has no free place".to_owned());
        }
        reasons
    }
}
