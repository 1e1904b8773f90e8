//! Sending: what is disclosed, on what basis, with the child's view or the reason why it is missing.

use actix_web::{post, web::Path};
use domain::{
    Day, ReferralId, Refused,
    referrals::{ChildView, Disclosure, HandlingCaveat, ReferralSide, Send, View},
    text::Text,
    vocabulary::{ViewMethod, ViewMissingReason, ViewStatus},
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::read::read;
use super::view::{DisclosureView, ReferralView, shown};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json, Shown},
    v1::common::path_id,
};

/// Everything that sending needs.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[validate(schema(function = "one_of_view_and_reason"))]
#[schema(example = json!({
    "disclosures": [
        { "dataClass": "d1_identity", "lawfulBases": ["gdpr_6_1_e_public_task"] },
        { "dataClass": "d15_referral_metadata", "lawfulBases": ["gdpr_6_1_e_public_task"] }
    ],
    "viewMissingReason": "urgent_danger", "askAgainOn": "2099-01-01", "childInformed": true,
    "caveats": ["do_not_tell_parents"]
}))]
pub struct SendReferral {
    /// What is disclosed, each class with its lawful bases (R75).
    #[schema(max_items = 16)]
    pub disclosures: Vec<DisclosureView>,
    /// The child's view (R24); or give `viewMissingReason`.
    pub child_view: Option<ChildsViewBody>,
    /// Why the child's view is missing (R24).
    pub view_missing_reason: Option<ViewMissingReason>,
    /// The day on which the child is asked again.
    pub ask_again_on: Option<Day>,
    /// Whether the child was told of the referral.
    pub child_informed: bool,
    /// What the receiver may not do.
    #[schema(max_items = 10)]
    pub caveats: Option<Vec<HandlingCaveat>>,
}

/// What the child said or showed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChildsViewBody {
    /// Whether it was expressed.
    pub status: ViewStatus,
    /// How.
    pub method: Option<ViewMethod>,
    /// The child's words or a summary.
    pub summary: Option<Text<4000>>,
    /// On what day.
    pub recorded_on: Option<Day>,
    /// What weight it was given and how it changed the plan.
    pub weight_given: Option<Text<2000>>,
}

/// Not both a view and a reason why there is none.
fn one_of_view_and_reason(it: &SendReferral) -> Result<(), ValidationError> {
    let both = it.child_view.is_some() && it.view_missing_reason.is_some();
    let day_alone = it.ask_again_on.is_some() && it.view_missing_reason.is_none();
    if both {
        Err(ValidationError::new("view_and_reason")
            .with_message("a view and a reason why there is none".into()))
    } else if day_alone {
        Err(ValidationError::new("day_without_reason")
            .with_message("a day to ask again without the reason why the view is missing".into()))
    } else {
        Ok(())
    }
}

impl From<SendReferral> for Send {
    fn from(it: SendReferral) -> Self {
        let recorded = it.child_view.map(|it| {
            ChildView::Recorded(View {
                status: it.status,
                method: it.method,
                summary: it.summary.map(String::from),
                recorded_on: it.recorded_on,
                weight_given: it.weight_given.map(String::from),
            })
        });
        let ask_again_on = it.ask_again_on;
        let missing = it.view_missing_reason.map(|reason| ChildView::Missing { reason, ask_again_on });
        Self {
            disclosures: it
                .disclosures
                .into_iter()
                .map(|it| Disclosure { data_class: it.data_class, lawful_bases: it.lawful_bases })
                .collect(),
            child_view: recorded.or(missing),
            child_informed: it.child_informed,
            caveats: it.caveats.unwrap_or_default(),
        }
    }
}

/// Send a referral
///
/// Discloses exactly the classes that are listed, each on its lawful basis, and starts the receiver's response times.
/// Without the child's view or a reason why it is missing it is refused (R24); so is a class beyond what the receiver
/// may be given (R75).
#[utoipa::path(
    operation_id = "sendReferral", tag = "referrals", params(("id" = ReferralId, Path, description = "The referral.")),
    request_body = SendReferral,
    responses((status = 200, description = "The referral.", body = ReferralView))
)]
#[post("/v1/referrals/{id}/send")]
pub async fn send_referral(
    call: Call,
    id: Path<String>,
    body: Json<SendReferral>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, ReferralId::parse)?;
    let expected = call.expected();
    let act = Send::from(body.value);
    call.act(
        id.0,
        &body.canonical,
        move |tx| -> Result<Shown<ReferralView>, Failure> {
            let (draft, side) = tx.referral(id)?;
            expected.check(&shown(tx, &draft, side, &[], false).tag)?;
            if side != ReferralSide::Sender {
                // A receiver need not take part in the case, which is looked up next.
                return Err(Refused::not_yours("only the sender does this").into());
            }
            let (case, relation) = tx.case(draft.case)?;
            let child = tx.child(&case)?;
            let profile = tx.profile()?;
            let decided = draft.send(act.clone(), (&child, &relation), &profile, &tx.cx.caller, tx.cx.now)?;
            tx.save_referral(&draft, &decided)?;
            Ok(shown(tx, &decided.value, ReferralSide::Sender, &decided.warnings, false))
        },
        move |tx| read(tx, id, false),
    )
    .await
}
