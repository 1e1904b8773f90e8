//! One purpose of use for each token: whose it can be, how much of a class it carries at most, and where the law wants to
//! know why (Directive (EU) 2016/680 Art. 25(1), GDPR Art. 5(1)(b)).

use super::{Caller, Depth};
use crate::vocabulary::{AgencyType, DataClass, Purpose};

/// Whether professionals of such an agency act for a purpose at all.
pub fn purpose_fits(purpose: Purpose, agency_type: AgencyType) -> bool {
    use AgencyType as A;
    match purpose {
        Purpose::Investigation => {
            matches!(agency_type, A::Police | A::BorderGuard | A::Prosecution | A::LabourInspectorate)
        }
        Purpose::Prosecution => matches!(agency_type, A::Prosecution | A::Police),
        Purpose::Court => matches!(agency_type, A::CourtCriminal | A::CourtFamily | A::Prosecution),
        Purpose::Residence => matches!(agency_type, A::Immigration | A::AsylumAuthority),
        Purpose::Statistics => {
            matches!(agency_type, A::NatCoordinator | A::IndependentRapporteur)
        }
        Purpose::Audit => matches!(agency_type, A::Dpo | A::Auditor),
        Purpose::Operations => agency_type == A::Sysadmin,
        Purpose::Guardianship => {
            matches!(
                agency_type,
                A::GuardianshipAuthority | A::GuardianPerson | A::ChildProtection | A::LegalAid
            )
        }
        Purpose::Health => {
            matches!(agency_type, A::HealthPhysical | A::HealthMental | A::ForensicMedicine | A::Barnahus)
        }
        _ => !matches!(agency_type, A::Sysadmin | A::Auditor | A::IndependentRapporteur),
    }
}

/// Whether a purpose carries data of single children at all.
pub fn carries_records(purpose: Purpose) -> bool {
    !matches!(purpose, Purpose::Statistics | Purpose::Operations)
}

/// How much of a class a purpose carries at most: data given for care is not read to decide on residence.
pub fn purpose_ceiling(purpose: Purpose, class: DataClass) -> Depth {
    match row(purpose).as_bytes().get(class as usize) {
        Some(b'F') => Depth::Full,
        Some(b'S') => Depth::Summary,
        _ => Depth::None,
    }
}

/// One letter per class D1 to D16: F full, S summary, `-` none.
const fn row(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Identification => "FFFFFFF--FFFFFFF",
        Purpose::Protection | Purpose::Assistance => "FFFFFFFFF-FFFFFF",
        Purpose::Health => "FFFSFFFF--S-FFFF",
        Purpose::Guardianship | Purpose::Transfer | Purpose::DataSubjectRequest => "FFFFFFF---FFFFFF",
        Purpose::Investigation | Purpose::Prosecution => "FFFFFFF-FFFFFFFF",
        Purpose::Court => "FFFFFFF-F-FFFFFF",
        Purpose::Residence => "F-SSSFS----FSSFF",
        Purpose::MissingChild => "FFFFFFS--FFSSFFF",
        Purpose::Audit => "---------------F",
        Purpose::Statistics | Purpose::Operations => "----------------",
    }
}

/// Whether each use of personal data is to be justified (R86): always where the data is used under Directive (EU) 2016/680.
pub fn must_justify(caller: &Caller) -> bool {
    use AgencyType as A;
    matches!(caller.agency_type, A::Police | A::Prosecution | A::CourtCriminal | A::JuvenileJustice)
        || matches!(caller.purpose, Purpose::Investigation | Purpose::Prosecution)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CodeList as _;

    #[test]
    fn every_purpose_has_a_letter_for_every_class() {
        for purpose in Purpose::ALL {
            assert_eq!(row(*purpose).len(), DataClass::ALL.len(), "{purpose}");
            assert!(row(*purpose).bytes().all(|it| b"FS-".contains(&it)), "{purpose}");
            let nothing = row(*purpose).bytes().all(|it| it == b'-');
            assert_eq!(nothing, !carries_records(*purpose), "{purpose}");
        }
    }

    #[test]
    fn every_type_of_agency_that_uses_the_system_has_a_purpose() {
        for agency_type in AgencyType::ALL {
            let purposes = Purpose::ALL.iter().filter(|it| purpose_fits(**it, *agency_type)).count();
            assert!(purposes > 0, "{agency_type}");
        }
    }
}
