//! From the first concern to the presumption: what was noticed, which indicators were seen, what follows.

pub mod assessment;
mod concern;
pub mod indicators;
mod presumption;
mod screening;

pub use concern::{Concern, NewConcern};
pub use presumption::{Grounds, Identification, Presume};
pub use screening::{NewScreening, Screening};

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
