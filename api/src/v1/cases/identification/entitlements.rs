//! What was done for the child of what a presumption opened.

use actix_web::{post, web::Path};
use domain::{
    CaseId, CodeList as _, Timestamp,
    identification::{Entitlement, Given},
    text::{Line, Text},
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{acting::act, view::IdentificationView};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
    v1::common::path_id,
};

/// What was done, when and by whom.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "what": "The aunt is named as provisional guardian.", "byWhom": "Duty worker of child protection",
    "doneAt": "2026-11-24T07:30:00Z"
}))]
pub struct RecordEntitlement {
    /// What was done, in words; or why it is no longer needed.
    pub what: Text<2000>,
    /// By whom, in words.
    pub by_whom: Line<200>,
    /// When.
    pub done_at: Timestamp,
}

/// Record that an entitlement was given
///
/// Or, where the child no longer needs it, why: by a person and with a reason. It ends the duty that the presumption
/// opened. `If-Match` takes the ETag of the identification or of the case.
#[utoipa::path(
    operation_id = "recordEntitlement", tag = "identification",
    params(
        ("id" = CaseId, Path, description = "The case."),
        ("entitlement" = Entitlement, Path, description = "The entitlement.")
    ),
    request_body = RecordEntitlement,
    responses((status = 200, description = "The identification.", body = IdentificationView))
)]
#[post("/v1/cases/{id}/entitlements/{entitlement}/record")]
pub async fn record_entitlement(
    call: Call,
    ids: Path<(String, String)>,
    body: Json<RecordEntitlement>,
) -> Result<Answer, Failure> {
    let entitlement = path_id(&ids.1, Entitlement::parse)?;
    let it = body.value;
    let wanted = Given { entitlement, what: it.what.into(), by_whom: it.by_whom.into(), at: it.done_at };
    act(call, &ids.0, &body.canonical, move |case, at, _| Ok(case.give(&wanted, at)?)).await
}
