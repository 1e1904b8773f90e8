//! Taking a case in from a screening.

use serde_json::json;

use super::{Case, ChildRecord, ExternalId, Identity, Whereabouts};
use crate::{
    AgencyId, CaseId, Check, ChildId, Decided, Reference, Refused, Timestamp, TransnationalRequestId,
    Version,
    access::Caller,
    deadlines::Change,
    directory::CountryEntry,
    events::{EventType, Fact, SubjectKind},
    identification::{Identification, Screening},
    vocabulary::{CaseStatus, IdentificationStatus},
};

/// What is needed to take a case in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCase {
    /// The id of the case.
    pub id: CaseId,
    /// Its reference.
    pub reference: Reference,
    /// The id of the child.
    pub child: ChildId,
    /// Who the child is.
    pub identity: Identity,
    /// Where the child is.
    pub whereabouts: Whereabouts,
    /// Numbers of the calling system.
    pub external_ids: Vec<ExternalId>,
    /// The child-protection agency of the place, which leads until handed over.
    pub lead: AgencyId,
}

impl Case {
    /// Takes a case in from a screening of the caller's own agency. Whoever meets the child may do it. A strong and direct
    /// indicator must be acted on within a day (R20).
    pub fn take_in(
        new: NewCase,
        (screening, country): (&Screening, &CountryEntry),
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<(Self, ChildRecord)>, Refused> {
        let mut check = Check::default();
        new.identity.check(&mut check, "/child/birthDate", now);
        new.whereabouts.check(&mut check, &new.identity, "/whereabouts", now);
        let warnings = check.done()?;
        let case = Self {
            id: new.id,
            reference: new.reference,
            country: by.country,
            child: new.child,
            screening: Some(screening.id),
            lead: new.lead,
            opened_by: by.agency,
            status: CaseStatus::Intake,
            identification: Identification {
                strong_indicator: !screening.assessment.strong_direct.is_empty(),
                ..Identification::begun(IdentificationStatus::Screening, now)
            },
            external_ids: new.external_ids,
            opened_at: now,
            version: Version::FIRST,
        };
        let child = ChildRecord {
            id: new.child,
            identity: new.identity,
            identity_version: Version::FIRST,
            whereabouts: new.whereabouts,
            whereabouts_version: Version::FIRST,
        };
        let fact = Fact {
            event: EventType::CaseIntake,
            subject: SubjectKind::Case,
            subject_id: case.id.0,
            version: 1,
            case: Some(case.id),
            audience: case.audience(),
            payload: json!({ "screeningId": screening.id, "leadAgencyId": case.lead }),
        };
        // The day runs from the screening, whoever takes the case in and when.
        let opened = case.duty_to_act(country, screening.screened_at).map(|it| Change::Opened(Box::new(it)));
        let changes = screening.acted_on().into_iter().chain(opened).collect();
        Ok(Decided::new((case, child), vec![fact], warnings).with_deadlines(changes))
    }

    /// Opens a case from what another country sent with a request: whoever received it takes the child in, and the
    /// child-protection agency leads. Nobody has screened here, so that the identification begins from the beginning;
    /// but where the notice itself presumes the child a victim (R17), the child is under the block of removal at once and
    /// somebody acts on the notice within a day, as on a strong indicator (R20).
    pub fn open_from_abroad(
        new: NewCase,
        (request, presumes, country): (TransnationalRequestId, bool, &CountryEntry),
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<(Self, ChildRecord)>, Refused> {
        let mut check = Check::default();
        new.identity.check(&mut check, "/identity/birthDate", now);
        let warnings = check.done()?;
        let begins =
            if presumes { IdentificationStatus::Screening } else { IdentificationStatus::ConcernLogged };
        let case = Self {
            id: new.id,
            reference: new.reference,
            country: by.country,
            child: new.child,
            screening: None,
            lead: new.lead,
            opened_by: by.agency,
            status: CaseStatus::Intake,
            identification: Identification {
                strong_indicator: presumes,
                ..Identification::begun(begins, now)
            },
            external_ids: new.external_ids,
            opened_at: now,
            version: Version::FIRST,
        };
        let child = ChildRecord {
            id: new.child,
            identity: new.identity,
            identity_version: Version::FIRST,
            whereabouts: new.whereabouts,
            whereabouts_version: Version::FIRST,
        };
        let fact = Fact {
            event: EventType::CaseIntake,
            subject: SubjectKind::Case,
            subject_id: case.id.0,
            version: 1,
            case: Some(case.id),
            audience: case.audience(),
            payload: json!({ "transnationalRequestId": request, "leadAgencyId": case.lead }),
        };
        let opened = case.duty_to_act(country, now).map(|it| Change::Opened(Box::new(it)));
        Ok(Decided::new((case, child), vec![fact], warnings).with_deadlines(opened.into_iter().collect()))
    }
}
