//! Who is never to know of a case: agencies, professionals, or people around the child (Regulation (EU) 2019/1111 Art. 89).
//! To a restricted agency or professional the case does not exist, whatever relation it has. Two people lift it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Content, Filing};
use crate::{
    AgencyId, Check, EntryId, ProfessionalId, Refused, Timestamp, Violation,
    access::Caller,
    cases::Case,
    events::{EventType, Fact, SubjectKind},
    rules,
    vocabulary::{DataClass, EntryKind},
};

/// Who.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestrictedParty {
    /// An agency with everybody in it.
    Agency(AgencyId),
    /// One professional.
    Professional(ProfessionalId),
    /// A contact of the child, who has no account.
    Contact(EntryId),
}

crate::codes! {
    /// How a restriction stands.
    pub enum RestrictionStatus = "restriction_status" {
        Active = "active": "It stands",
        LiftRequested = "lift_requested": "It stands until a second person agrees that it is lifted",
        Lifted = "lifted": "It was lifted",
    }
}

/// One step of lifting it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiftStep {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub professional: Option<ProfessionalId>,
    /// Why, in words; of whoever asked.
    pub reason: Option<String>,
}

impl LiftStep {
    /// A step that somebody takes now.
    pub fn by(caller: &Caller, now: Timestamp, reason: Option<String>) -> Self {
        Self { at: now, professional: caller.professional, reason }
    }
}

/// Somebody who is never to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restriction {
    /// Who.
    pub party: RestrictedParty,
    /// Since when.
    pub since: Timestamp,
    /// Why, in words.
    pub reason: String,
    /// Who asked to lift it.
    pub lift_requested: Option<LiftStep>,
    /// Who agreed.
    pub lifted: Option<LiftStep>,
}

/// Nobody brings in whoever is never to know (R91).
pub fn refuse_restricted(restricted: bool, pointer: &'static str) -> Result<(), Refused> {
    let mut check = Check::default();
    check.require(!restricted, || {
        Violation::of(&rules::R91, pointer, "this party is never to know of the case")
    });
    check.done().map(|_| ())
}

/// What the lead is told when somebody wanted to bring in such a party.
pub fn told_of_attempt(case: &Case, party: AgencyId) -> Fact {
    Fact {
        event: EventType::RestrictedPartyRefused,
        subject: SubjectKind::Case,
        subject_id: case.id.0,
        version: case.version.0,
        case: Some(case.id),
        audience: vec![case.lead],
        payload: json!({ "agencyId": party }),
    }
}

/// Somebody who is never to know of a case, and asked for it or for something of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShutOutTry {
    /// The entry by which it is shut out.
    pub restriction: EntryId,
    /// The agency that asked.
    pub agency: AgencyId,
    /// The professional; none where a system asked by itself.
    pub professional: Option<ProfessionalId>,
    /// When.
    pub at: Timestamp,
}

/// What is told of such a try (R91): to the agency that leads. Where it was one of its own people, `oversight` hears of it as
/// well, because whoever would look after it there may be the one. Never to an agency that is shut out.
pub fn told_of_try(case: &Case, it: &ShutOutTry, oversight: Option<AgencyId>) -> Fact {
    let own = it.agency == case.lead;
    let beside = oversight.filter(|other| own && *other != case.lead);
    Fact {
        event: EventType::ShutOutTried,
        subject: SubjectKind::Case,
        subject_id: case.id.0,
        version: case.version.0,
        case: Some(case.id),
        audience: [Some(case.lead), beside].into_iter().flatten().collect(),
        payload: json!({
            "restrictionId": it.restriction, "agencyId": it.agency, "professionalId": it.professional,
            "at": it.at, "day": it.at.raw().to_offset(time::UtcOffset::UTC).date().to_string(),
        }),
    }
}

impl Restriction {
    /// How it stands.
    pub fn status(&self) -> RestrictionStatus {
        match (&self.lift_requested, &self.lifted) {
            (_, Some(_)) => RestrictionStatus::Lifted,
            (Some(_), None) => RestrictionStatus::LiftRequested,
            (None, None) => RestrictionStatus::Active,
        }
    }

    /// Refuses a second step by whoever took the first, and one without a first.
    pub fn may_confirm(&self, by: &Caller) -> Result<(), Refused> {
        match &self.lift_requested {
            None => Err(Refused::wrong_state("nobody has asked to lift it")),
            Some(it) if it.professional == by.professional => {
                Err(Refused::not_yours("a second person agrees that it is lifted"))
            }
            Some(_) => Ok(()),
        }
    }
}

impl Content for Restriction {
    const KIND: EntryKind = EntryKind::Restriction;

    fn class(&self) -> DataClass {
        DataClass::D14RiskSafety
    }

    fn may(&self, at: &Filing<'_>) -> Result<(), Refused> {
        at.by_the_lead("only a case manager or supervisor of the agency that leads says who is never to know")
    }

    fn over(&self, _: Timestamp) -> bool {
        self.status() == RestrictionStatus::Lifted
    }

    fn check(&self, check: &mut Check, at: &Filing<'_>) {
        let lead = self.party == RestrictedParty::Agency(at.case.lead) || self.is_of(at.by);
        check.require(!lead, || {
            let because = "the agency leads the case, or it is you: hand the case over first";
            Violation::plain("restricts_the_lead", "/party", because)
        });
    }

    fn event(&self, _: bool) -> EventType {
        match self.status() {
            RestrictionStatus::Active => EventType::RestrictionRecorded,
            RestrictionStatus::LiftRequested => EventType::RestrictionLiftRequested,
            RestrictionStatus::Lifted => EventType::RestrictionLifted,
        }
    }

    fn audience(&self, at: &Filing<'_>) -> Vec<AgencyId> {
        vec![at.case.lead]
    }

    fn payload(&self) -> Value {
        json!({ "status": self.status() })
    }
}

impl Restriction {
    /// Whoever shut itself out could not take it back.
    fn is_of(&self, by: &Caller) -> bool {
        matches!(self.party, RestrictedParty::Professional(it) if by.professional == Some(it))
    }
}
