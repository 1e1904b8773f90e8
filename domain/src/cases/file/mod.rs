//! Entries of the case file: contacts, movements, notes and documents share one shape. Every version of an entry is
//! kept, so that the file can be read as it was known at any instant.

mod contact;
mod document;
mod movement;
mod note;
mod participant;
mod restriction;

pub use contact::Contact;
pub use document::{Document, LARGEST_DOCUMENT, StoredContent};
pub use movement::{Leg, Movement};
pub use note::Note;
pub use participant::{ClassAccess, ClassGrant, EndedEarly, Participant, ParticipantStatus};
pub use restriction::{
    LiftStep, RestrictedParty, Restriction, RestrictionStatus, ShutOutTry, refuse_restricted,
    told_of_attempt, told_of_try,
};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::Case;
use crate::{
    AgencyId, CaseId, Check, Decided, EntryId, ProfessionalId, Refused, Timestamp, Version, Violation,
    access::Caller,
    deadlines::{Change, Duty, DutyKind, Outcome},
    directory::CountryEntry,
    events::{EventType, Fact, SubjectKind},
    rules,
    vocabulary::{AgencyType, DataClass, EntryKind, Role},
};

/// In what an entry is recorded.
#[derive(Clone, Copy, Debug)]
pub struct Filing<'a> {
    /// The case.
    pub case: &'a Case,
    /// The profile of its country, valid today.
    pub country: &'a CountryEntry,
    /// Who records.
    pub by: &'a Caller,
    /// When.
    pub now: Timestamp,
}

/// What an entry says, by its kind.
pub trait Content: Clone + Serialize + DeserializeOwned + Send + 'static {
    /// The kind.
    const KIND: EntryKind;

    /// The class of data that it belongs to: who reads and writes it follows from there.
    fn class(&self) -> DataClass;

    /// Refuses whoever may not record such a thing in this case, whatever it writes.
    fn may(&self, _: &Filing<'_>) -> Result<(), Refused> {
        Ok(())
    }

    /// Whether it has ended, so that nothing of it changes any more.
    fn over(&self, _: Timestamp) -> bool {
        false
    }

    /// What is told of a version.
    fn event(&self, _first: bool) -> EventType {
        Self::KIND.event()
    }

    /// Who is told: whoever leads or opened the case, and who wrote it.
    fn audience(&self, at: &Filing<'_>) -> Vec<AgencyId> {
        let mut all = at.case.audience();
        if !all.contains(&at.by.agency) {
            all.push(at.by.agency);
        }
        all
    }

    /// What is told beside: codes, ids and times only.
    fn payload(&self) -> Value {
        json!({})
    }

    /// What must hold of it.
    fn check(&self, check: &mut Check, at: &Filing<'_>);

    /// What is owed as long as it says so.
    fn owed(&self, _: Timestamp) -> Option<DutyKind> {
        None
    }

    /// The duty with its time limit.
    fn duty(&self, _: EntryId, _: &Filing<'_>) -> Option<Duty> {
        None
    }
}

/// One version of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<C> {
    /// The id of the entry.
    pub id: EntryId,
    /// Its case.
    pub case: CaseId,
    /// Which version it is.
    pub version: Version,
    /// When this version was recorded.
    pub recorded_at: Timestamp,
    /// The agency that recorded it.
    pub agency: AgencyId,
    /// Who recorded it.
    pub professional: Option<ProfessionalId>,
    /// What it says.
    pub content: C,
}

impl<C: Content> Entry<C> {
    /// Records a new entry.
    pub fn record(id: EntryId, content: C, at: &Filing<'_>) -> Result<Decided<Self>, Refused> {
        let opened = content.owed(at.now).and_then(|_| content.duty(id, at));
        let decided = Self::version(id, Version::FIRST, content, at)?;
        Ok(decided.with_deadlines(opened.into_iter().map(|it| Change::Opened(Box::new(it))).collect()))
    }

    /// Records what is known now in a new version; the versions before it stay.
    pub fn amend(&self, content: C, at: &Filing<'_>) -> Result<Decided<Self>, Refused> {
        if self.content.over(at.now) {
            return Err(Refused::wrong_state("it is over, and stays in the history as it is"));
        }
        let (before, after) = (self.content.owed(at.now), content.owed(at.now));
        let change = match (before, after) {
            (Some(kind), None) => {
                Some(Change::Closed { subject_id: self.id.0, kind, outcome: Outcome::Fulfilled })
            }
            (None, Some(_)) => content.duty(self.id, at).map(|it| Change::Opened(Box::new(it))),
            _ => None,
        };
        let decided = Self::version(self.id, self.version.next(), content, at)?;
        Ok(decided.with_deadlines(change.into_iter().collect()))
    }

    fn version(id: EntryId, version: Version, content: C, at: &Filing<'_>) -> Result<Decided<Self>, Refused> {
        content.may(at)?;
        at.case.live()?;
        let mut check = Check::default();
        content.check(&mut check, at);
        let warnings = check.done()?;
        let fact = Fact {
            event: content.event(version == Version::FIRST),
            subject: C::KIND.subject(),
            subject_id: id.0,
            version: version.0,
            case: Some(at.case.id),
            audience: content.audience(at),
            payload: content.payload(),
        };
        let value = Self {
            id,
            case: at.case.id,
            version,
            recorded_at: at.now,
            agency: at.by.agency,
            professional: at.by.professional,
            content,
        };
        Ok(Decided::new(value, vec![fact], warnings))
    }
}

impl EntryKind {
    /// What is told of a new version.
    pub fn event(self) -> EventType {
        match self {
            Self::Contact => EventType::ContactRecorded,
            Self::Movement => EventType::MovementRecorded,
            Self::Note => EventType::NoteRecorded,
            Self::Document => EventType::DocumentRecorded,
            Self::Participant => EventType::ParticipantChanged,
            Self::Restriction => EventType::RestrictionRecorded,
        }
    }

    /// What that is about.
    pub fn subject(self) -> SubjectKind {
        match self {
            Self::Contact => SubjectKind::Contact,
            Self::Movement => SubjectKind::Movement,
            Self::Note => SubjectKind::Note,
            Self::Document => SubjectKind::Document,
            Self::Participant => SubjectKind::Participant,
            Self::Restriction => SubjectKind::Restriction,
        }
    }
}

impl Filing<'_> {
    /// Refuses whoever does not lead: the need to know is decided by those who answer for the case.
    pub fn by_the_lead(&self, because: &'static str) -> Result<(), Refused> {
        let leads = self.by.agency == self.case.lead && self.by.country == self.case.country;
        let decides = matches!(self.by.role, Some(Role::CaseManager | Role::Supervisor));
        if leads && decides { Ok(()) } else { Err(Refused::not_yours(because)) }
    }
}

/// An organisation outside of the authorities records no offences of a named person (R88).
fn check_offence(check: &mut Check, pointer: &'static str, says_so: bool, at: &Filing<'_>) {
    let outside =
        matches!(at.by.agency_type, AgencyType::NgoMandated | AgencyType::NgoSupport | AgencyType::Shelter);
    check.require(!(says_so && outside), || {
        Violation::of(&rules::R88, pointer, "the profile does not authorise the organisation to record it")
    });
}

/// The classes that notes and documents can have: what later rooms keep apart is not written here.
pub const FILED: &[DataClass] = &[
    DataClass::D1Identity,
    DataClass::D3FamilyContacts,
    DataClass::D4ExploitationNarrative,
    DataClass::D6IdentificationDecision,
    DataClass::D7Health,
    DataClass::D11AllegedOffenders,
    DataClass::D12Migration,
    DataClass::D13BestInterestsViews,
    DataClass::D14RiskSafety,
];

/// Therapy notes, recordings, intelligence, whereabouts and metadata have places of their own.
fn check_class(check: &mut Check, class: DataClass, at: &Filing<'_>) {
    check.require(FILED.contains(&class), || {
        Violation::plain(
            "class_kept_elsewhere",
            "/category",
            "data of this class is not kept in such an entry",
        )
    });
    check_offence(check, "/category", class == DataClass::D11AllegedOffenders, at);
}
