//! The identification of a child: its state with its history, and one operation for each act.

mod acting;
mod decisions;
mod entitlements;
mod findings;
mod history;
mod presumption;
mod review;
mod view;

pub use findings::ForeignNotice;
pub use history::ForeignView;
pub use view::IdentificationView;

use actix_web::{get, web::Path};
use domain::{
    CaseId,
    access::{Caller, Operation, Relation, permit},
    vocabulary::DataClass,
};

use super::readable;
use crate::{
    Routes,
    call::Call,
    failure::Failure,
    http::{Answer, Query},
    v1::common::{IncludeQuery, path_id},
};

/// The routes of the acts.
pub fn routes(config: &mut impl Routes) {
    config
        .service(get_case_identification)
        .service(presumption::presume_victim)
        .service(presumption::presume_on_foreign_notice)
        .service(presumption::record_no_grounds)
        .service(decisions::open_formal_assessment)
        .service(decisions::decide_identification)
        .service(decisions::propose_negative_decision)
        .service(decisions::confirm_negative_decision)
        .service(decisions::return_negative_decision)
        .service(review::appeal_decision)
        .service(review::decline_status)
        .service(review::close_without_status)
        .service(review::recognise_foreign_decision)
        .service(entitlements::record_entitlement);
}

/// Whether the caller's function includes presuming at all.
pub(super) fn may_presume(caller: &Caller) -> bool {
    Operation::find("presumeVictim").is_some_and(|it| permit(caller, it).is_ok())
}

/// Whether the caller reads of the decision, as whoever acts on it must.
fn reads(caller: &Caller, relation: &Relation) -> bool {
    readable(caller, relation, DataClass::D6IdentificationDecision).is_ok()
}

/// The identification of the child
///
/// Its status and since when, every act that led to it, who may decide by the profile of today, the entitlements that
/// are open, and whether anything keeps the child from being removed from the country.
#[utoipa::path(
    operation_id = "getCaseIdentification", tag = "identification",
    params(("id" = CaseId, Path, description = "The case."), IncludeQuery),
    responses((status = 200, description = "The identification.", body = IdentificationView))
)]
#[get("/v1/cases/{id}/identification")]
pub async fn get_case_identification(
    call: Call,
    id: Path<String>,
    include: Query<IncludeQuery>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, CaseId::parse)?;
    let blocked = include.0.include.is_some();
    call.read(Some(id.0), move |tx| acting::read(tx, id, blocked)).await
}
