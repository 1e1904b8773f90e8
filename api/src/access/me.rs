//! Who calls, as the node sees it.

use actix_web::get;
use domain::{
    AgencyId, CaseId, CodeList as _, ProfessionalId,
    access::{OPERATIONS, Scope, permit},
    text::Country,
    vocabulary::{AgencyType, Purpose, Role},
};
use serde::Serialize;
use serde_with::skip_serializing_none;
use utoipa::ToSchema;

use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Shown, Tag},
};

/// Who calls, and what the token and the agency's function allow.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Me)]
#[serde(rename_all = "camelCase")]
pub struct MeView {
    /// The agency of the calling system.
    pub agency_id: AgencyId,
    /// What kind of agency it is.
    pub agency_type: AgencyType,
    /// Its country.
    pub country: Country,
    /// The professional.
    pub professional_id: Option<ProfessionalId>,
    /// The role.
    pub role: Option<Role>,
    /// The one purpose of this token.
    pub purpose: Purpose,
    /// The one case that the token is bound to.
    pub case_id: Option<CaseId>,
    /// The scopes of the token.
    #[schema(max_items = 50)]
    pub scopes: Vec<Scope>,
    /// The operations that this token may call at all; each object is decided on its own.
    #[schema(max_items = 300)]
    pub operations: Vec<OperationName>,
}

/// An `operationId` of this contract.
#[derive(Debug, Serialize, ToSchema)]
#[schema(max_length = 80, pattern = "^[a-z][A-Za-z]+$", example = "getReferral")]
pub struct OperationName(&'static str);

/// Who calls
///
/// The caller as this token names it, with the operations that its function includes.
#[utoipa::path(
    operation_id = "getMe", tag = "access",
    responses((status = 200, description = "The caller.", body = MeView))
)]
#[get("/v1/me")]
pub async fn get_me(call: Call) -> Result<Answer, Failure> {
    call.read(None, |tx| {
        let it = &tx.cx.caller;
        let acting = format!("{:?}/{:?}/{:?}", it.professional, it.role, it.case);
        let seen = format!("me/{}/{acting}/{}/{}", it.client, it.scopes, it.purpose.code());
        let tag = Tag::of(tx.keys(), &seen);
        let view = MeView {
            agency_id: it.agency,
            agency_type: it.agency_type,
            country: it.country,
            professional_id: it.professional,
            role: it.role,
            purpose: it.purpose,
            case_id: it.case,
            scopes: it.scopes.iter().collect(),
            operations: OPERATIONS
                .iter()
                .filter(|op| permit(it, op).is_ok())
                .map(|op| OperationName(op.id))
                .collect(),
        };
        Ok(Shown::new(view, tag))
    })
    .await
}
