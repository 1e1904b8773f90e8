//! Professionals, by pseudonymous id; an agency sees its own.

use actix_web::{get, web::Path};
use domain::{AgencyId, ProfessionalId, directory::Professional, vocabulary::Role};
use serde::Serialize;
use serde_with::skip_serializing_none;
use utoipa::ToSchema;

use crate::{
    call::{Call, PageQuery},
    failure::Failure,
    http::{Answer, Query, Shown, Tag},
    v1::common::{listed, page, path_id},
};

/// A professional: no name, only the node's own id.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Professional)]
#[serde(rename_all = "camelCase")]
pub struct ProfessionalView {
    /// The id.
    pub id: ProfessionalId,
    /// The agency.
    pub agency_id: AgencyId,
    /// The role in which the professional last acted.
    pub role: Role,
    /// The unit inside the agency.
    #[schema(max_length = 64)]
    pub unit: Option<String>,
    /// Whether the professional is suspended.
    pub suspended: bool,
}

page! {
    /// A page of professionals, newest first.
    ProfessionalPage as ProfessionalPage of ProfessionalView
}

impl From<Professional> for ProfessionalView {
    fn from(it: Professional) -> Self {
        Self { id: it.id, agency_id: it.agency, role: it.role, unit: it.unit, suspended: it.suspended }
    }
}

/// The professionals of the own agency
///
/// A professional is known from the first signed assertion that names one.
#[utoipa::path(
    operation_id = "listProfessionals", tag = "directory", params(PageQuery),
    responses((status = 200, description = "A page of professionals.", body = ProfessionalPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/professionals")]
pub async fn list_professionals(call: Call, page: Query<PageQuery>) -> Result<Answer, Failure> {
    let (found, link) =
        call.list(page.0, None, |tx, page| Ok(tx.professionals(page)?), ProfessionalView::from).await?;
    Ok(listed(&ProfessionalPage::from(found), link))
}

/// A professional of the own agency
///
/// One professional.
#[utoipa::path(
    operation_id = "getProfessional", tag = "directory",
    params(("id" = ProfessionalId, Path, description = "The professional.")),
    responses((status = 200, description = "The professional.", body = ProfessionalView))
)]
#[get("/v1/professionals/{id}")]
pub async fn get_professional(call: Call, id: Path<String>) -> Result<Answer, Failure> {
    let id = path_id(&id, ProfessionalId::parse)?;
    call.read(Some(id.0), move |tx| {
        let it = tx.professional(id)?;
        let tag =
            Tag::of(tx.keys(), &format!("professional/{id}/{:?}/{:?}/{}", it.role, it.unit, it.suspended));
        Ok(Shown::new(ProfessionalView::from(it), tag))
    })
    .await
}
