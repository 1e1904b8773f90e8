//! Who reads what was reported or screened before there is a case: the function decides, for there is no relation yet
//! (domain.md 3.2; Directive (EU) 2016/680 Art. 20, GDPR Art. 25).

use super::{Caller, Depth, purpose_ceiling};
use crate::{
    ProfessionalId,
    vocabulary::{DataClass, Purpose, Role},
};

/// Whether the caller looks at everything that its agency takes in: its role is to look at concerns, to screen or to answer
/// for those who do, and its purpose carries what happened to a child. What a child said for its care is not read to decide on
/// its residence.
pub fn reads_intake(caller: &Caller) -> bool {
    let by_purpose = caller.purpose != Purpose::Residence
        && purpose_ceiling(caller.purpose, DataClass::D4ExploitationNarrative) > Depth::None;
    by_purpose && caller.role.is_some_and(looks_at_intake)
}

/// Whether the caller reads one concern or screening that its agency holds: all of them, or what it wrote itself, a system as
/// well. A reporter sees its own receipt and no colleague's.
pub fn reads_intake_of(caller: &Caller, author: Option<ProfessionalId>) -> bool {
    reads_intake(caller) || author == caller.professional
}

fn looks_at_intake(role: Role) -> bool {
    match role {
        Role::Screener
        | Role::CaseManager
        | Role::Supervisor
        | Role::DutyOfficer
        | Role::IdentificationOfficer
        | Role::Investigator
        | Role::BarnahusCoordinator
        | Role::FocalPointOfficer => true,
        Role::Reporter
        | Role::MdtMember
        | Role::ForensicInterviewer
        | Role::MedicalExaminer
        | Role::Therapist
        | Role::Guardian
        | Role::Lawyer
        | Role::Prosecutor
        | Role::ShelterWorker
        | Role::Statistician
        | Role::Dpo
        | Role::Auditor
        | Role::Sysadmin => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        given::{caller, id},
        vocabulary::AgencyType,
    };

    #[test]
    fn a_reporter_reads_its_own_and_who_looks_at_intake_reads_all() {
        let by = |role, purpose| Caller {
            role: Some(role),
            purpose,
            professional: Some(id(1)),
            ..caller(id(7), AgencyType::Helpline)
        };
        let protection = Purpose::Protection;
        for (role, all) in [
            (Role::Reporter, false),
            (Role::ShelterWorker, false),
            (Role::Statistician, false),
            (Role::DutyOfficer, true),
            (Role::Screener, true),
        ] {
            assert_eq!(reads_intake_of(&by(role, protection), Some(id(2))), all, "{role}");
            assert!(reads_intake_of(&by(role, protection), Some(id(1))), "{role} reads its own");
            assert_eq!(reads_intake_of(&by(role, protection), None), all, "{role}: of a system");
        }
        let nobody = Caller { role: None, professional: None, ..by(Role::Screener, protection) };
        assert!(reads_intake_of(&nobody, None), "a system wrote it, and a system asks");
        assert!(!reads_intake_of(&nobody, Some(id(1))));
        for purpose in [Purpose::Residence, Purpose::Audit, Purpose::Statistics] {
            assert!(!reads_intake_of(&by(Role::Supervisor, purpose), Some(id(2))), "{purpose}");
        }
    }
}
