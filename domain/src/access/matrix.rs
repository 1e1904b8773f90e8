//! The need-to-know table: role × data class, with the law's floor from GDPR Art. 5(1)(c), Directive (EU) 2016/680
//! Art. 20 and CETS 197 Art. 11. A blank is none.

use crate::vocabulary::{DataClass, Role};

/// How much of a class a role sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// Nothing.
    None,
    /// Own entries only.
    Own,
    /// Only with a recorded legal basis or order.
    Conditional,
    /// A summary or a flag.
    Summary,
    /// All of it.
    Full,
}

/// How much of a class a role sees at most, before agency type and relation narrow it.
pub fn depth(role: Role, class: DataClass) -> Depth {
    let row = row(role);
    match row.as_bytes().get(class as usize) {
        Some(b'F') => Depth::Full,
        Some(b'S') => Depth::Summary,
        Some(b'C') => Depth::Conditional,
        Some(b'O') => Depth::Own,
        _ => Depth::None,
    }
}

/// One letter per class D1 to D16: F full, S summary, C conditional, O own entries, `-` none.
const fn row(role: Role) -> &'static str {
    match role {
        Role::CaseManager | Role::Supervisor => "FFFFFFS---SSFFFO",
        Role::Guardian => "FFFFFFS---SFFFFC",
        Role::Investigator => "FCCFFFC-FFFCSFSO",
        Role::IdentificationOfficer => "FSSFFFC---CSSSSO",
        Role::Prosecutor => "FCCFFFC-FFFCSSSO",
        Role::BarnahusCoordinator => "FSSSSSS-S-S-SSFO",
        Role::MedicalExaminer => "FSSSSSF-----SSOO",
        Role::Therapist => "FSSS-SSF----SSOO",
        Role::ShelterWorker => "SFS--SS---S-SFOO",
        Role::FocalPointOfficer => "FCSSSFS---CSFSFO",
        Role::MdtMember => "FSSSSSS---S-SSSO",
        Role::ForensicInterviewer => "FSSSSSS-F-S-SSSO",
        Role::Lawyer => "FFFFFFS---SFFFFC",
        Role::Screener => "FSSFFFS---SSSSFO",
        Role::DutyOfficer => "FFSSSFS---S-SFFO",
        Role::Statistician | Role::Reporter | Role::Sysadmin => "----------------",
        Role::Dpo | Role::Auditor => "---------------F",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CodeList as _;

    #[test]
    fn every_row_has_a_letter_for_every_class() {
        for role in Role::ALL {
            assert_eq!(row(*role).len(), DataClass::ALL.len(), "{role}");
            assert!(row(*role).bytes().all(|it| b"FSCO-".contains(&it)), "{role}");
        }
    }

    #[test]
    fn walls_that_no_edit_may_move() {
        for role in Role::ALL {
            let therapy = depth(*role, DataClass::D8TherapyNotes);
            assert_eq!(therapy != Depth::None, *role == Role::Therapist, "therapy notes and {role}");
            let recording = depth(*role, DataClass::D9InterviewRecordingLocator) == Depth::Full;
            let criminal = matches!(role, Role::Investigator | Role::Prosecutor | Role::ForensicInterviewer);
            assert_eq!(recording, criminal, "recordings and {role}");
            let intelligence = depth(*role, DataClass::D10Intelligence) != Depth::None;
            assert_eq!(
                intelligence,
                matches!(role, Role::Investigator | Role::Prosecutor),
                "intelligence and {role}"
            );
        }
    }
}
