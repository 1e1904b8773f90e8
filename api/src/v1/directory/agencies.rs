//! Agencies.

use actix_web::{get, web::Path};
use domain::{
    AgencyId,
    directory::Agency,
    text::Country,
    vocabulary::{AgencyType, Role},
};
use persistence::directory::AgencyFilter;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::{IntoParams, ToSchema};

use crate::{
    call::{Call, PageQuery},
    failure::Failure,
    http::{Answer, Query, Shown, Tag},
    v1::common::{listed, page, path_id},
};

/// An agency of the mechanism. One with a confidential location has no address anywhere.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Agency)]
#[serde(rename_all = "camelCase")]
pub struct AgencyView {
    /// Its id.
    pub id: AgencyId,
    /// Its country.
    pub country: Country,
    /// A short code, unique in the country.
    #[schema(max_length = 60, example = "demo-shelter")]
    pub code: String,
    /// What kind of agency it is.
    pub agency_type: AgencyType,
    /// Its name.
    #[schema(max_length = 200)]
    pub name: String,
    /// The telephone of its duty desk.
    #[schema(max_length = 40)]
    pub duty_phone: Option<String>,
    /// Whether its location is confidential.
    pub confidential_location: bool,
    /// The roles that its professionals may act in.
    #[schema(max_items = 50)]
    pub roles: Vec<Role>,
    /// Whether it takes part at present.
    pub active: bool,
}

page! {
    /// A page of agencies, newest first.
    AgencyPage as AgencyPage of AgencyView
}

impl From<Agency> for AgencyView {
    fn from(it: Agency) -> Self {
        Self {
            id: it.id,
            country: it.country,
            code: it.code,
            agency_type: it.agency_type,
            name: it.name,
            duty_phone: it.duty_phone,
            confidential_location: it.confidential_location,
            roles: it.roles,
            active: it.active,
        }
    }
}

/// Which agencies.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct AgencyQuery {
    /// Of this country only.
    pub country: Option<Country>,
    /// Of this type only.
    pub agency_type: Option<AgencyType>,
}

/// The agencies
///
/// Every agency of the node's countries, by country and type.
#[utoipa::path(
    operation_id = "listAgencies", tag = "directory", params(AgencyQuery, PageQuery),
    responses((status = 200, description = "A page of agencies.", body = AgencyPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/agencies")]
pub async fn list_agencies(
    call: Call,
    filter: Query<AgencyQuery>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let filter = AgencyFilter { country: filter.0.country, agency_type: filter.0.agency_type };
    let (found, link) =
        call.list(page.0, None, move |tx, page| Ok(tx.agencies(filter, page)?), AgencyView::from).await?;
    Ok(listed(&AgencyPage::from(found), link))
}

/// An agency
///
/// One agency.
#[utoipa::path(
    operation_id = "getAgency", tag = "directory", params(("id" = AgencyId, Path, description = "The agency.")),
    responses((status = 200, description = "The agency.", body = AgencyView))
)]
#[get("/v1/agencies/{id}")]
pub async fn get_agency(call: Call, id: Path<String>) -> Result<Answer, Failure> {
    let id = path_id(&id, AgencyId::parse)?;
    call.read(Some(id.0), move |tx| {
        let agency = tx.agency(id)?;
        let tag = Tag::of(tx.keys(), &format!("agency/{id}/{}", agency.version.0));
        Ok(Shown::new(AgencyView::from(agency), tag))
    })
    .await
}
