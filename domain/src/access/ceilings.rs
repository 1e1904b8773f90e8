//! What an agency type can do and see at all, whatever the role or scope.

use super::{Depth, Scope, Scopes, depth};
use crate::vocabulary::{AgencyType, DataClass, Role};

use DataClass::{
    D1Identity as D1, D2Whereabouts as D2, D3FamilyContacts as D3, D4ExploitationNarrative as D4,
    D5Indicators as D5, D6IdentificationDecision as D6, D7Health as D7, D8TherapyNotes as D8,
    D9InterviewRecordingLocator as D9, D10Intelligence as D10, D11AllegedOffenders as D11,
    D12Migration as D12, D13BestInterestsViews as D13, D14RiskSafety as D14, D15ReferralMetadata as D15,
    D16AccessLog as D16,
};

/// The scopes that a client of this agency type may hold at most.
pub fn scope_ceiling(agency_type: AgencyType) -> Scopes {
    use AgencyType as A;
    use Scope as S;
    let base = [S::DirectoryRead, S::EventsRead];
    let more: &[Scope] = match agency_type {
        A::Helpline | A::Education | A::LabourInspectorate | A::Consular | A::PlatformContact => {
            &[S::ConcernsWrite, S::DeadlinesRead]
        }
        A::Police
        | A::BorderGuard
        | A::ChildProtection
        | A::MunicipalSocial
        | A::NgoMandated
        | A::Immigration
        | A::AsylumAuthority => &[
            S::ConcernsWrite,
            S::ScreeningsWrite,
            S::IdentificationDecide,
            S::IdentificationContest,
            S::CasesRead,
            S::CasesWrite,
            S::ReferralsRead,
            S::ReferralsWrite,
            S::DeadlinesRead,
            S::DirectoryWrite,
        ],
        A::Barnahus
        | A::HealthPhysical
        | A::HealthMental
        | A::ForensicMedicine
        | A::NgoSupport
        | A::Shelter
        | A::CentralAuthority
        | A::InternationalOrg
        | A::GuardianshipAuthority => &[
            S::ConcernsWrite,
            S::ScreeningsWrite,
            S::IdentificationContest,
            S::CasesRead,
            S::ReferralsRead,
            S::ReferralsWrite,
            S::DeadlinesRead,
            S::DirectoryWrite,
        ],
        // The notice of another country arrives here (I5).
        A::CrossborderFocalPoint => &[
            S::ConcernsWrite,
            S::ScreeningsWrite,
            S::IdentificationDecide,
            S::IdentificationContest,
            S::CasesRead,
            S::ReferralsRead,
            S::ReferralsWrite,
            S::DeadlinesRead,
            S::DirectoryWrite,
        ],
        // A prosecutor or court decides or confirms where the profile says so (I6 to I8).
        A::Prosecution | A::CourtCriminal => &[
            S::ConcernsWrite,
            S::IdentificationDecide,
            S::IdentificationContest,
            S::CasesRead,
            S::ReferralsRead,
            S::DeadlinesRead,
        ],
        A::CourtFamily | A::GuardianPerson | A::LegalAid | A::JuvenileJustice | A::CompensationAuthority => {
            &[S::ConcernsWrite, S::IdentificationContest, S::CasesRead, S::ReferralsRead, S::DeadlinesRead]
        }
        A::NatCoordinator => &[S::DeadlinesRead],
        A::IndependentRapporteur | A::Dpo | A::Auditor | A::Sysadmin => &[],
    };
    let abroad = reaches_abroad(agency_type).then_some([S::TransnationalRead, S::TransnationalWrite]);
    // Whoever may be shown lines of the log may ask for them.
    let log = reading_ceiling(agency_type).contains(&D16).then_some(S::AuditRead);
    // Whoever could take part in a case can open one in an emergency; the data protection officer reviews it.
    let takes_part = reading_ceiling(agency_type).contains(&D1) || agency_type == A::Dpo;
    let emergency = takes_part.then_some(S::EmergencyAccess);
    // Whoever leads cases is asked for the data of a child; the data protection officer decides on what is held.
    let asked = more.contains(&S::CasesWrite) || agency_type == A::Dpo;
    let requests = asked.then_some(S::DataRequests);
    // Whoever leads cases, or looks after the child, writes down what it finds.
    let files = more.contains(&S::CasesWrite) || !filing_ceiling(agency_type).is_empty();
    let file = files.then_some(S::FileWrite);
    let abroad = abroad.into_iter().flatten();
    base.iter()
        .chain(more)
        .copied()
        .chain(abroad)
        .chain(log)
        .chain(emergency)
        .chain(requests)
        .chain(file)
        .collect()
}

/// The classes of which an agency that leads no cases may be given to write: notes and documents on what it finds where it
/// treats, houses or supports the child. They are those of which one of its roles sees the whole, and which are its work.
pub fn filing_ceiling(agency_type: AgencyType) -> &'static [DataClass] {
    use AgencyType as A;
    match agency_type {
        A::Barnahus | A::HealthPhysical | A::HealthMental | A::ForensicMedicine => &[D7],
        A::NgoSupport | A::Shelter => &[D14],
        _ => &[],
    }
}

/// Whether such an agency leads cases that reach abroad, or stands at a route between countries.
fn reaches_abroad(agency_type: AgencyType) -> bool {
    use AgencyType as A;
    matches!(
        agency_type,
        A::ChildProtection
            | A::MunicipalSocial
            | A::NgoMandated
            | A::Police
            | A::BorderGuard
            | A::CrossborderFocalPoint
            | A::CentralAuthority
            | A::CourtFamily
            | A::CourtCriminal
            | A::Prosecution
    )
}

/// The classes that an agency of this type may be shown in a case file at all.
pub fn reading_ceiling(agency_type: AgencyType) -> &'static [DataClass] {
    use AgencyType as A;
    match agency_type {
        A::Police | A::BorderGuard => &[D1, D2, D3, D4, D5, D6, D7, D9, D10, D11, D12, D13, D14, D15, D16],
        A::Prosecution | A::CourtCriminal | A::JuvenileJustice => {
            &[D1, D2, D3, D4, D5, D6, D7, D9, D10, D11, D12, D13, D14, D15, D16]
        }
        A::ChildProtection | A::MunicipalSocial => {
            &[D1, D2, D3, D4, D5, D6, D7, D11, D12, D13, D14, D15, D16]
        }
        A::Barnahus => &[D1, D2, D3, D4, D5, D6, D7, D8, D9, D11, D13, D14, D15, D16],
        A::HealthPhysical | A::ForensicMedicine => &[D1, D2, D3, D4, D5, D6, D7, D13, D14, D15, D16],
        A::HealthMental => &[D1, D2, D3, D4, D6, D7, D8, D13, D14, D15, D16],
        A::CourtFamily | A::GuardianshipAuthority | A::GuardianPerson | A::LegalAid => {
            &[D1, D2, D3, D4, D5, D6, D7, D11, D12, D13, D14, D15, D16]
        }
        // Where a child lives is told for care, never to whoever decides on residence.
        A::Immigration | A::AsylumAuthority => &[D1, D6, D12, D13, D15, D16],
        A::NgoMandated => &[D1, D2, D3, D4, D5, D6, D12, D13, D14, D15, D16],
        A::NgoSupport | A::Shelter => &[D1, D2, D3, D6, D7, D13, D14, D15, D16],
        A::CrossborderFocalPoint | A::CentralAuthority => {
            &[D1, D3, D4, D5, D6, D7, D11, D12, D13, D14, D15, D16]
        }
        A::InternationalOrg => &[D1, D3, D6, D13, D14, D15, D16],
        A::Helpline
        | A::Education
        | A::LabourInspectorate
        | A::Consular
        | A::PlatformContact
        | A::CompensationAuthority
        | A::NatCoordinator => &[D15],
        A::Dpo | A::Auditor => &[D16],
        A::IndependentRapporteur | A::Sysadmin => &[],
    }
}

/// How much of a class gets through the one-way firewall: what a child said for its care does not decide on its residence
/// (Joint general comment No. 22/23 of the committees on migrants and on the rights of the child, para. 17). Whoever enforces
/// learns nothing of its views, whoever hears its claim a summary; what lies beyond the ceiling of the type never gets so far.
pub(super) fn firewall(agency_type: AgencyType, class: DataClass) -> Depth {
    match (agency_type, class) {
        (AgencyType::Immigration, D13) => Depth::None,
        (AgencyType::AsylumAuthority, D13) => Depth::Summary,
        _ => Depth::Full,
    }
}

/// How much of a class a role sees at most in such an agency: whoever hears claims for asylum reads the whole migration file,
/// of which others in its roles read a summary (domain.md 3.3).
pub(super) fn depth_in(agency_type: AgencyType, role: Role, class: DataClass) -> Depth {
    match (agency_type, class, depth(role, class)) {
        (AgencyType::AsylumAuthority, D12, Depth::Summary) => Depth::Full,
        (AgencyType::AsylumAuthority, D15, other) => other.min(Depth::Summary),
        (_, _, other) => other,
    }
}

/// Whether an agency that was given a class of a case of others reads it by a recorded order or legal basis only, in whatever
/// role: police, prosecution and criminal courts, of what was told for the child's care (domain.md 3.3; Directive (EU) 2016/680
/// Art. 4 and 9).
pub fn needs_order(agency_type: AgencyType, class: DataClass) -> bool {
    use AgencyType as A;
    let criminal = matches!(
        agency_type,
        A::Police | A::BorderGuard | A::Prosecution | A::CourtCriminal | A::JuvenileJustice
    );
    criminal && [D2, D3, D7, D12].contains(&class)
}

/// The classes that a referral may disclose to an agency of this type (R75): what it may be shown, less what never
/// travels in a referral.
pub fn receiving_ceiling(agency_type: AgencyType) -> Vec<DataClass> {
    let never = [D8, D9, D10, D16];
    let school = agency_type == AgencyType::Education;
    let all = if school { &[D1, D14, D15] } else { reading_ceiling(agency_type) };
    all.iter().copied().filter(|it| !never.contains(it)).collect()
}

/// The classes that the lead may grant to an agency of this type: what it may be shown, less what its author alone shows and
/// the log, which nobody is given.
pub fn grant_ceiling(agency_type: AgencyType) -> Vec<DataClass> {
    reading_ceiling(agency_type).iter().copied().filter(|it| ![D8, D16].contains(it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CodeList as _;

    #[test]
    fn what_reports_never_reads_cases() {
        for it in [
            AgencyType::Helpline,
            AgencyType::Education,
            AgencyType::LabourInspectorate,
            AgencyType::Consular,
        ] {
            assert!(scope_ceiling(it).has(Scope::ConcernsWrite));
            assert!(!scope_ceiling(it).has(Scope::CasesRead));
        }
    }

    #[test]
    fn whoever_takes_referrals_keeps_its_entry_in_the_directory() {
        for it in AgencyType::ALL {
            let scopes = scope_ceiling(*it);
            assert_eq!(scopes.has(Scope::DirectoryWrite), scopes.has(Scope::ReferralsWrite), "{it}");
        }
    }

    #[test]
    fn no_referral_carries_therapy_notes_recordings_or_intelligence() {
        for it in AgencyType::ALL {
            let ceiling = receiving_ceiling(*it);
            assert!(!ceiling.iter().any(|class| [D8, D9, D10].contains(class)), "{it}");
        }
        assert!(
            !receiving_ceiling(AgencyType::Education).contains(&D7),
            "R75: health data does not go to a school"
        );
        assert!(receiving_ceiling(AgencyType::Shelter).contains(&D2));
        assert!(!receiving_ceiling(AgencyType::Shelter).contains(&D4));
    }
}
