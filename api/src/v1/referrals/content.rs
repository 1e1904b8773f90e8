//! What the receiver is given: disclosed classes with their lawful bases, the child as far as disclosed, and the
//! child's view or why it is missing.

use domain::{
    Day, Timestamp,
    access::{Depth, Section},
    referrals::{ChildView as DomainChildView, Disclosure, HandlingCaveat, Package, Referral, Send, View},
    text::Text,
    vocabulary::{DataClass, LawfulBasis, ViewMethod, ViewMissingReason, ViewStatus},
};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::v1::{
    cases::{ChildView, WhereaboutsView},
    common::depth_of,
};

/// What the receiver is to get, on what basis, with the child's view or the reason why it is missing.
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
pub struct PackageBody {
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
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "status": "expressed", "method": "spoken", "summary": "He wants to stay with his cousin.",
    "recordedOn": "2026-11-24", "weightGiven": "The cousin is asked as well."
}))]
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
fn one_of_view_and_reason(it: &PackageBody) -> Result<(), ValidationError> {
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

impl From<&View> for ChildsViewBody {
    fn from(it: &View) -> Self {
        Self {
            status: it.status,
            method: it.method,
            summary: it.summary.as_deref().and_then(Text::parse),
            recorded_on: it.recorded_on,
            weight_given: it.weight_given.as_deref().and_then(Text::parse),
        }
    }
}

impl From<ChildsViewBody> for View {
    fn from(it: ChildsViewBody) -> Self {
        Self {
            status: it.status,
            method: it.method,
            summary: it.summary.map(String::from),
            recorded_on: it.recorded_on,
            weight_given: it.weight_given.map(String::from),
        }
    }
}

impl From<PackageBody> for Send {
    fn from(it: PackageBody) -> Self {
        let recorded = it.child_view.map(|it| DomainChildView::Recorded(View::from(it)));
        let ask_again_on = it.ask_again_on;
        let missing = it.view_missing_reason.map(|reason| DomainChildView::Missing { reason, ask_again_on });
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

/// What the receiver was given: the disclosed classes and nothing else.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReferralContent)]
#[serde(rename_all = "camelCase")]
pub struct ReferralContentView {
    /// What was disclosed on which basis.
    #[schema(max_items = 16)]
    pub disclosures: Vec<DisclosureView>,
    /// Who the child is, if disclosed.
    pub child: Option<ChildView>,
    /// Where the child is, if disclosed.
    pub whereabouts: Option<WhereaboutsView>,
    /// The child's view, if it is recorded.
    pub child_view: Option<ChildsViewView>,
    /// When the child's view was recorded, where that was after sending.
    pub child_view_recorded_at: Option<Timestamp>,
    /// Why the child's view was missing at sending.
    pub view_missing_reason: Option<ViewMissingReason>,
    /// The day on which the child is asked again.
    pub ask_again_on: Option<Day>,
    /// Whether the child was told of the referral.
    pub child_informed: bool,
    /// What the receiver may not do.
    #[schema(max_items = 10)]
    pub caveats: Vec<HandlingCaveat>,
}

/// A class that is disclosed, with its lawful bases.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Disclosure)]
#[serde(rename_all = "camelCase")]
pub struct DisclosureView {
    /// The class.
    pub data_class: DataClass,
    /// The lawful bases.
    #[schema(min_items = 1, max_items = 10)]
    pub lawful_bases: Vec<LawfulBasis>,
}

/// What the child said or showed.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ChildsView)]
#[serde(rename_all = "camelCase")]
pub struct ChildsViewView {
    /// Whether it was expressed.
    pub status: ViewStatus,
    /// How.
    pub method: Option<ViewMethod>,
    /// The child's words or a summary.
    #[schema(max_length = 4000)]
    pub summary: Option<String>,
    /// On what day.
    pub recorded_on: Option<Day>,
    /// What weight it was given and how it changed the plan.
    #[schema(max_length = 2000)]
    pub weight_given: Option<String>,
}

impl From<Disclosure> for DisclosureView {
    fn from(it: Disclosure) -> Self {
        Self { data_class: it.data_class, lawful_bases: it.lawful_bases }
    }
}

impl ReferralContentView {
    /// As much of what was disclosed as the reader's role and agency may see.
    pub fn of(it: &Referral, package: &Package, seen: &[Section], now: Timestamp) -> Self {
        let depth = |class| Some(depth_of(seen, class)).filter(|it| *it >= Depth::Summary);
        let views = depth(DataClass::D13BestInterestsViews);
        let (sent_with, reason, ask_again_on) = match &package.child_view {
            DomainChildView::Recorded(view) => (Some(view), None, None),
            DomainChildView::Missing { reason, ask_again_on } => (None, Some(*reason), *ask_again_on),
        };
        let later = it.file.later_view.as_ref();
        let child_view = later.map(|it| &it.view).or(sent_with).filter(|_| views.is_some());
        Self {
            disclosures: package.disclosures.iter().cloned().map(DisclosureView::from).collect(),
            child: (package.child.identity.as_ref().zip(depth(DataClass::D1Identity)))
                .map(|(it, depth)| ChildView::of(it, depth, now, &[])),
            whereabouts: (package.child.whereabouts.as_ref().zip(depth(DataClass::D2Whereabouts)))
                .map(|(it, depth)| WhereaboutsView::of(it, depth)),
            child_view: child_view.map(ChildsViewView::from),
            child_view_recorded_at: later.map(|it| it.at),
            view_missing_reason: reason,
            ask_again_on,
            child_informed: package.child_informed,
            caveats: package.caveats.clone(),
        }
    }
}

impl From<&View> for ChildsViewView {
    fn from(it: &View) -> Self {
        Self {
            status: it.status,
            method: it.method,
            summary: it.summary.clone(),
            recorded_on: it.recorded_on,
            weight_given: it.weight_given.clone(),
        }
    }
}
