//! What goes over the wire of requests for the data of a child.

use domain::{
    AgencyId, CaseId, CodeList as _, DataRequestId, Day, EntryId, ProfessionalId, Timestamp,
    cases::data_request::{
        DataRequest, DataRequestAnswer, DataRequestKind, DataRequestOutcome, DataRequestReply,
        DataRequestReview, DataRequestStatus, DataRequestVerdict, DataRequester, HoldReason,
    },
    text::{Line, Text},
};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

use crate::v1::common::page;

/// Who asks for the data of the child, and what for.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "kind": "access", "requester": "parent", "name": "Invented Person", "receivedOn": "2026-11-24" }))]
pub struct CreateDataRequest {
    /// What for.
    pub kind: DataRequestKind,
    /// Who asks.
    pub requester: DataRequester,
    /// The contact of the case who asks, where it is one.
    pub contact_id: Option<EntryId>,
    /// The agency for which a guardian or lawyer asks.
    pub agency_id: Option<AgencyId>,
    /// The name of whoever asks; not with `contactId`.
    pub name: Option<Line<200>>,
    /// The day on which it was received: neither in the future nor before the case was opened.
    pub received_on: Day,
}

/// What the data protection officer decides on a request that is held.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "outcome": "refuse", "ground": "Whoever asks may endanger the child." }))]
pub struct ReviewDataRequest {
    /// What.
    pub outcome: DataRequestVerdict,
    /// Why.
    pub ground: Text<2000>,
}

/// How whoever asked was answered.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "outcome": "given", "answeredOn": "2026-11-24" }))]
pub struct AnswerDataRequest {
    /// How.
    pub outcome: DataRequestOutcome,
    /// On which day: neither in the future nor before it was received.
    pub answered_on: Day,
}

/// A request for the data of a child.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DataRequest)]
#[serde(rename_all = "camelCase")]
pub struct DataRequestView {
    /// Its id.
    pub id: DataRequestId,
    /// The case.
    pub case_id: CaseId,
    /// Its version.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The agency that recorded it.
    pub agency_id: AgencyId,
    /// Who recorded it.
    pub professional_id: Option<ProfessionalId>,
    /// What for.
    pub kind: DataRequestKind,
    /// Who asks.
    pub requester: DataRequester,
    /// The contact of the case who asks.
    pub contact_id: Option<EntryId>,
    /// The agency for which a guardian or lawyer asks.
    pub for_agency_id: Option<AgencyId>,
    /// The name of whoever asks, where one request is read: for those of the agency that leads the case who read of
    /// family and contacts.
    #[schema(max_length = 200)]
    pub name: Option<String>,
    /// The day on which it was received.
    pub received_on: Day,
    /// What whoever asks is told now: the same whether the request is held or not.
    pub reply: DataRequestReplyView,
    /// How it stands.
    pub status: DataRequestStatus,
    /// Why it is or was held.
    pub hold: Option<HoldReason>,
    /// What the data protection officer decided.
    pub review: Option<DataRequestReviewView>,
    /// How it was answered.
    pub answer: Option<DataRequestAnswerView>,
}

/// What whoever asks is told at once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DataRequestReplyText)]
pub struct DataRequestReplyView {
    /// The code.
    pub code: DataRequestReply,
    /// The words.
    #[schema(max_length = 200)]
    pub label: &'static str,
}

/// What the data protection officer decided on a request.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DataRequestReview)]
#[serde(rename_all = "camelCase")]
pub struct DataRequestReviewView {
    /// What.
    pub outcome: DataRequestVerdict,
    /// Why.
    #[schema(max_length = 2000)]
    pub ground: String,
    /// Who.
    pub professional_id: Option<ProfessionalId>,
    /// When.
    pub at: Timestamp,
}

/// How a request was answered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DataRequestAnswer)]
#[serde(rename_all = "camelCase")]
pub struct DataRequestAnswerView {
    /// How.
    pub outcome: DataRequestOutcome,
    /// On which day.
    pub answered_on: Day,
}

page! {
    /// A page of requests for the data of children, newest first.
    DataRequestPage as DataRequestPage of DataRequestView
}

impl From<DataRequestReview> for DataRequestReviewView {
    fn from(it: DataRequestReview) -> Self {
        Self { outcome: it.verdict, ground: it.ground, professional_id: it.professional, at: it.at }
    }
}

impl From<DataRequestAnswer> for DataRequestAnswerView {
    fn from(it: DataRequestAnswer) -> Self {
        Self { outcome: it.outcome, answered_on: it.on }
    }
}

impl DataRequestView {
    pub(super) fn of(it: DataRequest, names: bool) -> Self {
        let reply = DataRequestReply::ReceivedAndLookedAt;
        Self {
            id: it.id,
            case_id: it.case,
            version: it.version.0,
            recorded_at: it.recorded_at,
            agency_id: it.agency,
            professional_id: it.professional,
            kind: it.asked.kind,
            requester: it.asked.requester,
            contact_id: it.asked.contact,
            for_agency_id: it.asked.agency,
            name: it.asked.name.filter(|_| names),
            received_on: it.asked.received_on,
            reply: DataRequestReplyView { code: reply, label: reply.label() },
            status: it.status,
            hold: it.hold,
            review: it.review.map(DataRequestReviewView::from),
            answer: it.answer.map(DataRequestAnswerView::from),
        }
    }
}
