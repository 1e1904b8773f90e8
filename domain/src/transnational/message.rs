//! What the two sides tell each other. A side numbers its messages from 1; each says how many of the other's were seen.
//!
//! The network may lose, repeat and reorder them: a message is sent again until the other side has acknowledged it, is
//! applied in the order of its number, and has an effect once.

use serde::{Deserialize, Serialize};

use super::{
    Arrangement, Closing, Decision, Digest, Handover, Notice, Opening, Plan, Reply, Side, canonical,
};
use crate::{
    CodeList as _, Reference, Timestamp, TransnationalRequestId, Violation, events::GivenTo, text::Country,
    vocabulary::TransnationalRequestStatus as S,
};

/// An office at one end of a route: a registered organisation of a country, by the code that it has in its directory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Office {
    /// The country.
    pub country: Country,
    /// The code of the organisation, unique in the country.
    pub code: String,
}

impl From<&Office> for GivenTo {
    fn from(it: &Office) -> Self {
        Self::Office { country: it.country, code: it.code.clone() }
    }
}

/// A message from one side to the other; the same bytes whenever it is sent again.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Message {
    /// The request; the same on both sides.
    pub request: TransnationalRequestId,
    /// Who wrote it.
    pub from: Side,
    /// Its number among the messages of that side, from 1.
    pub seq: u32,
    /// How many messages of the other side were applied when it was written.
    pub seen: u32,
    /// When it was written, by the clock of that side; no rule decides by it.
    pub at: Timestamp,
    /// What it says.
    pub body: Body,
}

impl Message {
    /// Reads what came: strictly, and byte for byte. What is not as its digest says is refused and kept as evidence.
    pub fn read(bytes: &[u8], digest: &Digest) -> Result<Self, Vec<Violation>> {
        let refuse = |code, because: &str| vec![Violation::plain(code, "", because)];
        if Digest::of(bytes) != *digest {
            return Err(refuse("message_altered", "the bytes are not those of the digest"));
        }
        let unreadable = || refuse("message_unreadable", "the message does not have the shape of its kind");
        let message: Self = serde_json::from_slice(bytes).map_err(|_| unreadable())?;
        if canonical(&message) == bytes { Ok(message) } else { Err(unreadable()) }
    }
}

/// That messages of the other side were received: sent for every message that comes in, and repeated at will.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Receipt {
    /// The request.
    pub request: TransnationalRequestId,
    /// Who received.
    pub from: Side,
    /// The number of messages that were applied, none missing.
    pub applied: u32,
    /// When the request itself was first received, said by the requested side: the start of the legal limit.
    pub first_received_at: Option<Timestamp>,
    /// Whether it was declared void before it came there: nobody has it, and nobody will.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub void: bool,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "content")]
pub enum Body {
    /// The request itself; always the first message.
    Sent(Box<Opening>),
    /// It has a named officer.
    #[serde(rename_all = "camelCase")]
    Acknowledged {
        /// The officer.
        officer: String,
        /// The reference there.
        reference: Reference,
    },
    /// Another authority of that country is competent and has it now (R81).
    #[serde(rename_all = "camelCase")]
    Forwarded {
        /// That authority.
        to: Office,
        /// Why.
        because: String,
    },
    /// As nobody had received it, it is sent to another office of the country: whoever has it alone by then gives it there.
    Readdressed(Office),
    /// Another office of that side has it now: the one before is never to know of it, or had it already when it was sent
    /// elsewhere. Nothing is said of why.
    OfficeChanged(Office),
    /// Questions.
    InfoRequested(Vec<String>),
    /// What is said to each question, in their order.
    InfoGiven(Vec<Reply>),
    /// The assessment began.
    AssessmentBegun,
    /// The decision; there is one.
    Decided(Decision),
    /// The answer to what was asked; there is one.
    Answered(String),
    /// The requesting side asks to withdraw.
    WithdrawalRequested(String),
    /// The requesting side knows of nobody who has received it, and declares it void, with the reason. Where it has come all
    /// the same, this asks to withdraw it.
    Voided(String),
    /// It is withdrawn; where a decision came first, that is the answer instead.
    WithdrawalAnswered,
    /// A plan of the transfer.
    PlanProposed(Plan),
    /// The plan with this version is confirmed, with the arrangement there.
    #[serde(rename_all = "camelCase")]
    PlanConfirmed {
        /// The version.
        version: u16,
        /// Who receives the child.
        arrangement: Arrangement,
    },
    /// The plan is refused, or its confirmation taken back.
    #[serde(rename_all = "camelCase")]
    PlanRefused {
        /// The version.
        version: u16,
        /// Why.
        because: String,
    },
    /// The child has left under the plan with this version.
    Departed(u16),
    /// The requesting side wants the child back on the way.
    TurnBackRequested(String),
    /// The child goes back to the last safe place.
    TurnedBack(String),
    /// The child arrived.
    Arrived(Timestamp),
    /// Responsibility was taken over.
    HandedOver(Handover),
    /// How the child is.
    FollowedUp(String),
    /// The final outcome (CETS 197 Art. 34).
    Closed(Closing),
    /// Suspended for safety; nothing is said of why (R78).
    Suspended,
    /// The suspension of that side is lifted.
    Lifted,
    /// What follows what was sent, and is acknowledged by a person.
    Notice(Notice),
    /// The notice with this number was acknowledged.
    NoticeAcknowledged(u32),
}

crate::codes! {
    /// What a message between the two sides says.
    pub enum Kind = "transnational_message" {
        Sent = "sent": "The request itself",
        Acknowledged = "acknowledged": "It has a named officer",
        Forwarded = "forwarded": "Another authority of the country has it now",
        Readdressed = "readdressed": "It is sent to another office, as nobody had received it",
        OfficeChanged = "office_changed": "Another office of that side has it",
        InfoRequested = "info_requested": "Questions",
        InfoGiven = "info_given": "Answers to questions",
        AssessmentBegun = "assessment_begun": "The assessment began",
        Decided = "decided": "The decision",
        Answered = "answered": "The answer to what was asked",
        WithdrawalRequested = "withdrawal_requested": "The requesting side asks to withdraw",
        Voided = "voided": "It is void, as nobody is known to have received it",
        WithdrawalAnswered = "withdrawal_answered": "It is withdrawn",
        PlanProposed = "plan_proposed": "A plan of the transfer",
        PlanConfirmed = "plan_confirmed": "The plan is confirmed",
        PlanRefused = "plan_refused": "The plan is refused, or its confirmation taken back",
        Departed = "departed": "The child has left",
        TurnBackRequested = "turn_back_requested": "The requesting side wants the child back on the way",
        TurnedBack = "turned_back": "The child goes back to the last safe place",
        Arrived = "arrived": "The child arrived",
        HandedOver = "handed_over": "Responsibility was taken over",
        FollowedUp = "followed_up": "How the child is",
        Closed = "closed": "The final outcome",
        Suspended = "suspended": "Suspended for safety",
        Lifted = "lifted": "The suspension is lifted",
        Notice = "notice": "What follows what was sent: a correction, a withdrawn consent, a recall, the child's view, a passing on",
        NoticeAcknowledged = "notice_acknowledged": "A notice was acknowledged",
    }
}

impl Body {
    /// Its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Sent(_) => Kind::Sent,
            Self::Acknowledged { .. } => Kind::Acknowledged,
            Self::Forwarded { .. } => Kind::Forwarded,
            Self::Readdressed(_) => Kind::Readdressed,
            Self::OfficeChanged(_) => Kind::OfficeChanged,
            Self::InfoRequested(_) => Kind::InfoRequested,
            Self::InfoGiven(_) => Kind::InfoGiven,
            Self::AssessmentBegun => Kind::AssessmentBegun,
            Self::Decided(_) => Kind::Decided,
            Self::Answered(_) => Kind::Answered,
            Self::WithdrawalRequested(_) => Kind::WithdrawalRequested,
            Self::Voided(_) => Kind::Voided,
            Self::WithdrawalAnswered => Kind::WithdrawalAnswered,
            Self::PlanProposed(_) => Kind::PlanProposed,
            Self::PlanConfirmed { .. } => Kind::PlanConfirmed,
            Self::PlanRefused { .. } => Kind::PlanRefused,
            Self::Departed(_) => Kind::Departed,
            Self::TurnBackRequested(_) => Kind::TurnBackRequested,
            Self::TurnedBack(_) => Kind::TurnedBack,
            Self::Arrived(_) => Kind::Arrived,
            Self::HandedOver(_) => Kind::HandedOver,
            Self::FollowedUp(_) => Kind::FollowedUp,
            Self::Closed(_) => Kind::Closed,
            Self::Suspended => Kind::Suspended,
            Self::Lifted => Kind::Lifted,
            Self::Notice(_) => Kind::Notice,
            Self::NoticeAcknowledged(_) => Kind::NoticeAcknowledged,
        }
    }
}

impl Kind {
    /// Which side says this; none where both do.
    pub const fn of(self) -> Option<Side> {
        match self {
            Self::Sent
            | Self::Readdressed
            | Self::InfoGiven
            | Self::WithdrawalRequested
            | Self::Voided
            | Self::PlanProposed
            | Self::Departed
            | Self::TurnBackRequested
            | Self::Closed => Some(Side::Requesting),
            Self::Suspended
            | Self::Lifted
            | Self::Notice
            | Self::NoticeAcknowledged
            | Self::OfficeChanged => None,
            _ => Some(Side::Requested),
        }
    }
}

/// What a message of the other side does to the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It leads to this state.
    To(S),
    /// It is kept, and the state stays.
    Stays,
    /// It crossed with what this side wrote, and that came first: nothing.
    Crossed,
    /// The other side cannot have said this now: kept as evidence, without effect, and the sender is asked (F9).
    Unexpected,
}

/// What a message does to the record that receives it, by its state there.
pub fn effect(kind: Kind, status: S) -> Effect {
    use Effect::{Crossed, Stays, To, Unexpected};
    use Kind as K;
    let accepted = matches!(status, S::Accepted | S::AcceptedPartly | S::AcceptedConditionally);
    match (kind, status) {
        // To the requesting side: the other one moves the state.
        (K::Acknowledged, S::Sent | S::Undeliverable | S::Delivered | S::Forwarded) => To(S::Acknowledged),
        (
            K::Forwarded,
            S::Sent
            | S::Undeliverable
            | S::Delivered
            | S::Acknowledged
            | S::InfoRequested
            | S::UnderAssessment,
        ) => To(S::Forwarded),
        (K::InfoRequested, S::Acknowledged) => To(S::InfoRequested),
        (K::AssessmentBegun, S::Acknowledged | S::InfoRequested) => To(S::UnderAssessment),
        // What it decided is in the decision itself.
        (K::Decided, S::UnderAssessment | S::Acknowledged | S::InfoRequested) => Stays,
        (K::Answered, S::UnderAssessment) => To(S::Answered),
        (K::WithdrawalAnswered, _) if UNANSWERED.contains(&status) => To(S::Withdrawn),
        (K::PlanConfirmed, S::TransferPlanned | S::InTransit) => Stays,
        (K::PlanConfirmed, _) if accepted => To(S::TransferPlanned),
        (K::PlanRefused, S::TransferPlanned | S::InTransit) => Stays,
        (K::PlanRefused, _) if accepted => Stays,
        (K::TurnedBack, S::InTransit) => To(S::TransferPlanned),
        (K::Arrived, S::InTransit) => To(S::Arrived),
        (K::HandedOver, S::Arrived) => To(S::HandedOver),
        (K::FollowedUp, S::HandedOver | S::FollowUp) => To(S::FollowUp),
        (K::FollowedUp, S::Closed) => Stays,
        // To the requested side: a fact, a proposal or a wish.
        (K::InfoGiven, S::InfoRequested) => To(S::Acknowledged),
        // Nobody waits for the answer any more; what it says is kept.
        (
            K::InfoGiven,
            S::Acknowledged
            | S::Forwarded
            | S::UnderAssessment
            | S::Declined
            | S::Answered
            | S::TransferPlanned,
        ) => Stays,
        (K::InfoGiven, _) if accepted => Stays,
        (K::PlanProposed, S::TransferPlanned) => Stays,
        (K::PlanProposed, _) if accepted => Stays,
        (K::Departed, S::TransferPlanned) => To(S::InTransit),
        (K::TurnBackRequested, S::InTransit) => To(S::TransferPlanned),
        (K::TurnBackRequested, S::Arrived | S::HandedOver | S::FollowUp | S::TransferPlanned) => Crossed,
        (K::WithdrawalRequested | K::Voided, S::Declined | S::Answered) => Crossed,
        // Withdrawn already, as was asked before.
        (K::Voided, S::Withdrawn) => Crossed,
        // Whether the decision came first is for the record to say.
        (K::WithdrawalRequested | K::Voided, _) if UNANSWERED.contains(&status) => Stays,
        (K::Closed, S::FollowUp | S::Answered | S::Declined | S::Withdrawn) => To(S::Closed),
        // Written before anything was known to have come: until then the requested side may have done all of this alone.
        (
            K::Readdressed,
            S::Delivered
            | S::Acknowledged
            | S::Forwarded
            | S::InfoRequested
            | S::UnderAssessment
            | S::Declined
            | S::Answered
            | S::Withdrawn,
        ) => Stays,
        (K::Readdressed, _) if accepted => Stays,
        (K::Suspended | K::Lifted | K::Notice | K::NoticeAcknowledged | K::OfficeChanged, _) => Stays,
        _ => Unexpected,
    }
}

/// The states in which a withdrawal can still be asked for or answered.
pub(super) const UNANSWERED: &[S] = &[
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
];

impl Side {
    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Requesting => Self::Requested,
            Self::Requested => Self::Requesting,
        }
    }

    /// Both.
    pub fn both() -> &'static [Self] {
        Self::ALL
    }
}
