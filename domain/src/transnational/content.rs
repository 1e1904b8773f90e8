//! What acts and messages carry: the opening, the decision, the plan of a transfer, the handover.

use serde::{Deserialize, Serialize};

use super::{Chain, Digest, Office, Package, RequestPart, Route, TransferGround};
use crate::{
    Day, MissingEpisodeId, Reference, Timestamp,
    referrals::ChildView,
    vocabulary::{
        TransnationalDeclineReason, TransnationalRequestStatus as S, TransnationalRequestType, Urgency,
    },
};

/// What the author prepares, and what sending checks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Prepared {
    /// The parts that are there.
    pub parts: Vec<RequestPart>,
    /// The child's view, or why it is missing (R24).
    pub child_view: Option<ChildView>,
    /// The ground of the transfer (R95).
    pub transfer_ground: Option<TransferGround>,
    /// Whether disclosing was found to endanger the child (R78).
    pub endangers: bool,
    /// The package, as it was previewed.
    pub package: Option<Package>,
    /// The digest of the preview: what would differ from it is not sent.
    pub previewed: Option<Digest>,
}

/// The first message: the request itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Opening {
    /// What is asked.
    pub request_type: TransnationalRequestType,
    /// By which route.
    pub route: Route,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Who sends it.
    pub from: Office,
    /// For whom.
    pub to: Office,
    /// The reference of the requesting side.
    pub reference: Reference,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// Where it comes from.
    pub chain: Chain,
    /// The package.
    pub package: Package,
}

/// The decision of the requested side.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome", content = "content")]
pub enum Decision {
    /// All of it.
    Accepted(Acceptance),
    /// Part of it.
    AcceptedPartly(Acceptance),
    /// On conditions.
    AcceptedConditionally(Acceptance),
    /// Declined.
    Declined(Refusal),
}

/// What is accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Acceptance {
    /// What is accepted, where that is a part.
    pub scope: Option<String>,
    /// The conditions.
    pub conditions: Vec<String>,
    /// The document of the consent, where a placement is asked for (R53).
    pub consent: Option<ConsentDocument>,
}

/// The document by which a State consents to a placement.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentDocument {
    /// As that authority names it.
    pub name: String,
    /// Its day.
    pub dated: Day,
}

/// Why it is declined, and what could help instead.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Refusal {
    /// The coded reason.
    pub reason: TransnationalDeclineReason,
    /// The reason in words.
    pub explanation: Option<String>,
    /// What could help instead; none given is refused, "none known" is said in words.
    pub alternatives: Vec<String>,
    /// That no alternative is known.
    #[serde(default)]
    pub none_known: bool,
}

impl Decision {
    /// The state that it leads to.
    pub const fn outcome(&self) -> S {
        match self {
            Self::Accepted(_) => S::Accepted,
            Self::AcceptedPartly(_) => S::AcceptedPartly,
            Self::AcceptedConditionally(_) => S::AcceptedConditionally,
            Self::Declined(_) => S::Declined,
        }
    }

    /// What is accepted.
    pub const fn acceptance(&self) -> Option<&Acceptance> {
        match self {
            Self::Accepted(it) | Self::AcceptedPartly(it) | Self::AcceptedConditionally(it) => Some(it),
            Self::Declined(_) => None,
        }
    }
}

/// What is said to a question.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "said", content = "words")]
pub enum Reply {
    /// The answer.
    Answer(String),
    /// Why there is none.
    NoAnswer(String),
}

impl Reply {
    /// What was written.
    pub fn words(&self) -> &str {
        match self {
            Self::Answer(words) | Self::NoAnswer(words) => words,
        }
    }
}

/// A plan of the transfer: both sides confirm time, places, escort and the receiving carer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Plan {
    /// Its version, from 1; the requesting side counts.
    pub version: u16,
    /// When the child leaves.
    pub departs_at: Timestamp,
    /// When the child is to arrive: four hours later it is missing.
    pub arrives_at: Timestamp,
    /// Where it leaves, in words.
    pub from_place: String,
    /// Where it arrives, in words.
    pub to_place: String,
    /// Border points on the way.
    pub border_points: Vec<String>,
    /// Who is with the child.
    pub escort: String,
    /// Whom to call on the way.
    pub emergency_contacts: Vec<String>,
}

/// Who receives the child.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Arrangement {
    /// The receiving carer or guardian.
    pub carer: String,
    /// Whom to call there.
    pub emergency_contacts: Vec<String>,
}

/// The transfer of the child as one side knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Transfer {
    /// The last plan.
    pub plan: Option<Plan>,
    /// When it was proposed, or as it stands now refused, as this side knows it.
    pub plan_at: Option<Timestamp>,
    /// The version that the requested side has refused, or of which it took its confirmation back; 0 is none.
    pub refused: u16,
    /// The version that the requested side has confirmed; 0 is none.
    pub confirmed: u16,
    /// Who receives the child.
    pub arrangement: Option<Arrangement>,
    /// Whether the requesting side has asked to turn back and waits for the answer.
    pub turning_back: bool,
    /// How often the child has left.
    pub journeys: u16,
    /// When the child was turned back on the way; none once a plan follows.
    pub back_at: Option<Timestamp>,
    /// When it was noted here that the child did not arrive in time.
    pub missed_at: Option<Timestamp>,
    /// Whether no case here could report the child missing then: the office does it.
    pub unreported: bool,
    /// The time at which the child is missing that this began on the case here, until the child arrives: its arrival ends
    /// it. None where the case told of one before, which somebody else began and ends.
    pub began: Option<MissingEpisodeId>,
    /// When the other country was warned of the danger after that (R77).
    pub warned_at: Option<Timestamp>,
    /// When the child arrived.
    pub arrived_at: Option<Timestamp>,
    /// How often the receiving side has reported.
    pub reports: u8,
}

/// The end of a request, told to both sides (CETS 197 Art. 34).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Closing {
    /// The final outcome.
    pub outcome: String,
    /// Why no further report on the child is waited for; none where all are in or none was owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up_ends_because: Option<String>,
}

/// What a handover needs (R55).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Handover {
    /// The guardian or carer who is present; nobody is none.
    pub carer_present: Option<String>,
    /// Whether the plan is accepted.
    pub plan_accepted: bool,
    /// Whether the child was told.
    pub child_told: bool,
}
