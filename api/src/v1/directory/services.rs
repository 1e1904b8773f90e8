//! Services that agencies offer.

use actix_web::{get, web::Path};
use domain::{
    AgencyId, ServiceId, Timestamp,
    directory::Service,
    text::{Country, Language},
    vocabulary::{ServiceCode, Sex},
};
use serde::Serialize;
use serde_with::skip_serializing_none;
use utoipa::ToSchema;

use crate::{
    call::{Call, PageQuery},
    failure::Failure,
    http::{Answer, Query, Shown, Tag},
    v1::common::{listed, page, path_id},
};

/// A service that an agency offers.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Service)]
#[serde(rename_all = "camelCase")]
pub struct ServiceView {
    /// Its id.
    pub id: ServiceId,
    /// Who offers it.
    pub agency_id: AgencyId,
    /// The country in which it is offered.
    pub country: Country,
    /// What it is.
    pub service: ServiceCode,
    /// Its name.
    #[schema(max_length = 200)]
    pub name: String,
    /// The youngest age in whole years that it takes.
    #[schema(minimum = 0, maximum = 25)]
    pub min_age: u8,
    /// The oldest age in whole years that it takes.
    #[schema(minimum = 0, maximum = 25)]
    pub max_age: u8,
    /// The sexes that it takes.
    #[schema(max_items = 10)]
    pub sexes: Vec<Sex>,
    /// The languages in which it is given.
    #[schema(max_items = 50)]
    pub languages: Vec<Language>,
    /// Free places, if it counts them.
    #[schema(minimum = 0, maximum = 32767)]
    pub capacity: Option<u16>,
    /// When the free places were counted.
    pub capacity_as_of: Option<Timestamp>,
    /// Whether it is offered at present.
    pub active: bool,
}

page! {
    /// A page of services, newest first.
    ServicePage as ServicePage of ServiceView
}

impl From<Service> for ServiceView {
    fn from(it: Service) -> Self {
        Self {
            id: it.id,
            agency_id: it.agency,
            country: it.country,
            service: it.service,
            name: it.name,
            min_age: it.min_age,
            max_age: it.max_age,
            sexes: it.sexes,
            languages: it.languages,
            capacity: it.capacity,
            capacity_as_of: it.capacity_as_of,
            active: it.active,
        }
    }
}

/// The services of an agency
///
/// What an agency offers, for whom, and how many places are free.
#[utoipa::path(
    operation_id = "listAgencyServices", tag = "directory",
    params(("id" = AgencyId, Path, description = "The agency."), PageQuery),
    responses((status = 200, description = "A page of services.", body = ServicePage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/agencies/{id}/services")]
pub async fn list_agency_services(
    call: Call,
    id: Path<String>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, AgencyId::parse)?;
    let (found, link) =
        call.list(page.0, None, move |tx, page| Ok(tx.services(id, page)?), ServiceView::from).await?;
    Ok(listed(&ServicePage::from(found), link))
}

/// A service
///
/// One service of an agency.
#[utoipa::path(
    operation_id = "getAgencyService", tag = "directory",
    params(("id" = AgencyId, Path, description = "The agency."), ("serviceId" = ServiceId, Path, description = "The service.")),
    responses((status = 200, description = "The service.", body = ServiceView))
)]
#[get("/v1/agencies/{id}/services/{serviceId}")]
pub async fn get_agency_service(call: Call, ids: Path<(String, String)>) -> Result<Answer, Failure> {
    let (agency, id) = (path_id(&ids.0, AgencyId::parse)?, path_id(&ids.1, ServiceId::parse)?);
    call.read(Some(id.0), move |tx| {
        let service = tx.service(agency, id)?;
        let tag = Tag::of(tx.keys(), &format!("service/{id}/{}", service.version.0));
        Ok(Shown::new(ServiceView::from(service), tag))
    })
    .await
}
