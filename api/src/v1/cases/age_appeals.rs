//! Appeals against the decision that a person is an adult: the safeguards of a child last until they are decided.

use actix_web::{post, web::Path};
use domain::{
    AgeAssessmentId, CaseId, Day, Timestamp,
    identification::{AgeAppeal, Brought, LodgedAgeAppeal},
    text::Text,
    vocabulary::DataClass,
};
use persistence::Tx;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    age_assessments::{AgeAssessmentView, Sight, read, shown},
    writable,
};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
    v1::common::path_id,
};

/// An appeal against the decision that a person is an adult.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "broughtBy": "guardian", "lodgedOn": "2026-11-24", "reasons": "Her school was not asked."
}))]
pub struct AppealAgeAssessment {
    /// Who brings it.
    pub brought_by: Brought,
    /// The day on which it was lodged with whoever decides on it; not after the time of appeal.
    pub lodged_on: Day,
    /// What it says, in words.
    pub reasons: Text<4000>,
}

/// An appeal against the decision that a person is an adult, as far as the caller sees it.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AgeAppeal)]
#[serde(rename_all = "camelCase")]
pub struct AgeAppealView {
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Who brought it.
    pub brought_by: Brought,
    /// The day on which it was lodged.
    pub lodged_on: Day,
    /// What it says; not in a summary.
    #[schema(max_length = 4000)]
    pub reasons: Option<String>,
}

impl AgeAppealView {
    /// As much of an appeal as is shown to whoever sees the whole, or a summary.
    pub fn of(it: LodgedAgeAppeal, whole: bool) -> Self {
        Self {
            recorded_at: it.recorded_at,
            brought_by: it.content.brought_by,
            lodged_on: it.content.lodged_on,
            reasons: Some(it.content.reasons).filter(|_| whole),
        }
    }
}

/// Record an appeal against an age assessment
///
/// Against the decision that the person is an adult, by the agency that leads or opened the case. Until the appeal is
/// decided the person is treated as a child, whatever the time of appeal; what the appeal comes to is recorded as a further
/// age assessment.
#[utoipa::path(
    operation_id = "appealAgeAssessment", tag = "cases",
    params(
        ("id" = CaseId, Path, description = "The case."),
        ("assessmentId" = AgeAssessmentId, Path, description = "The assessment.")
    ),
    request_body = AppealAgeAssessment,
    responses((status = 200, description = "The assessment.", body = AgeAssessmentView))
)]
#[post("/v1/cases/{id}/age-assessments/{assessmentId}/appeal")]
pub async fn appeal_age_assessment(
    call: Call,
    ids: Path<(String, String)>,
    body: Json<AppealAgeAssessment>,
) -> Result<Answer, Failure> {
    let (case, id) = (path_id(&ids.0, CaseId::parse)?, path_id(&ids.1, AgeAssessmentId::parse)?);
    let expected = call.expected();
    let it = body.value;
    let wanted = AgeAppeal { brought_by: it.brought_by, lodged_on: it.lodged_on, reasons: it.reasons.into() };
    let work = move |tx: &mut Tx<'_>| {
        let (case, relation) = tx.case(case)?;
        writable(&tx.cx.caller, &relation, DataClass::D1Identity)?;
        let sight = Sight::of(&tx.cx.caller, &relation)?;
        let (found, child) = (tx.age_assessment(&case, id, sight.medical)?, tx.child(&case)?);
        expected.check(&shown(tx, found.clone(), sight).tag)?;
        let country = tx.country(case.country)?;
        let decided = found.appeal(wanted.clone(), (&case, &child), &country, tx.cx.now)?;
        tx.add_age_appeal(&decided)?;
        Ok(shown(tx, decided.value.0, sight))
    };
    call.act(id.0, &body.canonical, work, move |tx| read(tx, case, id)).await
}
