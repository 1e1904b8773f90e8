//! The process as its description has it, written apart from the table of the code.

use super::*;
use crate::identification::IdentificationAct as A;

/// Act; who does it: P whoever may presume, F the same or the focal point, D a decider, C a second decider, T whoever
/// takes part, O the own case, M the mechanism; states before; state after; what must hold beside: F a formal status,
/// N none, W a waiting proposal, - no proposal, E something owed, B the birthday not noted, blank nothing.
pub(super) type Described = (A, char, &'static [S], Option<S>, char);

const ANY: [S; 9] = [
    S::ConcernLogged,
    S::Screening,
    S::PresumedVictim,
    S::FormalAssessment,
    S::IdentifiedVictim,
    S::NegativeDecision,
    S::NoGrounds,
    S::ClosedNoStatus,
    S::UnderReview,
];

pub(super) const PROCESS: [Described; 15] = [
    (A::RecordNoGrounds, 'P', &[S::Screening], Some(S::NoGrounds), ' '),
    (A::Presume, 'P', &[S::Screening, S::NoGrounds, S::ConcernLogged], Some(S::PresumedVictim), ' '),
    (A::Presume, 'P', &[S::UnderReview], Some(S::PresumedVictim), 'N'),
    (
        A::PresumeOnForeignNotice,
        'F',
        &[S::ConcernLogged, S::Screening, S::NoGrounds],
        Some(S::PresumedVictim),
        ' ',
    ),
    (A::OpenFormalAssessment, 'D', &[S::PresumedVictim], Some(S::FormalAssessment), 'F'),
    (A::Decide, 'D', &[S::FormalAssessment, S::UnderReview], Some(S::IdentifiedVictim), 'F'),
    (A::ProposeNegative, 'D', &[S::FormalAssessment, S::UnderReview], None, '-'),
    (A::ConfirmNegative, 'C', &[S::FormalAssessment, S::UnderReview], Some(S::NegativeDecision), 'W'),
    (A::ReturnNegative, 'C', &[S::FormalAssessment, S::UnderReview], None, 'W'),
    (A::Appeal, 'T', &[S::NegativeDecision, S::NoGrounds, S::ClosedNoStatus], Some(S::UnderReview), ' '),
    (A::DeclineStatus, 'T', &[S::PresumedVictim, S::FormalAssessment], Some(S::ClosedNoStatus), ' '),
    (A::CloseWithoutStatus, 'O', &[S::PresumedVictim, S::FormalAssessment], Some(S::ClosedNoStatus), ' '),
    (
        A::RecogniseForeignDecision,
        'D',
        &[S::PresumedVictim, S::FormalAssessment],
        Some(S::IdentifiedVictim),
        'F',
    ),
    (A::RecordEntitlement, 'O', &ANY, None, 'E'),
    (A::Turn18, 'M', &ANY, None, 'B'),
];

/// Whether the caller is one of those.
pub(super) fn done_by(who: char, at: &Setting<'_>) -> bool {
    let profile = &at.country.profile;
    let kind = at.by.agency_type;
    let officer = at.by.role == Some(Role::IdentificationOfficer);
    match who {
        'M' => at.by.is_mechanism(),
        _ if at.by.is_mechanism() => false,
        'P' => profile.may_presume.value.contains(&kind),
        'F' => profile.may_presume.value.contains(&kind) || kind == AgencyType::CrossborderFocalPoint,
        'D' => officer && profile.may_decide.value.contains(&kind),
        'C' => officer && profile.second_decider.value.contains(&kind),
        'O' => at.own,
        _ => true,
    }
}

/// The row by which an act is possible now.
pub(super) fn possible(act: A, case: &Case, at: &Setting<'_>) -> Option<&'static Described> {
    let it = &case.identification;
    let formal = at.country.profile.has_formal_status();
    PROCESS.iter().filter(|row| row.0 == act && done_by(row.1, at) && row.2.contains(&it.status)).find(
        |row| match row.4 {
            'F' => formal,
            'N' => !formal,
            'W' => it.proposal.is_some(),
            '-' => it.proposal.is_none(),
            'E' => !it.owed.is_empty(),
            'B' => it.turned_18_at.is_none(),
            _ => true,
        },
    )
}
