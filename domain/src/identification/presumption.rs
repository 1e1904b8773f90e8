//! The presumption: reasonable grounds to believe that a child is a victim open every entitlement at once.

use serde_json::json;

use super::assessment::{Assessment, ScreeningResult};
use crate::{
    Check, Decided, Refused, Timestamp, Violation,
    access::Caller,
    cases::Case,
    codes::CodeList as _,
    directory::Profile,
    events::{EventType, Fact, SubjectKind},
    rules,
    vocabulary::{CaseStatus, IdentificationStatus},
};

crate::codes! {
    /// On what a presumption rests.
    pub enum Grounds = "presumption_grounds" {
        Screening = "screening": "The screening shows reasonable grounds",
        StrongIndicator = "strong_indicator": "A strong and direct indicator is confirmed or reported",
        ProfessionalJudgement = "professional_judgement": "Reasoned professional judgement",
    }
}

/// The identification of a child, as part of its case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identification {
    /// Its status.
    pub status: IdentificationStatus,
    /// When the status was reached.
    pub since: Timestamp,
    /// On what the presumption rests, once presumed.
    pub grounds: Option<Grounds>,
}

/// The wish to presume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presume {
    /// On what it rests.
    pub grounds: Grounds,
    /// The reasons, in words; required beside professional judgement.
    pub reasons: Option<String>,
}

impl Case {
    /// Presumes the child a victim and opens the case (I4, R8): low threshold, in one act.
    pub fn presume(
        &self,
        act: &Presume,
        screening: Option<&Assessment>,
        profile: &Profile,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        if !profile.may_presume.value.contains(&by.agency_type) {
            return Err(Refused::NotYours(vec![Violation::of(
                &rules::R11,
                "",
                "the national profile does not let this type of agency presume",
            )]));
        }
        let from = self.identification.status;
        let presumable = [
            IdentificationStatus::ConcernLogged,
            IdentificationStatus::Screening,
            IdentificationStatus::NoGrounds,
        ];
        if !presumable.contains(&from) {
            return Err(Refused::wrong_state(format!("identification is {from}")));
        }
        let mut check = Check::default();
        let shown = match act.grounds {
            Grounds::Screening => screening.is_some_and(|it| it.result == ScreeningResult::ReasonableGrounds),
            Grounds::StrongIndicator => screening.is_some_and(|it| !it.strong_direct.is_empty()),
            Grounds::ProfessionalJudgement => act.reasons.is_some(),
        };
        check.require(shown, || match act.grounds {
            Grounds::ProfessionalJudgement => {
                Violation::of(&rules::R13, "/reasons", "professional judgement is given without its reasons")
            }
            other => Violation::of(
                &rules::R20,
                "/grounds",
                format!("the screening does not show it: {}", other.label().to_lowercase()),
            ),
        });
        let warnings = check.done()?;
        let version = self.version.next();
        let value = Self {
            status: CaseStatus::Open,
            identification: Identification {
                status: IdentificationStatus::PresumedVictim,
                since: now,
                grounds: Some(act.grounds),
            },
            presumption_reasons: act.reasons.clone(),
            version,
            ..self.clone()
        };
        let fact = |event, payload| Fact {
            event,
            subject: SubjectKind::Case,
            subject_id: self.id.0,
            version: version.0,
            case: Some(self.id),
            audience: value.audience(),
            payload,
        };
        let presumed =
            fact(EventType::IdentificationPresumed, json!({ "from": from, "grounds": act.grounds }));
        let mut facts = vec![presumed];
        if self.status == CaseStatus::Intake {
            facts.push(fact(EventType::CaseOpened, json!({ "from": self.status })));
        }
        Ok(Decided { value, facts, warnings })
    }
}
