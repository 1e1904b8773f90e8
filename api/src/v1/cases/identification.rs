//! The identification of a child, and the presumption.

use actix_web::{get, post, web::Path};
use domain::{
    CaseId, Timestamp,
    access::{Caller, Operation, Relation, permit},
    cases::Case,
    identification::{Grounds, Presume},
    text::Text,
    vocabulary::{CaseStatus, DataClass, IdentificationStatus},
};
use persistence::Tx;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

use super::{case, readable};
use crate::{
    call::Call,
    failure::{Failure, ViolationView},
    http::{Answer, Json, Shown, Tag},
    v1::common::{path_id, warnings},
};

/// The identification of a child.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Identification)]
#[serde(rename_all = "camelCase")]
pub struct IdentificationView {
    /// Its status.
    pub status: IdentificationStatus,
    /// When the status was reached.
    pub since: Timestamp,
    /// On what the presumption rests.
    pub grounds: Option<Grounds>,
    /// The reasons of the presumption, in words.
    #[schema(max_length = 4000)]
    pub reasons: Option<String>,
    /// The status of the case.
    pub case_status: CaseStatus,
    /// Good practice that was not kept, and information that the rules owe the caller.
    #[schema(max_items = 100)]
    pub warnings: Option<Vec<ViolationView>>,
}

impl IdentificationView {
    /// The identification of a case, with the reasons where they are shown.
    pub fn of(case: &Case, reasons: Option<String>) -> Self {
        let it = &case.identification;
        Self {
            status: it.status,
            since: it.since,
            grounds: it.grounds,
            reasons,
            case_status: case.status,
            warnings: None,
        }
    }
}

/// Whether the caller's function includes presuming at all.
pub(super) fn may_presume(caller: &Caller) -> bool {
    Operation::find("presumeVictim").is_some_and(|it| permit(caller, it).is_ok())
}

/// The presumption: on what it rests.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "grounds": "screening", "reasons": "Two strong direct indicators were reported." }))]
pub struct PresumeVictim {
    /// On what it rests.
    pub grounds: Grounds,
    /// The reasons, in words; required beside professional judgement.
    pub reasons: Option<Text<4000>>,
}

fn shown(tx: &mut Tx<'_>, case: &Case, relation: &Relation) -> Result<Shown<IdentificationView>, Failure> {
    let depth = readable(&tx.cx.caller, relation, DataClass::D6IdentificationDecision)?;
    let whole = depth == domain::access::Depth::Full;
    let reasons = if whole { tx.presumption_reasons(case)? } else { None };
    let seen = format!("identification/{}/{}/{depth:?}", case.id, case.version.0);
    let view = IdentificationView::of(case, reasons);
    Ok(Shown::new(view, Tag::of(tx.keys(), &seen))
        .of_case(case.id, vec![DataClass::D6IdentificationDecision]))
}

/// The identification of the child
///
/// Its status, since when, and on what the presumption rests.
#[utoipa::path(
    operation_id = "getCaseIdentification", tag = "identification",
    params(("id" = CaseId, Path, description = "The case.")),
    responses((status = 200, description = "The identification.", body = IdentificationView))
)]
#[get("/v1/cases/{id}/identification")]
pub async fn get_case_identification(call: Call, id: Path<String>) -> Result<Answer, Failure> {
    let id = path_id(&id, CaseId::parse)?;
    call.read(Some(id.0), move |tx| {
        let (case, relation) = tx.case(id)?;
        shown(tx, &case, &relation)
    })
    .await
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
    let id = path_id(&id, CaseId::parse)?;
    let expected = call.expected();
    let act = Presume { grounds: body.value.grounds, reasons: body.value.reasons.map(String::from) };
    call.act(
        id.0,
        &body.canonical,
        move |tx| {
            let (it, relation) = tx.case(id)?;
            let child = tx.child(&it)?;
            let of_case = case::shown(tx, it.clone(), &child, &relation, &[]).tag;
            expected.check(&of_case).or_else(|_| expected.check(&shown(tx, &it, &relation)?.tag))?;
            let screening = it.screening.map(|it| tx.screening_of_case(it)).transpose()?;
            let profile = tx.profile()?;
            let assessment = screening.as_ref().map(|it| &it.assessment);
            let decided =
                it.presume(&act, assessment, &child.identity, &profile, &tx.cx.caller, tx.cx.now)?;
            tx.save_case(&decided)?;
            let mut shown = shown(tx, &decided.value, &relation)?;
            shown.body.warnings = warnings(&decided.warnings);
            Ok(shown)
        },
        move |tx| {
            let (case, relation) = tx.case(id)?;
            shown(tx, &case, &relation)
        },
    )
    .await
}
