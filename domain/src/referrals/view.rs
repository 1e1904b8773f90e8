//! The child's view on a referral: recorded, or why it is missing and when the child is asked (R24, R25).

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Referral, ReferralAct};
use crate::{
    Check, Day, Decided, ProfessionalId, Refused, Timestamp, Violation,
    access::Caller,
    directory::CountryEntry,
    events::EventType,
    rules,
    vocabulary::{ViewMethod, ViewMissingReason, ViewStatus},
};

/// What the child said or showed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// Whether it was expressed.
    pub status: ViewStatus,
    /// How.
    pub method: Option<ViewMethod>,
    /// The child's words or a summary.
    pub summary: Option<String>,
    /// On what day.
    pub recorded_on: Option<Day>,
    /// What weight it was given and how it changed the plan.
    pub weight_given: Option<String>,
}

/// The child's view on the referral, or why it is missing and when it will be asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ChildView {
    /// The view.
    Recorded(View),
    /// Why there is none.
    #[serde(rename_all = "camelCase")]
    Missing {
        /// The reason.
        reason: ViewMissingReason,
        /// The day on which the child is asked again.
        ask_again_on: Option<Day>,
    },
}

/// The child's view, recorded after the referral was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LaterView {
    /// The view.
    pub view: View,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who recorded it.
    pub by: Option<ProfessionalId>,
}

impl Referral {
    /// Whether it was sent without the child's view, and nobody has asked since.
    pub fn view_is_missing(&self) -> bool {
        let missing =
            self.file.package.as_ref().is_some_and(|it| matches!(it.child_view, ChildView::Missing { .. }));
        missing && self.file.later_view.is_none()
    }

    /// Records what the child says once it was asked again (R24, R25).
    pub fn record_child_view(
        &self,
        view: View,
        country: &CountryEntry,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(ReferralAct::RecordChildView, by, now)?;
        let mut check = Check::default();
        let given = ChildView::Recorded(view.clone());
        check_view(&mut check, Some(&given), country, now);
        let warnings = check.done()?;
        let payload = json!({ "status": view.status });
        value.file.later_view = Some(LaterView { view, at: now, by: by.professional });
        let changes = self.changes(ReferralAct::RecordChildView, &value, Vec::new());
        Ok(value.told(EventType::ReferralChildViewRecorded, payload, warnings).with_deadlines(changes))
    }
}

/// R24: a view, or a reason with the day on which the child is asked again.
pub(crate) fn check_view(
    check: &mut Check,
    view: Option<&ChildView>,
    country: &CountryEntry,
    now: Timestamp,
) {
    match view {
        None => check.require(false, || {
            Violation::of(
                &rules::R24,
                "/childView",
                "neither the child's view nor a reason why it is missing is given",
            )
        }),
        Some(ChildView::Recorded(view)) => {
            let expressed = matches!(view.status, ViewStatus::Expressed | ViewStatus::PartlyExpressed);
            check.require(!expressed || view.summary.is_some(), || {
                Violation::of(
                    &rules::R24,
                    "/childView/summary",
                    "the view was expressed and is not written down",
                )
            });
            let declined = matches!(view.status, ViewStatus::DeclinedToExpress | ViewStatus::Unable);
            check.require(expressed || declined, || {
                Violation::of(
                    &rules::R24,
                    "/childView/status",
                    "the child has not been asked: give viewMissingReason",
                )
            });
            check.advise(!expressed || view.weight_given.is_some(), || {
                Violation::of(
                    &rules::R25,
                    "/childView/weightGiven",
                    "it is not said how the view was weighed",
                )
            });
        }
        Some(ChildView::Missing { ask_again_on, .. }) => {
            let days = country.profile.view_again_within_days.value;
            let today = country.day_of(now);
            let latest = today.saturating_add(time::Duration::days(days.into()));
            check.require(ask_again_on.is_some_and(|it| it.0 >= today), || {
                Violation::of(
                    &rules::R24,
                    "/askAgainOn",
                    "a day from today on which the child is asked again is missing",
                )
            });
            check.advise(ask_again_on.is_none_or(|it| it.0 <= latest), || {
                Violation::of(
                    &rules::R24,
                    "/askAgainOn",
                    format!("the national profile asks again within {days} days"),
                )
            });
        }
    }
}
