//! National referrals: one agency asks another to take a defined responsibility or service for a child.

mod actions;
mod answering;
mod drafting;
mod duties;
mod following;
mod information;
mod lawful_basis;
mod message;
mod referral;
mod sending;
mod service;
#[cfg(test)]
mod tests;
mod transitions;
mod view;

pub use actions::{Action, Blocked};
pub use answering::{Accept, Cancel, Decline, Rest, Suggestion};
pub use drafting::{Amend, Draft, Fit, Ongoing, Routing};
pub(crate) use duties::end_of;
pub use following::{ProposeReroute, Reroute};
pub use information::{Exchange, Reply};
pub use message::Message;
pub use referral::{Acceptance, File, Origin, OriginKind, Receiver, Referral, Sent};
pub use sending::{Disclosure, HandlingCaveat, Package, PackageChild, Send};
pub use service::{Complete, Ended, Feedback, ReferralOutcome};
pub use transitions::{Actor, Guard, ReferralAct, ReferralSide, TRANSITIONS, Transition};
pub(crate) use view::check_view;
pub use view::{ChildView, LaterView, View};

/// A decided act, with the referral that follows from it: the rest that was not accepted, or the same need with
/// another receiver.
#[derive(Clone, Debug)]
pub struct Followed {
    /// The referral after the act.
    pub this: crate::Decided<Referral>,
    /// The one that follows.
    pub next: Option<crate::Decided<Referral>>,
}
