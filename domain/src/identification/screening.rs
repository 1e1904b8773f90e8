//! A screening: indicators observed, the rule's advice, a professional's judgement beside it.

use serde_json::json;

use super::{
    Observation,
    assessment::{Assessment, Circumstances, assess},
};
use crate::{
    AgencyId, Check, ConcernId, Decided, ProfessionalId, Refused, ScreeningId, Timestamp, Version, Violation,
    access::Caller,
    events::{EventType, Fact, SubjectKind},
    rules,
    text::Country,
    vocabulary::Act,
};

/// What was observed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewScreening {
    /// The concern that led to it, if any.
    pub concern: Option<ConcernId>,
    /// The indicators.
    pub observations: Vec<Observation>,
    /// Acts that are known.
    pub acts: Vec<Act>,
    /// Whether a person controls the child.
    pub controlling_person: bool,
    /// A professional's own reasons for reasonable grounds.
    pub judgement: Option<String>,
    /// How long the talk with the child took, in minutes.
    pub talk_minutes: Option<u16>,
    /// Notes; sealed before they are stored.
    pub notes: Option<String>,
}

/// A screening as recorded; it never changes, a new look is a new screening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screening {
    /// Its id.
    pub id: ScreeningId,
    /// The country.
    pub country: Country,
    /// The agency that screened.
    pub agency: AgencyId,
    /// Who screened.
    pub professional: Option<ProfessionalId>,
    /// When.
    pub screened_at: Timestamp,
    /// What was observed.
    pub content: NewScreening,
    /// What it comes to.
    pub assessment: Assessment,
    /// Its version.
    pub version: Version,
}

impl Screening {
    /// Records a screening and applies the rule (I2, R21, R22).
    pub fn record(
        id: ScreeningId,
        new: NewScreening,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        let mut check = Check::default();
        for it in super::unknown_indicators(&new.observations) {
            check.require(false, || it);
        }
        check.require(!new.observations.is_empty() || new.judgement.is_some(), || {
            Violation::plain(
                "nothing_observed",
                "/observations",
                "neither an indicator nor a reasoned judgement is given",
            )
        });
        check.advise(new.talk_minutes.is_none_or(|it| it <= 30), || {
            Violation::of(&rules::R22, "/talkMinutes", "the talk took longer than 30 minutes")
        });
        let around = Circumstances {
            acts: new.acts.clone(),
            controlling_person: new.controlling_person,
            professional_judgement: new.judgement.is_some(),
        };
        let assessment = assess(&new.observations, &around);
        check.advise(assessment.suspected_only.is_empty(), || {
            Violation::of(
                &rules::R21,
                "/observations",
                "indicators that are only suspected are stored and not counted",
            )
        });
        let warnings = check.done()?;
        let fact = Fact {
            event: EventType::ScreeningRecorded,
            subject: SubjectKind::Screening,
            subject_id: id.0,
            version: 1,
            case: None,
            audience: vec![by.agency],
            payload: json!({ "result": assessment.result, "catalogueVersion": assessment.catalogue_version }),
        };
        let screening = Self {
            id,
            country: by.country,
            agency: by.agency,
            professional: by.professional,
            screened_at: now,
            content: new,
            assessment,
            version: Version::FIRST,
        };
        Ok(Decided { value: screening, facts: vec![fact], warnings })
    }

    /// Only the agency that screened sees a screening itself; a case made from it shows its result.
    pub fn visible_to(&self, caller: &Caller) -> bool {
        self.agency == caller.agency && self.country == caller.country
    }
}
