//! What a country's law and practice set, with how well each value has been checked.

use serde::{Deserialize, Serialize};
use time::Duration;

use crate::{
    Day, Timestamp,
    rules::Verification,
    text::Country,
    vocabulary::{AgencyType, IdentificationModel, Urgency},
};

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
    /// Instruments that bind the country, by short name.
    pub instruments: Checked<Vec<String>>,
    /// The country's main time zone, IANA name.
    pub time_zone: String,
}

/// How fast a receiver answers, per urgency, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResponseTime {
    /// The urgency.
    pub urgency: Urgency,
    /// Minutes to acknowledge.
    pub acknowledge_minutes: u32,
    /// Minutes to decide.
    pub decide_minutes: u32,
    /// Minutes to the first contact with the child.
    pub first_contact_minutes: u32,
}

impl Profile {
    /// When the receiver of a referral that is sent now must have acknowledged, decided and met the child.
    pub fn due(&self, urgency: Urgency, sent: Timestamp) -> Option<Due> {
        let times = self.response_times.value.iter().find(|it| it.urgency == urgency)?;
        let after = |minutes: u32| sent.plus(Duration::minutes(i64::from(minutes)));
        Some(Due {
            acknowledge: after(times.acknowledge_minutes),
            decide: after(times.decide_minutes),
            first_contact: after(times.first_contact_minutes),
        })
    }
}

/// The instants by which a referral must be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Acknowledged by.
    pub acknowledge: Timestamp,
    /// Decided by.
    pub decide: Timestamp,
    /// First contact with the child by.
    pub first_contact: Timestamp,
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
