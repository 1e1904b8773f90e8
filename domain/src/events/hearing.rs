//! Who of an agency that a fact is told to hears of it: a fact about a section of a case is for those who read that section.

use super::EventType;
use crate::{
    CodeList as _,
    access::{Caller, Depth, Relation, reach_of_class},
    cases::{Knowable, data_request},
    vocabulary::{DataClass, LinkConfidentiality, Role},
};

/// Whom of its audience a fact is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// Everybody: that it happened is shown to whoever takes part, or is the agency's own.
    All,
    /// Whoever sees a summary of the class.
    Summary(DataClass),
    /// Whoever sees a summary of the class, of the first version; of later ones whoever sees the whole of it, because a summary
    /// may show nothing of what changed.
    Changes(DataClass),
    /// Whoever sees the whole of the class: who sees a summary is not to learn that what it does not show has changed.
    Whole(DataClass),
    /// Whoever sees the whole of the class that the payload names as `category`.
    Entry,
    /// Whoever may know of the link, by the confidentiality that the payload names.
    Link,
    /// Whoever keeps the requests for the data of a child for the lead, and the data protection officer.
    DataRequest,
    /// Whoever reads who is never to know of a case, and the data protection officer; where it was somebody of the own
    /// agency, of that agency its supervisors alone.
    ShutOut,
}

impl EventType {
    /// Whom it is for.
    pub fn telling(self) -> Telling {
        use DataClass as D;
        use Telling as T;
        match self {
            Self::ChildRecorded
            | Self::CaseMatchSuggested
            | Self::CaseMatchConfirmed
            | Self::CaseMatchRejected => T::Whole(D::D1Identity),
            Self::WhereaboutsRecorded => T::Whole(D::D2Whereabouts),
            Self::AgeAssessed | Self::AgeAppealed => T::Summary(D::D1Identity),
            Self::ContactRecorded => T::Changes(D::D3FamilyContacts),
            Self::MovementRecorded => T::Changes(D::D4ExploitationNarrative),
            Self::EpisodeRecorded => T::Summary(D::D4ExploitationNarrative),
            Self::NoteRecorded | Self::DocumentRecorded | Self::DocumentStored => T::Entry,
            Self::RestrictionRecorded
            | Self::RestrictionLiftRequested
            | Self::RestrictionLifted
            | Self::RestrictedPartyRefused => T::Whole(D::D14RiskSafety),
            Self::ShutOutTried => T::ShutOut,
            Self::CaseLinked | Self::CaseUnlinked => T::Link,
            Self::DataRequestRecorded | Self::DataRequestReviewed | Self::DataRequestAnswered => {
                T::DataRequest
            }
            Self::IdentificationPresumed
            | Self::IdentificationNoGrounds
            | Self::IdentificationAssessmentOpened
            | Self::IdentificationIdentified
            | Self::IdentificationNegativeProposed
            | Self::IdentificationNegativeReturned
            | Self::IdentificationNegativeDecided
            | Self::IdentificationReviewOpened
            | Self::IdentificationStatusDeclined
            | Self::IdentificationClosedNoStatus
            | Self::IdentificationForeignRecognised
            | Self::IdentificationTurned18
            | Self::EntitlementOpened
            | Self::EntitlementRecorded => T::Summary(D::D6IdentificationDecision),
            _ => T::All,
        }
    }
}

/// What no system hears without a professional, whatever its agency reads.
const NEVER_UNATTENDED: [DataClass; 5] = [
    DataClass::D2Whereabouts,
    DataClass::D8TherapyNotes,
    DataClass::D9InterviewRecordingLocator,
    DataClass::D10Intelligence,
    DataClass::D11AllegedOffenders,
];

/// What a caller does not hear of the facts that its agency is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hearing {
    /// Nothing of these.
    pub never: Vec<EventType>,
    /// Of these the first version only.
    pub first: Vec<EventType>,
    /// Of notes and documents those of these classes.
    pub categories: Vec<DataClass>,
    /// Of links those of this confidentiality, whoever made them.
    pub links: Vec<LinkConfidentiality>,
    /// Of links those of this confidentiality, where the own agency made them.
    pub own_links: Vec<LinkConfidentiality>,
    /// Whether that somebody of the own agency, who is never to know of a case, asked for it.
    pub own_shut_out: bool,
}

impl Hearing {
    /// What a caller hears who stands so to a case. A system without a professional hears what some role of its agency would,
    /// less what is shown to people only.
    pub fn of(caller: &Caller, relation: &Relation, roles: &[Role]) -> Self {
        let people: Vec<Caller> = match caller.role {
            Some(_) => vec![caller.clone()],
            None => roles.iter().map(|role| Caller { role: Some(*role), ..caller.clone() }).collect(),
        };
        let alone = caller.role.is_none();
        let depth = |class: DataClass| {
            let all = people.iter().map(|it| reach_of_class(it, relation, class)).max();
            all.filter(|_| !(alone && NEVER_UNATTENDED.contains(&class))).unwrap_or(Depth::None)
        };
        let oversees = people.iter().any(data_request::oversees);
        let asked = oversees || people.iter().any(data_request::keeps);
        let (mut never, mut first) = (Vec::new(), Vec::new());
        for event in EventType::ALL.iter().copied() {
            match event.telling() {
                Telling::All | Telling::Entry | Telling::Link => {}
                Telling::Summary(class) if depth(class) < Depth::Summary => never.push(event),
                Telling::Changes(class) if depth(class) < Depth::Summary => never.push(event),
                Telling::Changes(class) if depth(class) < Depth::Full => first.push(event),
                Telling::Whole(class) if depth(class) < Depth::Full => never.push(event),
                Telling::DataRequest if !asked => never.push(event),
                Telling::ShutOut if depth(DataClass::D14RiskSafety) < Depth::Full && !oversees => {
                    never.push(event);
                }
                Telling::Summary(_)
                | Telling::Changes(_)
                | Telling::Whole(_)
                | Telling::DataRequest
                | Telling::ShutOut => {}
            }
        }
        let categories = DataClass::ALL.iter().copied().filter(|it| depth(*it) == Depth::Full).collect();
        let known = Knowable::by_depth(
            depth(DataClass::D3FamilyContacts),
            depth(DataClass::D10Intelligence),
            *relation == Relation::Lead,
        );
        // What a system hears, everybody of its agency may; whoever tried is somebody's colleague.
        let own_shut_out = caller.role == Some(Role::Supervisor);
        Self { never, first, categories, links: known.of_all, own_links: known.of_own_agency, own_shut_out }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        AgencyId,
        given::{caller, id},
        vocabulary::{AgencyType, Purpose},
    };

    fn acting(agency_type: AgencyType, role: Role) -> Caller {
        Caller { role: Some(role), ..caller(id::<AgencyId>(1), agency_type) }
    }

    fn hears(it: &Hearing, event: EventType) -> bool {
        !it.never.contains(&event)
    }

    #[test]
    fn nobody_hears_of_a_section_that_it_does_not_read() {
        for role in Role::ALL {
            let by = acting(AgencyType::ChildProtection, *role);
            let hearing = Hearing::of(&by, &Relation::Lead, &[]);
            for event in EventType::ALL.iter().copied() {
                let (class, least) = match event.telling() {
                    Telling::Summary(class) | Telling::Changes(class) => (class, Depth::Summary),
                    Telling::Whole(class) => (class, Depth::Full),
                    _ => continue,
                };
                let depth = reach_of_class(&by, &Relation::Lead, class);
                assert_eq!(hears(&hearing, event), depth >= least, "{event} and {role}");
                let later = matches!(event.telling(), Telling::Changes(_)) && depth == Depth::Summary;
                assert_eq!(hearing.first.contains(&event), later, "{event} and {role}");
            }
            for class in DataClass::ALL {
                let whole = reach_of_class(&by, &Relation::Lead, *class) == Depth::Full;
                assert_eq!(hearing.categories.contains(class), whole, "{class} and {role}");
            }
        }
    }

    /// Whoever reads who is shut out hears that somebody of another agency tried; of a colleague only the supervisor does.
    #[test]
    fn of_a_colleague_who_is_shut_out_hears_the_supervisor_alone() {
        let of = |by: &Caller, roles: &[Role]| Hearing::of(by, &Relation::Lead, roles);
        let mut of_own = Vec::new();
        for role in Role::ALL {
            let by = acting(AgencyType::ChildProtection, *role);
            let hearing = of(&by, &[]);
            let reads = reach_of_class(&by, &Relation::Lead, DataClass::D14RiskSafety) == Depth::Full;
            assert_eq!(hears(&hearing, EventType::ShutOutTried), reads, "{role}");
            of_own.extend(Some(*role).filter(|_| hearing.own_shut_out));
        }
        assert_eq!(of_own, [Role::Supervisor]);
        let mut system = acting(AgencyType::ChildProtection, Role::Supervisor);
        (system.role, system.professional) = (None, None);
        let hearing = of(&system, &[Role::Supervisor, Role::CaseManager]);
        assert!(hears(&hearing, EventType::ShutOutTried) && !hearing.own_shut_out);
        assert!(hears(&of(&acting(AgencyType::Dpo, Role::Dpo), &[]), EventType::ShutOutTried));
    }

    #[test]
    fn a_system_without_a_professional_hears_what_its_people_would_less_what_is_for_people_only() {
        let mut by = acting(AgencyType::Police, Role::Investigator);
        by.purpose = Purpose::Identification;
        (by.role, by.professional) = (None, None);
        let roles = [Role::Investigator, Role::CaseManager];
        let hearing = Hearing::of(&by, &Relation::Lead, &roles);
        assert!(hears(&hearing, EventType::ChildRecorded) && hears(&hearing, EventType::ContactRecorded));
        assert!(!hears(&hearing, EventType::WhereaboutsRecorded));
        assert!(!hearing.categories.contains(&DataClass::D11AllegedOffenders));
        assert!(hearing.categories.contains(&DataClass::D14RiskSafety));
        assert!(!hearing.own_links.contains(&LinkConfidentiality::CriminalTrack));
        let nobody = Hearing::of(&by, &Relation::Lead, &[]);
        assert!(!hears(&nobody, EventType::ChildRecorded) && nobody.categories.is_empty());
        assert!(hears(&nobody, EventType::ReferralSent), "that a referral was sent is metadata");
    }
}
