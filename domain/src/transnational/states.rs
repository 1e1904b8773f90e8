//! Groups of states that acts begin from.

use crate::vocabulary::TransnationalRequestStatus as S;

/// The states of an acceptance.
pub const ACCEPTED: &[S] = &[S::Accepted, S::AcceptedPartly, S::AcceptedConditionally];
pub(super) const ACCEPTED_OR_PLANNED: &[S] =
    &[S::Accepted, S::AcceptedPartly, S::AcceptedConditionally, S::TransferPlanned];
/// Sent and not yet carried out: what can be asked back (T11).
pub(super) const NOT_CARRIED_OUT: &[S] = &[
    S::Sent,
    S::Delivered,
    S::Acknowledged,
    S::Forwarded,
    S::InfoRequested,
    S::UnderAssessment,
    S::Accepted,
    S::AcceptedPartly,
    S::AcceptedConditionally,
    S::TransferPlanned,
];
/// Waiting for the requested side to decide.
pub(super) const UNDECIDED: &[S] = &[
    S::Sent,
    S::Undeliverable,
    S::Delivered,
    S::Acknowledged,
    S::Forwarded,
    S::InfoRequested,
    S::UnderAssessment,
];
/// Somebody waits for it, or a child moves or is followed up by it: its case stays open (R71).
pub const UNDER_WAY: &[S] = &[
    S::NationalReview,
    S::Sent,
    S::Undeliverable,
    S::Delivered,
    S::Acknowledged,
    S::Forwarded,
    S::InfoRequested,
    S::UnderAssessment,
    S::Accepted,
    S::AcceptedPartly,
    S::AcceptedConditionally,
    S::TransferPlanned,
    S::InTransit,
    S::Arrived,
    S::HandedOver,
    S::FollowUp,
];
/// Every state in which there is something to suspend.
pub(super) const OPEN: &[S] = &[
    S::Draft,
    S::NationalReview,
    S::Sent,
    S::Undeliverable,
    S::Delivered,
    S::Acknowledged,
    S::Forwarded,
    S::InfoRequested,
    S::UnderAssessment,
    S::Answered,
    S::Accepted,
    S::AcceptedPartly,
    S::AcceptedConditionally,
    S::Declined,
    S::Withdrawn,
    S::TransferPlanned,
    S::InTransit,
    S::Arrived,
    S::HandedOver,
    S::FollowUp,
];
/// Every state in which the other side has something of this one.
pub(super) const TOLD: &[S] = &[
    S::Sent,
    S::Undeliverable,
    S::Delivered,
    S::Acknowledged,
    S::Forwarded,
    S::InfoRequested,
    S::UnderAssessment,
    S::Answered,
    S::Accepted,
    S::AcceptedPartly,
    S::AcceptedConditionally,
    S::Declined,
    S::Withdrawn,
    S::TransferPlanned,
    S::InTransit,
    S::Arrived,
    S::HandedOver,
    S::FollowUp,
    S::Closed,
];

/// Every state in which the requested side can open a case of its own: from the receipt on, as long as it goes on.
pub(super) const RECEIVED: &[S] = &[
    S::Delivered,
    S::Acknowledged,
    S::Forwarded,
    S::InfoRequested,
    S::UnderAssessment,
    S::Answered,
    S::Accepted,
    S::AcceptedPartly,
    S::AcceptedConditionally,
    S::TransferPlanned,
    S::InTransit,
    S::Arrived,
    S::HandedOver,
    S::FollowUp,
];

/// Undecided and here: whoever finds out while assessing that another authority is competent still forwards (R81), and
/// who waits for an answer that does not come goes on without it.
pub(super) const FORWARDED_FROM: &[S] =
    &[S::Delivered, S::Acknowledged, S::InfoRequested, S::UnderAssessment];
pub(super) const DECLINED_FROM: &[S] = &[S::UnderAssessment, S::Acknowledged, S::InfoRequested];

/// Every state of a record: what has ended is still somebody's.
pub(super) const EVERY: &[S] = &[
    S::Draft,
    S::NationalReview,
    S::Sent,
    S::Undeliverable,
    S::Delivered,
    S::Acknowledged,
    S::Forwarded,
    S::InfoRequested,
    S::UnderAssessment,
    S::Answered,
    S::Accepted,
    S::AcceptedPartly,
    S::AcceptedConditionally,
    S::Declined,
    S::Withdrawn,
    S::TransferPlanned,
    S::InTransit,
    S::Arrived,
    S::HandedOver,
    S::FollowUp,
    S::Closed,
];
