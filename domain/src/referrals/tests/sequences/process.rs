//! The process as its description has it, written apart from the table of the code.

use super::*;

/// Who does an act: S the sender, R the receiver, E either, M the mechanism; what must hold beside the state: P a
/// proposal, F freedom to decline, V a missing view, O feedback owed.
pub(super) type Described = (A, char, &'static [S], Option<S>, char, EventType);

/// The acts as the process description has them: act, who, states before, state after, guard, what the log says.
pub(super) const PROCESS: [Described; 18] = [
    (A::Amend, 'S', &[S::Draft], None, '-', EventType::ReferralAmended),
    (A::Send, 'S', &[S::Draft], Some(S::Sent), '-', EventType::ReferralSent),
    (A::Acknowledge, 'R', &[S::Sent], Some(S::Acknowledged), '-', EventType::ReferralAcknowledged),
    (
        A::RequestInformation,
        'R',
        &[S::Acknowledged],
        Some(S::InfoRequested),
        '-',
        EventType::ReferralInformationRequested,
    ),
    (
        A::ProvideInformation,
        'S',
        &[S::InfoRequested],
        Some(S::Acknowledged),
        '-',
        EventType::ReferralInformationProvided,
    ),
    (A::Accept, 'R', &[S::Acknowledged], Some(S::Accepted), '-', EventType::ReferralAccepted),
    (
        A::Decline,
        'R',
        &[S::Acknowledged, S::InfoRequested],
        Some(S::Declined),
        'F',
        EventType::ReferralDeclined,
    ),
    (A::ProposeReroute, 'R', &[S::Acknowledged], None, '-', EventType::ReferralRerouteProposed),
    (A::Reroute, 'S', &[S::Declined, S::Expired], Some(S::Rerouted), '-', EventType::ReferralRerouted),
    (A::Reroute, 'S', &[S::Acknowledged], Some(S::Rerouted), 'P', EventType::ReferralRerouted),
    (A::Start, 'R', &[S::Accepted], Some(S::InService), '-', EventType::ReferralStarted),
    (A::Complete, 'R', &[S::InService], Some(S::Completed), '-', EventType::ReferralCompleted),
    (
        A::Interrupt,
        'R',
        &[S::Accepted, S::InService],
        Some(S::Interrupted),
        '-',
        EventType::ReferralInterrupted,
    ),
    (A::GiveFeedback, 'R', &[S::Completed, S::Interrupted], None, 'O', EventType::ReferralFeedbackGiven),
    (
        A::RecordChildView,
        'S',
        &[S::Sent, S::Acknowledged, S::InfoRequested, S::Accepted, S::InService],
        None,
        'V',
        EventType::ReferralChildViewRecorded,
    ),
    (
        A::Write,
        'E',
        &[S::Sent, S::Acknowledged, S::InfoRequested, S::Accepted, S::InService],
        None,
        '-',
        EventType::ReferralMessageSent,
    ),
    (
        A::Cancel,
        'S',
        &[S::Draft, S::Sent, S::Acknowledged, S::InfoRequested, S::Accepted, S::Declined, S::Expired],
        Some(S::Cancelled),
        '-',
        EventType::ReferralCancelled,
    ),
    (
        A::Expire,
        'M',
        &[S::Sent, S::Acknowledged, S::InfoRequested],
        Some(S::Expired),
        '-',
        EventType::ReferralExpired,
    ),
];

/// Whether an act is one of a side's.
pub(super) fn done_by(who: char, side: Option<ReferralSide>, mechanism: bool) -> bool {
    match (who, side) {
        ('M', _) => mechanism,
        ('S' | 'E', Some(Sender)) | ('R' | 'E', Some(Receiver)) => true,
        _ => false,
    }
}

/// Whether a guard holds, in plain words.
pub(super) fn guarded(guard: char, it: &Referral) -> bool {
    match guard {
        'P' => it.file.reroute_proposal.is_some(),
        'F' => !it.file.must_accept,
        'V' => {
            let sent = it.file.package.as_ref().expect("sent");
            matches!(sent.child_view, ChildView::Missing { .. }) && it.file.later_view.is_none()
        }
        'O' => it.file.ended.as_ref().is_some_and(|it| it.feedback.is_none()),
        _ => true,
    }
}

/// The row by which an act is possible now, if there is one.
pub(super) fn possible(
    act: A,
    side: Option<ReferralSide>,
    mechanism: bool,
    it: &Referral,
) -> Option<Described> {
    PROCESS.into_iter().find(|row| {
        row.0 == act && done_by(row.1, side, mechanism) && row.2.contains(&it.status) && guarded(row.4, it)
    })
}

#[test]
fn the_table_is_the_described_process() {
    let described: Vec<_> = PROCESS
        .iter()
        .map(|(act, who, from, to, guard, _)| format!("{act} {who} {from:?} {to:?} {guard}"))
        .collect();
    let table: Vec<_> = TRANSITIONS
        .iter()
        .map(|it| {
            use crate::referrals::{Actor, Guard};
            let who = match it.actor {
                Actor::Side(Sender) => 'S',
                Actor::Side(Receiver) => 'R',
                Actor::Either => 'E',
                Actor::Mechanism => 'M',
            };
            let guard = match it.guard {
                Guard::None => '-',
                Guard::RerouteProposed => 'P',
                Guard::MayRefuse => 'F',
                Guard::ViewMissing => 'V',
                Guard::FeedbackOwed => 'O',
            };
            format!("{} {who} {:?} {:?} {guard}", it.act, it.from, it.to)
        })
        .collect();
    assert_eq!(table, described);
}
