//! What a country's law and practice set, with how well each value has been checked.

use serde::{Deserialize, Serialize};

use crate::{
    Day, Timestamp,
    deadlines::{Span, WorkingTime},
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
    /// The agency types that may decide formally on identification (R11); none where there is no formal status.
    pub may_decide: Checked<Vec<AgencyType>>,
    /// The agency types that may confirm a negative decision of another agency (R15).
    pub second_decider: Checked<Vec<AgencyType>>,
    /// How long a negative decision can be appealed (R16).
    pub appeal_within: Checked<Span>,
    /// How long the decision that a person is an adult can be appealed (R7).
    pub age_appeal_within: Checked<Span>,
    /// Whether the notice of a competent authority of another country presumes the child a victim (R17).
    pub foreign_notice_presumes: Checked<bool>,
    /// Whether identification decisions and age assessments of another country are recognised.
    pub recognises_foreign_decisions: Checked<bool>,
    /// Whether a child may be placed here with a close relative other than a parent without this country's consent
    /// (R54, Regulation (EU) 2019/1111 Art. 82(3)).
    pub placement_exempt_relatives: Checked<bool>,
    /// By when the entitlements that a presumption opens are given (R8).
    pub entitlement_times: Checked<EntitlementTimes>,
    /// How long a formal decision takes.
    pub formal_decision: Checked<DecisionTimes>,
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

/// By when the entitlements that a presumption opens are given, counted from the presumption.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EntitlementTimes {
    /// Whether a guardian is needed is checked, and a provisional one named (R31, R32).
    pub guardian_check: Span,
    /// The safety plan is made.
    pub safety_plan: Span,
    /// The recovery and reflection period is offered.
    pub reflection_offer: Span,
    /// The child is informed in a language that it understands (R26).
    pub information: Span,
    /// The child has access to school (R69).
    pub education: Span,
}

/// How long a formal decision takes, from the opening of the assessment or review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DecisionTimes {
    /// The target.
    pub target: Span,
    /// When the first person is told that it is late.
    pub warn: Span,
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
    /// Whether the country knows a formal status of victim at all.
    pub fn has_formal_status(&self) -> bool {
        self.identification_model.value != IdentificationModel::NoSingleStatus
    }

    /// The times of an urgency.
    pub fn times(&self, urgency: Urgency) -> Option<&ResponseTime> {
        self.response_times.value.iter().find(|it| it.urgency == urgency)
    }
}

impl CountryEntry {
    /// The day that an instant belongs to there; in UTC where no calendar is known.
    pub fn day_of(&self, at: Timestamp) -> time::Date {
        self.working_time().map_or_else(|| at.date(), |it| it.day_of(at))
    }

    /// The local day around an instant: its first instant, and the first after it.
    pub fn day_around(&self, at: Timestamp) -> std::ops::Range<Timestamp> {
        let day = self.day_of(at);
        let end_of = |day: Option<time::Date>| match (day, self.working_time()) {
            (Some(day), Some(it)) => it.end_of(day),
            (Some(day), None) => Timestamp::new(day.midnight().assume_utc()).plus(time::Duration::DAY),
            (None, _) => at,
        };
        end_of(day.previous_day())..end_of(Some(day))
    }

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
