//! Countries with their profile, agencies, their services and professionals.

use crate::{
    AgencyId, Day, ProfessionalId, ServiceId, Timestamp, Version,
    cases::Identity,
    codes::CodeList as _,
    deadlines::{Span, WorkingTime},
    rules::Verification,
    text::{Country, Language},
    vocabulary::{AgencyType, IdentificationModel, Role, ServiceCode, Sex, Urgency},
};
use serde::{Deserialize, Serialize};

/// A value of a national profile, with how well it has been checked and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checked<T> {
    /// The value.
    pub value: T,
    /// How well it has been checked.
    pub verification: Verification,
    /// Where it comes from.
    pub source: String,
}

/// What a country's law and practice set, valid from a day on: rules ask the profile of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// How victims are formally identified.
    pub identification_model: Checked<IdentificationModel>,
    /// The agency types that may presume a child a victim.
    pub may_presume: Checked<Vec<AgencyType>>,
    /// The agency types that must accept a referral within their mandate (R84).
    pub must_accept: Checked<Vec<AgencyType>>,
    /// The shortest recovery and reflection period, in days.
    pub reflection_period_days: Checked<u16>,
    /// Days until the child's view must be asked again where it could not be asked.
    pub view_again_within_days: Checked<u16>,
    /// Response times per urgency.
    pub response_times: Checked<Vec<ResponseTime>>,
    /// How fast a concern is looked at.
    pub triage: Checked<Triage>,
    /// How long after the end of a service the sender is told what came of it, at the latest.
    pub feedback_within: Checked<Span>,
    /// Instruments that bind the country, by short name.
    pub instruments: Checked<Vec<String>>,
    /// The country's main time zone, IANA name.
    pub time_zone: String,
}

/// How fast the two sides of a referral act, per urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResponseTime {
    /// The urgency.
    pub urgency: Urgency,
    /// The receiver acknowledges.
    pub acknowledge: Span,
    /// The receiver decides.
    pub decide: Span,
    /// The child is met.
    pub first_contact: Span,
    /// The sender answers a question of the receiver.
    pub information: Span,
    /// The sender finds other help after a refusal.
    pub next_step: Span,
    /// From the first rung of the ladder to the coordinator.
    pub escalate: Span,
    /// From the coordinator to the end of a referral that nobody answers.
    pub expire: Span,
}

/// How fast a concern is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Triage {
    /// Of a child in danger.
    pub danger: Span,
    /// Of any other child.
    pub otherwise: Span,
}

impl Profile {
    /// The times of an urgency.
    pub fn times(&self, urgency: Urgency) -> Option<&ResponseTime> {
        self.response_times.value.iter().find(|it| it.urgency == urgency)
    }
}

impl CountryEntry {
    /// The country's working days and time zone; none where no calendar is known.
    pub fn working_time(&self) -> Option<WorkingTime> {
        WorkingTime::of(self.code, &self.profile.time_zone)
    }
}

/// A country of this node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountryEntry {
    /// Its code.
    pub code: Country,
    /// Its English name.
    pub name: String,
    /// The day from which the profile is valid.
    pub valid_from: Day,
    /// The profile.
    pub profile: Profile,
}

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
