//! The answers that a referral carries, as they are shown.

use domain::{
    AgencyId, Day, ProfessionalId, ReferralId, Timestamp,
    directory::{MatchReason, MisfitCode},
    referrals::{
        Acceptance, Decline, Ended, Exchange, Origin, OriginKind, ProposeReroute, ReferralOutcome, Routing,
        Suggestion,
    },
    vocabulary::{DeclineReason, ServiceCode},
};
use serde::Serialize;
use serde_with::skip_serializing_none;
use utoipa::ToSchema;

/// What the receiver promised.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Acceptance)]
#[serde(rename_all = "camelCase")]
pub struct AcceptanceView {
    /// Who of the receiver answers for it.
    #[schema(max_length = 200)]
    pub worker: String,
    /// The first appointment.
    pub first_appointment_on: Day,
    /// Who accepted.
    pub professional_id: Option<ProfessionalId>,
    /// What was accepted, where that is not all.
    #[schema(max_items = 40)]
    pub services: Option<Vec<ServiceCode>>,
}

/// Why the receiver declined, and where else the child may be helped.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Decline)]
#[serde(rename_all = "camelCase")]
pub struct DeclineView {
    /// The coded reason.
    pub reason: DeclineReason,
    /// The reason in words.
    #[schema(max_length = 2000)]
    pub explanation: Option<String>,
    /// An agency of the directory that may help.
    pub suggested_agency_id: Option<AgencyId>,
    /// Somebody else who may help.
    #[schema(max_length = 500)]
    pub suggested_other: Option<String>,
    /// Whether no other help is known.
    pub none_known: Option<bool>,
}

/// How the service ended.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReferralEnd)]
#[serde(rename_all = "camelCase")]
pub struct EndView {
    /// The outcome.
    pub outcome: ReferralOutcome,
    /// What was delivered.
    #[schema(max_items = 40)]
    pub delivered: Vec<ServiceCode>,
    /// Feedback to the sender.
    #[schema(max_length = 4000)]
    pub feedback: Option<String>,
    /// When it was given.
    pub feedback_at: Option<Timestamp>,
}

/// A question of the receiver, with the sender's answer.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InformationExchange)]
#[serde(rename_all = "camelCase")]
pub struct ExchangeView {
    /// When it was asked.
    pub asked_at: Timestamp,
    /// The question.
    #[schema(max_length = 2000)]
    pub question: String,
    /// By when the sender answers.
    pub answer_by: Timestamp,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// The answer.
    #[schema(max_length = 4000)]
    pub answer: Option<String>,
}

/// The receiver's proposal that another agency takes it over.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RerouteProposal)]
#[serde(rename_all = "camelCase")]
pub struct ProposalView {
    /// The coded reason.
    pub reason: DeclineReason,
    /// The reason in words.
    #[schema(max_length = 2000)]
    pub explanation: Option<String>,
    /// The agency that would take it over.
    pub to_agency_id: AgencyId,
}

/// The referral that another one follows from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReferralOrigin)]
#[serde(rename_all = "camelCase")]
pub struct OriginView {
    /// How it follows.
    pub kind: OriginKind,
    /// The other referral.
    pub referral_id: ReferralId,
    /// When the first of the chain was sent: the clock that keeps running (R83).
    pub clock_started_at: Timestamp,
    /// How often the need was rerouted so far.
    pub reroutes: u16,
}

/// Why it goes to whom it goes, where the sender named nobody.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReferralRouting)]
#[serde(rename_all = "camelCase")]
pub struct RoutingView {
    /// What spoke for it.
    #[schema(max_items = 40)]
    pub reasons: Vec<MatchReason>,
    /// What people have to look at.
    #[schema(max_items = 40)]
    pub misfits: Vec<MisfitCode>,
    /// What of that which is asked it can take; the rest is for somebody else.
    #[schema(max_items = 40)]
    pub takes: Vec<ServiceCode>,
    /// How often the directory of the country had changed when it was routed.
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub directory_version: i64,
}

impl From<&Routing> for RoutingView {
    fn from(it: &Routing) -> Self {
        Self {
            reasons: it.reasons.clone(),
            misfits: it.misfits.clone(),
            takes: it.takes.clone(),
            directory_version: it.directory_version,
        }
    }
}

impl From<&Acceptance> for AcceptanceView {
    fn from(it: &Acceptance) -> Self {
        Self {
            worker: it.worker.clone(),
            first_appointment_on: it.first_appointment_on,
            professional_id: it.by,
            services: it.services.clone(),
        }
    }
}

impl From<&Ended> for EndView {
    fn from(it: &Ended) -> Self {
        Self {
            outcome: it.outcome,
            delivered: it.delivered.clone(),
            feedback: it.feedback.as_ref().map(|it| it.text.clone()),
            feedback_at: it.feedback.as_ref().map(|it| it.at),
        }
    }
}

impl From<&Exchange> for ExchangeView {
    fn from(it: &Exchange) -> Self {
        Self {
            asked_at: it.asked_at,
            question: it.question.clone(),
            answer_by: it.answer_by,
            answered_at: it.reply.as_ref().map(|it| it.at),
            answer: it.reply.as_ref().map(|it| it.text.clone()),
        }
    }
}

impl From<&ProposeReroute> for ProposalView {
    fn from(it: &ProposeReroute) -> Self {
        Self { reason: it.reason, explanation: it.explanation.clone(), to_agency_id: it.to }
    }
}

impl From<Origin> for OriginView {
    fn from(it: Origin) -> Self {
        Self { kind: it.kind, referral_id: it.referral, clock_started_at: it.clock, reroutes: it.reroutes }
    }
}

impl From<&Decline> for DeclineView {
    fn from(it: &Decline) -> Self {
        let (agency, other, none) = match &it.suggestion {
            Some(Suggestion::Agency(id)) => (Some(*id), None, None),
            Some(Suggestion::Other(words)) => (None, Some(words.clone()), None),
            Some(Suggestion::NoneKnown) => (None, None, Some(true)),
            None => (None, None, None),
        };
        Self {
            reason: it.reason,
            explanation: it.explanation.clone(),
            suggested_agency_id: agency,
            suggested_other: other,
            none_known: none,
        }
    }
}
