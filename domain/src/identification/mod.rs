//! From the first concern to the formal decision: what was noticed, which indicators were seen, what follows, who
//! decides, and how old the person is.

mod actions;
mod age;
mod age_appeal;
pub mod assessment;
mod concern;
mod decisions;
mod entitlements;
mod findings;
pub mod indicators;
mod presumption;
mod protection;
mod record;
mod review;
mod screening;
mod set_aside;
#[cfg(test)]
mod tests;
mod transitions;

pub use actions::BlockedAct;
pub use age::{
    AgeAssessment, AgeConclusion, AgeMethod, AgeRange, AssessedAge, Assessor, AssessorField, MAJORITY,
    NewAgeAssessment,
};
pub use age_appeal::{AgeAppeal, LodgedAgeAppeal};
pub use concern::{Concern, NewConcern};
pub use decisions::{
    Decide, NegativeGround, NoGrounds, NoGroundsBasis, ProposeNegative, ProtectionNeed, SecondOpinion,
};
pub use entitlements::{Entitlement, Given};
pub use findings::{Finding, Findings, Foreign, Informed};
pub use presumption::{Grounds, Presume};
pub use record::{Entry, Identification, Identified, RemovalBlock, Setting, Written};
pub use review::{Appeal, Brought, CloseWithoutStatus, DeclineStatus, NoStatusReason, ReviewKind};
pub use screening::{NewScreening, Screening};
pub use set_aside::{SetAside, SetAsideReason};
pub use transitions::{Condition, Doer, IdentificationAct, STEPS, Step};

use serde::{Deserialize, Serialize};

crate::codes! {
    /// How sure an observer is of an indicator.
    pub enum Certainty = "certainty" {
        Confirmed = "confirmed": "Confirmed: seen or documented",
        Reported = "reported": "Reported by the child or another person",
        Suspected = "suspected": "Suspected: stored and shown, never counted",
    }
}

/// One indicator as it was observed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Observation {
    /// The indicator's code.
    pub indicator: String,
    /// How sure the observer is.
    pub certainty: Certainty,
}

/// The observations that name no indicator of the catalogue, by place in the list.
fn unknown_indicators(observations: &[Observation]) -> impl Iterator<Item = crate::Violation> {
    let unknown = |it: &Observation| indicators::Indicator::find(&it.indicator).is_none();
    observations.iter().enumerate().filter(move |(_, it)| unknown(it)).map(|(n, _)| {
        let because = "an observation names no indicator of the catalogue";
        crate::Violation::plain("unknown_indicator", "/indicator", because)
            .within(&format!("/observations/{n}"))
    })
}
