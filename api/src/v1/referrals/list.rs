//! A referral in a list.

use domain::{
    AgencyId, CaseId, Reference, ReferralId, Timestamp,
    vocabulary::{ReferralStatus, Urgency},
};
use persistence::referrals::ReferralLine;
use serde::Serialize;
use serde_with::skip_serializing_none;
use utoipa::ToSchema;

use crate::v1::common::page;

/// A referral in a list: nothing of the child.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReferralSummary)]
#[serde(rename_all = "camelCase")]
pub struct ReferralSummaryView {
    /// Its id.
    pub id: ReferralId,
    /// Its reference.
    pub reference: Reference,
    /// The case.
    pub case_id: CaseId,
    /// The reference of the case.
    pub case_reference: Reference,
    /// The agency that refers.
    pub from_agency_id: AgencyId,
    /// The agency that is asked; absent in a draft that waits for one.
    pub to_agency_id: Option<AgencyId>,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Its status.
    pub status: ReferralStatus,
    /// When it reached its status.
    pub status_at: Timestamp,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// By when the receiver acknowledges.
    pub acknowledge_by: Option<Timestamp>,
    /// By when the receiver decides.
    pub decide_by: Option<Timestamp>,
    /// How far an unmet duty of it was escalated; absent where none was.
    pub escalation_rung: Option<u8>,
}

page! {
    /// A page of referrals, newest first.
    ReferralPage as ReferralPage of ReferralSummaryView
}

impl From<ReferralLine> for ReferralSummaryView {
    fn from(it: ReferralLine) -> Self {
        Self {
            id: it.id,
            reference: it.reference,
            case_id: it.case,
            case_reference: it.case_reference,
            from_agency_id: it.from,
            to_agency_id: it.to,
            urgency: it.urgency,
            status: it.status,
            status_at: it.status_at,
            sent_at: it.sent_at,
            acknowledge_by: it.acknowledge_by,
            decide_by: it.decide_by,
            escalation_rung: Some(it.escalation).filter(|it| *it > 0),
        }
    }
}
