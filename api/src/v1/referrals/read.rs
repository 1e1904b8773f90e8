//! Reading referrals: one, the inbox, the outbox.

use actix_web::{get, web::Path};
use domain::{
    CaseId, ReferralId,
    referrals::ReferralSide,
    vocabulary::{ReferralStatus, Urgency},
};
use persistence::referrals::ReferralFilter;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    list::{ReferralPage, ReferralSummaryView},
    view::{ReferralView, shown_within},
};
use crate::{
    call::{Call, PageQuery},
    failure::Failure,
    http::{Answer, Query},
    v1::common::{Include, IncludeQuery, listed, path_id},
};

domain::codes! {
    /// Inbox or outbox.
    pub enum ReferralBox = "referral_box" {
        Inbox = "inbox": "Referrals to the own agency",
        Outbox = "outbox": "Referrals from the own agency",
    }
}

/// Which referrals.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ReferralQuery {
    /// The inbox or the outbox.
    #[param(inline, required = true, example = "inbox")]
    pub r#box: ReferralBox,
    /// Of this status only.
    pub status: Option<ReferralStatus>,
    /// Of this urgency only.
    pub urgency: Option<Urgency>,
    /// Of this case only.
    pub case_id: Option<CaseId>,
}

/// The inbox or outbox
///
/// The referrals of the own agency, newest first; nothing of the child.
#[utoipa::path(
    operation_id = "listReferrals", tag = "referrals", params(ReferralQuery, PageQuery),
    responses((status = 200, description = "A page of referrals.", body = ReferralPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/referrals")]
pub async fn list_referrals(
    call: Call,
    filter: Query<ReferralQuery>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let side = match filter.0.r#box {
        ReferralBox::Inbox => ReferralSide::Receiver,
        ReferralBox::Outbox => ReferralSide::Sender,
    };
    let case = filter.0.case_id.map(|it| it.0);
    let filter =
        ReferralFilter { side, status: filter.0.status, urgency: filter.0.urgency, case: filter.0.case_id };
    let (found, link) = call
        .list(page.0, case, move |tx, page| Ok(tx.referrals(filter, page)?), ReferralSummaryView::from)
        .await?;
    Ok(listed(&ReferralPage::from(found), link))
}

/// A referral
///
/// One referral, for its two sides. A receiver sees what was disclosed; one that declined sees its own answer. Where as many
/// children were shown as in a whole day, where the child is is withheld (`quota`), and acts go on.
#[utoipa::path(
    operation_id = "getReferral", tag = "referrals",
    params(("id" = ReferralId, Path, description = "The referral."), IncludeQuery),
    responses((status = 200, description = "The referral.", body = ReferralView))
)]
#[get("/v1/referrals/{id}")]
pub async fn get_referral(
    call: Call,
    id: Path<String>,
    include: Query<IncludeQuery>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, ReferralId::parse)?;
    let blocked = include.0.include == Some(Include::BlockedActions);
    let within = call.quota(Some(id.0));
    call.read(Some(id.0), move |tx| {
        let (referral, side) = tx.referral(id)?;
        shown_within(tx, &referral, (side, &[], blocked), within)
    })
    .await
}
