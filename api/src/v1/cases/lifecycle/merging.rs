//! Duplicates and errors.

use actix_web::{post, web::Path};
use domain::{
    CaseId,
    cases::lifecycle::{self as life, DuplicateEvidence, Proof},
    text::Text,
};
use persistence::StoreError;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{acting::act, view::LifecycleView};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
};

/// Into which case this one is merged, and what proves that both are of the same child.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "intoCaseId": "0192f0c1-2345-7abc-8def-0123456789ab", "evidence": ["same_document"],
    "reasons": "The same passport was shown in Tallinn and in Narva."
}))]
pub struct MergeCase {
    /// The case in which the child's file goes on.
    pub into_case_id: CaseId,
    /// What proves that both are of the same child.
    #[schema(min_items = 1, max_items = 10)]
    pub evidence: Vec<DuplicateEvidence>,
    /// The reasons, in words.
    pub reasons: Text<2000>,
}

/// Merge a case into another one of the same child
///
/// By a supervisor of the agency that leads both. It takes named proof, and never merges brothers and sisters (R111). This
/// case is read only afterwards and says where the child's file goes on.
#[utoipa::path(
    operation_id = "mergeCase", tag = "lifecycle", params(("id" = CaseId, Path, description = "The case.")),
    request_body = MergeCase,
    responses((status = 200, description = "The life of the case.", body = LifecycleView))
)]
#[post("/v1/cases/{id}/merge")]
pub async fn merge_case(call: Call, id: Path<String>, body: Json<MergeCase>) -> Result<Answer, Failure> {
    let given = body.value;
    let call = call.naming_case(given.into_case_id);
    act(call, &id, &body.canonical, move |case, at, tx| {
        let (into, _) = match tx.case(given.into_case_id) {
            Err(StoreError::NotFound) => return Err(Failure::reference("/intoCaseId")),
            other => other?,
        };
        let known = tx.same_child(case, &into)?;
        let (this, other) = (tx.child(case)?.identity, tx.child(&into)?.identity);
        let proof = Proof {
            same_record: known.same_record,
            confirmed_match: known.confirmed_match,
            two_children: known.two_children,
            this: &this,
            other: &other,
        };
        let wanted = life::Merge { evidence: given.evidence.clone(), reasons: given.reasons.clone().into() };
        Ok(case.merge(&wanted, &into, &proof, at)?)
    })
    .await
}

/// Why a case was entered in error.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "reasons": "Taken in for the wrong child." }))]
pub struct MarkCaseErroneous {
    /// The reasons, in words.
    pub reasons: Text<2000>,
}

/// Mark a case as entered in error
///
/// By a supervisor of the agency that leads, as long as no referral was ever sent: what was disclosed to others is no error.
#[utoipa::path(
    operation_id = "markCaseErroneous", tag = "lifecycle", params(("id" = CaseId, Path, description = "The case.")),
    request_body = MarkCaseErroneous,
    responses((status = 200, description = "The life of the case.", body = LifecycleView))
)]
#[post("/v1/cases/{id}/mark-erroneous")]
pub async fn mark_case_erroneous(
    call: Call,
    id: Path<String>,
    body: Json<MarkCaseErroneous>,
) -> Result<Answer, Failure> {
    let wanted = life::MarkErroneous { reasons: body.value.reasons.into() };
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.mark_erroneous(&wanted, at)?)).await
}
