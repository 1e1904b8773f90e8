//! The life of a case: where it stands with its history, and one operation for each act.

mod acting;
mod closure;
mod handover;
mod history;
mod merging;
mod missing;
mod view;

pub(super) use acting::offered;
pub(super) use view::offer;

use actix_web::{get, web::Path};
use domain::CaseId;

use self::view::LifecycleView;
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
        .service(get_case_lifecycle)
        .service(closure::open_case_for_protection)
        .service(missing::report_child_missing)
        .service(missing::record_police_notified)
        .service(missing::record_missing_alert)
        .service(missing::record_long_term_missing)
        .service(missing::record_child_found)
        .service(missing::record_return_interview)
        .service(handover::propose_handover)
        .service(handover::confirm_handover)
        .service(handover::refuse_handover)
        .service(handover::withdraw_handover)
        .service(closure::request_closure)
        .service(closure::approve_closure)
        .service(closure::return_closure)
        .service(closure::reopen_case)
        .service(merging::merge_case)
        .service(merging::mark_case_erroneous);
}

/// The life of a case
///
/// Where the case stands, what is pending, when the child was missing, to whom it was handed over, every act that led here,
/// and for whoever leads or opened it how far the checklist of closing is met.
#[utoipa::path(
    operation_id = "getCaseLifecycle", tag = "lifecycle",
    params(("id" = CaseId, Path, description = "The case."), IncludeQuery),
    responses((status = 200, description = "The life of the case.", body = LifecycleView))
)]
#[get("/v1/cases/{id}/lifecycle")]
pub async fn get_case_lifecycle(
    call: Call,
    id: Path<String>,
    include: Query<IncludeQuery>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, CaseId::parse)?;
    let blocked = include.0.include.is_some();
    call.read(Some(id.0), move |tx| acting::read(tx, id, blocked)).await
}
