//! A concern: somebody noticed something about a child; no status yet.

use serde_json::json;

use super::Observation;
use crate::{
    AgencyId, Check, ConcernId, Decided, ProfessionalId, Refused, Timestamp, Version, Violation,
    access::Caller,
    events::{EventType, Fact, SubjectKind},
    rules,
    text::Country,
};

/// What is reported. Free text is sealed before it is stored.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewConcern {
    /// What was noticed.
    pub description: String,
    /// Where the child is or was seen.
    pub location: Option<String>,
    /// How to reach the reporter or the child.
    pub contact: Option<String>,
    /// What is known of the child: apparent age, nickname, appearance.
    pub child_hint: Option<String>,
    /// Whether the child is in danger now.
    pub danger: bool,
    /// Whether the reporter wishes to stay anonymous.
    pub anonymous: bool,
    /// When it was noticed, if known.
    pub noticed_at: Option<Timestamp>,
    /// Indicators that the reporter names.
    pub observations: Vec<Observation>,
}

/// A concern as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// Its id.
    pub id: ConcernId,
    /// The country in which it was received.
    pub country: Country,
    /// The agency that received it.
    pub agency: AgencyId,
    /// Who recorded it.
    pub professional: Option<ProfessionalId>,
    /// When it was received.
    pub received_at: Timestamp,
    /// By when somebody must have looked at it.
    pub triage_due: Timestamp,
    /// What was reported.
    pub content: NewConcern,
    /// Its version.
    pub version: Version,
}

impl Concern {
    /// Records a concern (I1, R4): a description and some way to find the child.
    pub fn receive(
        id: ConcernId,
        new: NewConcern,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        let mut check = Check::default();
        let findable = new.location.is_some() || new.contact.is_some() || new.child_hint.is_some();
        check.require(findable, || {
            Violation::of(&rules::R4, "", "no location, contact or hint to the child is given")
        });
        for it in super::unknown_indicators(&new.observations) {
            check.require(false, || it);
        }
        check.require(new.noticed_at.is_none_or(|it| it <= now), || {
            Violation::plain("in_the_future", "/noticedAt", "it cannot have been noticed in the future")
        });
        let warnings = check.done()?;
        let concern = Self {
            id,
            country: by.country,
            agency: by.agency,
            professional: by.professional,
            received_at: now,
            triage_due: now.plus(if new.danger { time::Duration::hours(2) } else { time::Duration::days(1) }),
            content: new,
            version: Version::FIRST,
        };
        let fact = Fact {
            event: EventType::ConcernReceived,
            subject: SubjectKind::Concern,
            subject_id: id.0,
            version: 1,
            case: None,
            audience: vec![by.agency],
            payload: json!({ "danger": concern.content.danger }),
        };
        Ok(Decided { value: concern, facts: vec![fact], warnings })
    }

    /// Only the agency that received a concern sees it; whoever screens it sees the screening.
    pub fn visible_to(&self, caller: &Caller) -> bool {
        self.agency == caller.agency && self.country == caller.country
    }
}
