//! The presumption, on what was seen here or on a notice from abroad; and the record that there are no grounds.

use actix_web::{post, web::Path};
use domain::{
    CaseId,
    identification::{Foreign, Grounds, NoGrounds, NoGroundsBasis, Presume, ProtectionNeed},
    text::Text,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{acting::act, findings::ForeignNotice, view::IdentificationView};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
};

/// The presumption: on what it rests.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "grounds": "screening", "reasons": "Two strong direct indicators were reported." }))]
pub struct PresumeVictim {
    /// On what it rests.
    pub grounds: Grounds,
    /// The reasons, in words; required beside professional judgement.
    pub reasons: Option<Text<4000>>,
}

/// Presume the child a victim
///
/// Reasonable grounds are enough. It opens the case and every entitlement at once; help is never made to depend on
/// cooperation. `If-Match` takes the ETag of the identification or of the case.
#[utoipa::path(
    operation_id = "presumeVictim", tag = "identification", params(("id" = CaseId, Path, description = "The case.")),
    request_body = PresumeVictim,
    responses((status = 200, description = "The identification.", body = IdentificationView))
)]
#[post("/v1/cases/{id}/identification/presume")]
pub async fn presume_victim(
    call: Call,
    id: Path<String>,
    body: Json<PresumeVictim>,
) -> Result<Answer, Failure> {
    let wanted = Presume { grounds: body.value.grounds, reasons: body.value.reasons.map(String::from) };
    act(call, &id, &body.canonical, move |case, at, tx| {
        let screening = case.screening.map(|it| tx.screening_of_case(it)).transpose()?;
        Ok(case.presume(&wanted, screening.as_ref().map(|it| &it.assessment), at)?)
    })
    .await
}

/// Presume the child a victim on a notice from abroad
///
/// A competent authority of another country says that the child is a victim. It opens all that a presumption opens.
#[utoipa::path(
    operation_id = "presumeOnForeignNotice", tag = "identification",
    params(("id" = CaseId, Path, description = "The case.")), request_body = ForeignNotice,
    responses((status = 200, description = "The identification.", body = IdentificationView))
)]
#[post("/v1/cases/{id}/identification/foreign-notice")]
pub async fn presume_on_foreign_notice(
    call: Call,
    id: Path<String>,
    body: Json<ForeignNotice>,
) -> Result<Answer, Failure> {
    let notice = Foreign::from(body.value);
    act(call, &id, &body.canonical, move |case, at, _| Ok(case.presume_on_notice(&notice, at)?)).await
}

/// That the screening found no grounds.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "basis": ["talk_with_child", "facts_checked"], "reasons": "She visits her aunt; school and parents confirm it.",
    "protectionNeed": "none_found"
}))]
pub struct RecordNoGrounds {
    /// On what it rests; the result of the screening is never enough alone.
    #[schema(max_items = 10)]
    pub basis: Vec<NoGroundsBasis>,
    /// The reasons, in words.
    pub reasons: Text<4000>,
    /// Whether the child needs protection for another reason: it must have been checked.
    pub protection_need: ProtectionNeed,
}

/// Record that there are no grounds
///
/// By a second person, who did not screen. It is never the last word: a presumption or new facts open it again.
#[utoipa::path(
    operation_id = "recordNoGrounds", tag = "identification", params(("id" = CaseId, Path, description = "The case.")),
    request_body = RecordNoGrounds,
    responses((status = 200, description = "The identification.", body = IdentificationView))
)]
#[post("/v1/cases/{id}/identification/no-grounds")]
pub async fn record_no_grounds(
    call: Call,
    id: Path<String>,
    body: Json<RecordNoGrounds>,
) -> Result<Answer, Failure> {
    let it = body.value;
    let wanted =
        NoGrounds { basis: it.basis, reasons: it.reasons.into(), protection_need: it.protection_need };
    act(call, &id, &body.canonical, move |case, at, tx| {
        let screening = case.screening.map(|it| tx.screening_of_case(it)).transpose()?;
        Ok(case.record_no_grounds(&wanted, screening.as_ref(), at)?)
    })
    .await
}
