//! How surely the professional was recognised, and how long ago: some classes are shown to strong tokens only.

use super::Caller;
use crate::vocabulary::DataClass;

crate::codes! {
    /// How surely a person was recognised, by the levels of Regulation (EU) No 910/2014 Art. 8(2).
    pub enum AssuranceLevel = "assurance_level" {
        Low = "low": "Low: some confidence in who it is",
        Substantial = "substantial": "Substantial: a second factor was asked for",
        High = "high": "High: a device and a secret that cannot be copied",
    }
}

/// How long a recognition counts as fresh, in seconds.
pub const FRESH_SECONDS: u64 = 15 * 60;

/// How a professional was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assurance {
    /// How surely.
    pub level: AssuranceLevel,
    /// How many seconds ago; unknown counts as long ago.
    pub seconds_ago: Option<u64>,
}

impl Default for Assurance {
    fn default() -> Self {
        Self { level: AssuranceLevel::Low, seconds_ago: None }
    }
}

impl Assurance {
    /// Whether the person was recognised for sure, and just now.
    pub fn is_fresh_and_high(self) -> bool {
        self.level == AssuranceLevel::High && self.seconds_ago.is_some_and(|it| it <= FRESH_SECONDS)
    }
}

/// Whether a class is shown to strong tokens only: where the child is, therapy, recordings and intelligence.
pub fn needs_strong_token(class: DataClass) -> bool {
    matches!(
        class,
        DataClass::D2Whereabouts
            | DataClass::D8TherapyNotes
            | DataClass::D9InterviewRecordingLocator
            | DataClass::D10Intelligence
    )
}

/// What a token lacks for a class, if it lacks something: `case_bound_token` where it is good for other children as well,
/// `step_up` where its professional is to be recognised again.
pub(super) fn lacking(caller: &Caller, class: DataClass) -> Option<&'static str> {
    if !needs_strong_token(class) {
        None
    } else if caller.case.is_none() {
        Some("case_bound_token")
    } else if !caller.assurance.is_fresh_and_high() {
        Some("step_up")
    } else {
        None
    }
}
