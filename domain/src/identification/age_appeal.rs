//! An appeal against the decision that a person is an adult: the safeguards of a child last until it is decided (R7).
//!
//! What the appeal comes to is a further assessment.

use serde::{Deserialize, Serialize};

use super::{AgeAssessment, Brought, age::aged};
use crate::{
    Check, Day, Decided, Refused, Timestamp, Violation,
    cases::{Case, ChildRecord},
    directory::CountryEntry,
    events::EventType,
    rules,
};

/// An appeal, as it was lodged with whoever decides on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgeAppeal {
    /// Who brings it.
    pub brought_by: Brought,
    /// The day on which it was lodged.
    pub lodged_on: Day,
    /// What it says, in words.
    pub reasons: String,
}

/// An appeal as it is kept with the assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LodgedAgeAppeal {
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// What was recorded.
    pub content: AgeAppeal,
}

impl AgeAssessment {
    /// Records an appeal against the decision that the person is an adult. It may become known after the time of appeal,
    /// if it was lodged in time.
    pub fn appeal(
        &self,
        act: AgeAppeal,
        (case, child): (&Case, &ChildRecord),
        country: &CountryEntry,
        now: Timestamp,
    ) -> Result<Decided<(Self, ChildRecord)>, Refused> {
        case.live()?;
        let Some(until) = self.appeal_until else {
            return Err(Refused::wrong_state("it does not say that the person is an adult"));
        };
        if self.appeal.is_some() {
            return Err(Refused::wrong_state("it was appealed already"));
        }
        let last = child.identity.assessed.filter(|it| it.appeal_until == self.appeal_until);
        let Some(mut assessed) = last.filter(|it| it.conclusion == self.conclusion) else {
            return Err(Refused::wrong_state("the age was assessed anew since"));
        };
        let mut check = Check::default();
        // The limit is the midnight after the last day.
        let last_day = country.day_of(until.plus(time::Duration::microseconds(-1)));
        check.require(act.lodged_on.0 <= last_day, || {
            let because = "the time of appeal was over; new facts allow another assessment at any time";
            Violation::of(&rules::R7, "/lodgedOn", because)
        });
        check.require(act.lodged_on >= self.content.assessed_on, || {
            Violation::plain("before_the_decision", "/lodgedOn", "it was lodged before the age was assessed")
        });
        check.require(act.lodged_on.0 <= country.day_of(now), || {
            Violation::plain("in_the_future", "/lodgedOn", "it is not lodged yet")
        });
        let warnings = check.done()?;
        assessed.appealed = true;
        let mut child = child.clone();
        child.identity.assessed = Some(assessed);
        child.identity_version = child.identity_version.next();
        let facts = aged(EventType::AgeAppealed, (self.id, 2), case, &child);
        let appeal = Some(LodgedAgeAppeal { recorded_at: now, content: act });
        Ok(Decided::new((Self { appeal, ..self.clone() }, child), facts, warnings))
    }
}
