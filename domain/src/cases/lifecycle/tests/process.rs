//! The process as its description has it, written apart from the table of the code.

use super::*;
use crate::cases::lifecycle::LifecycleAct as A;

/// Act; who does it: M a case manager of the lead, L the same or its supervisor, S its supervisor, F the same as L or whoever
/// reported, T whoever takes part, R the receiver, O a case role in the lead or the opener; states before, by letter; states
/// after, by letter, of which history tells the one, nothing where it stays; what must hold beside: h the child is there, m it
/// is missing, n police do not know, p they do, q they do and it is not for long, l it is for long, t nobody has talked with
/// the child, i the handover stays inside, a it goes abroad, 0 nothing was sent.
///
/// States: i intake, o open, r reopened, m open_child_missing, p transfer_pending, t transferred, v closure_review, c closed,
/// g merged, e erroneous.
pub(super) const PROCESS: [(A, char, &str, &str, char); 20] = [
    (A::OpenForProtection, 'M', "i", "o", ' '),
    (A::ReportMissing, 'T', "iorpv", "m", 'h'),
    (A::RecordPoliceNotified, 'T', "m", "", 'n'),
    (A::RecordAlert, 'T', "m", "", 'p'),
    (A::RecordLongTerm, 'L', "m", "", 'q'),
    (A::RecordFound, 'F', "mv", "or", 'm'),
    (A::RecordReturnInterview, 'T', "orpv", "", 't'),
    (A::ProposeHandover, 'M', "or", "p", ' '),
    (A::ConfirmHandover, 'R', "p", "or", 'i'),
    (A::ConfirmHandover, 'R', "p", "t", 'a'),
    (A::RefuseHandover, 'R', "p", "or", ' '),
    (A::WithdrawHandover, 'M', "p", "or", ' '),
    (A::RequestClosure, 'M', "or", "v", ' '),
    (A::RequestClosure, 'M', "m", "v", 'l'),
    (A::ApproveClosure, 'S', "v", "c", ' '),
    (A::ReturnClosure, 'S', "v", "orm", ' '),
    (A::Reopen, 'O', "ct", "r", 'h'),
    (A::Reopen, 'O', "c", "m", 'm'),
    (A::Merge, 'S', "or", "g", ' '),
    (A::MarkErroneous, 'S', "iorvc", "e", '0'),
];

pub(super) fn letter(status: S) -> char {
    match status {
        S::Intake => 'i',
        S::Open => 'o',
        S::Reopened => 'r',
        S::OpenChildMissing => 'm',
        S::TransferPending => 'p',
        S::Transferred => 't',
        S::ClosureReview => 'v',
        S::Closed => 'c',
        S::Merged => 'g',
        S::Erroneous => 'e',
    }
}

/// What the story so far says, kept apart from the code's own reading of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Story {
    pub lead: u128,
    pub missing: Option<MissingStatus>,
    pub reporter: u128,
    pub untalked: bool,
    pub to: Option<Option<u128>>,
    pub reopened: bool,
}

pub(super) fn done_by(who: char, by: &Caller, story: &Story) -> bool {
    let lead = by.agency == id(story.lead);
    let manager = by.role == Some(Role::CaseManager);
    let supervisor = by.role == Some(Role::Supervisor);
    match who {
        'M' => lead && manager,
        'L' => lead && (manager || supervisor),
        'S' => lead && supervisor,
        'F' => {
            let reported = story.missing.is_some() && by.agency == id(story.reporter);
            lead && (manager || supervisor) || reported
        }
        'R' => match story.to {
            None => true,
            Some(Some(agency)) => by.agency == id(agency) && (manager || supervisor),
            Some(None) => {
                by.agency_type == AgencyType::CrossborderFocalPoint
                    && !matches!(by.role, Some(Role::Reporter | Role::Statistician))
            }
        },
        'O' => {
            (lead || by.agency == id(OPENER)) && !matches!(by.role, Some(Role::Reporter | Role::Statistician))
        }
        _ => true,
    }
}

/// The letters of the states to which an act can lead now; none where it is not possible.
pub(super) fn possible(act: A, status: S, sent: bool, story: &Story) -> Option<&'static str> {
    let told = story.missing.is_some_and(|it| it != MissingStatus::Reported);
    let rows = PROCESS.iter().filter(|it| it.0 == act && it.2.contains(letter(status)));
    let holds = |condition: char| match condition {
        'h' => story.missing.is_none(),
        'm' => story.missing.is_some(),
        'n' => story.missing.is_some() && !told,
        'p' => told,
        'q' => told && story.missing != Some(MissingStatus::LongTerm),
        'l' => story.missing == Some(MissingStatus::LongTerm),
        't' => story.untalked,
        'i' => matches!(story.to, Some(Some(_))),
        'a' => matches!(story.to, Some(None)),
        '0' => !sent,
        _ => true,
    };
    rows.filter(|it| holds(it.4)).map(|it| it.3).next()
}
