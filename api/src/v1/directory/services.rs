//! Services: read by all, written by the agency that offers them.

use actix_web::{get, patch, post, web::Path};
use domain::{
    AgencyId, ServiceId, Timestamp,
    directory::{Area, Service, ServiceEntry, ServiceUpdate},
    text::{Country, Language, Line, Text},
    vocabulary::{ServiceCode, Sex, SpecialNeed, Urgency},
};
use persistence::Tx;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

use super::places::AddressView;
use crate::{
    call::{Call, PageQuery},
    failure::Failure,
    http::{Answer, Json, Query, Shown, Tag},
    v1::common::{clearable, listed, page, path_id},
};

/// A service that an agency offers. One at a confidential location has no address.
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
    /// What it does, in words.
    #[schema(max_length = 2000)]
    pub description: Option<String>,
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
    /// The special needs that it can meet; none named: nothing is said of them.
    #[schema(max_items = 30)]
    pub needs: Vec<SpecialNeed>,
    /// The urgencies that it accepts; none named: all.
    #[schema(max_items = 10)]
    pub urgencies: Vec<Urgency>,
    /// The areas that it serves; none named: those of its agency.
    #[schema(max_items = 200)]
    pub areas: Vec<Area>,
    /// Whether its location is confidential, even where its agency's is not.
    pub confidential_location: bool,
    /// Its public address, where it is not its agency's.
    pub address: Option<AddressView>,
    /// Free places, if it counts them.
    #[schema(minimum = 0, maximum = 32767)]
    pub capacity: Option<u16>,
    /// When the free places were counted. After three days the count says little.
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
        let entry = it.entry;
        Self {
            id: it.id,
            agency_id: it.agency,
            country: it.country,
            service: it.service,
            name: entry.name,
            description: entry.description,
            min_age: entry.min_age,
            max_age: entry.max_age,
            sexes: entry.sexes,
            languages: entry.languages,
            needs: entry.needs,
            urgencies: entry.urgencies,
            areas: entry.areas,
            confidential_location: entry.confidential_location,
            address: entry.address.map(AddressView::from),
            capacity: entry.capacity,
            capacity_as_of: it.capacity_as_of,
            active: entry.active,
        }
    }
}

fn shown(tx: &Tx<'_>, service: Service) -> Shown<ServiceView> {
    let tag = Tag::of(tx.keys(), &format!("service/{}/{}", service.id, service.version.0));
    Shown::new(ServiceView::from(service), tag)
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
        Ok(shown(tx, service))
    })
    .await
}

/// A service to offer.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "service": "mentoring", "name": "Demo mentoring for young people", "minAge": 12, "maxAge": 17,
    "sexes": ["female", "male", "other_or_non_binary"], "languages": ["et", "en"], "needs": ["acute_trauma"],
    "urgencies": ["priority", "standard"], "capacity": 4
}))]
pub struct CreateAgencyService {
    /// What it is.
    pub service: ServiceCode,
    /// Its name.
    pub name: Line<200>,
    /// What it does, in words.
    pub description: Option<Text<2000>>,
    /// The youngest age in whole years that it takes.
    #[schema(minimum = 0, maximum = 25)]
    pub min_age: u8,
    /// The oldest age in whole years that it takes.
    #[schema(minimum = 0, maximum = 25)]
    pub max_age: u8,
    /// The sexes that it takes.
    #[schema(min_items = 1, max_items = 10)]
    pub sexes: Vec<Sex>,
    /// The languages in which it is given.
    #[schema(min_items = 1, max_items = 50)]
    pub languages: Vec<Language>,
    /// The special needs that it can meet; without any nothing is said of them.
    #[schema(max_items = 30)]
    pub needs: Option<Vec<SpecialNeed>>,
    /// The urgencies that it accepts; without any all.
    #[schema(max_items = 10)]
    pub urgencies: Option<Vec<Urgency>>,
    /// The areas that it serves; without any those of its agency.
    #[schema(max_items = 200)]
    pub areas: Option<Vec<Area>>,
    /// Whether its location is confidential, even where its agency's is not.
    pub confidential_location: Option<bool>,
    /// Its public address, where it is not its agency's.
    pub address: Option<AddressView>,
    /// Free places, counted now; without it they are not counted.
    #[schema(minimum = 0, maximum = 32767)]
    pub capacity: Option<u16>,
    /// Whether it is offered at present; it is unless said otherwise.
    pub active: Option<bool>,
}

impl From<CreateAgencyService> for ServiceEntry {
    fn from(it: CreateAgencyService) -> Self {
        Self {
            name: it.name.into(),
            description: it.description.map(String::from),
            min_age: it.min_age,
            max_age: it.max_age,
            sexes: it.sexes,
            languages: it.languages,
            needs: it.needs.unwrap_or_default(),
            urgencies: it.urgencies.unwrap_or_default(),
            areas: it.areas.unwrap_or_default(),
            confidential_location: it.confidential_location.unwrap_or_default(),
            address: it.address.map(Into::into),
            capacity: it.capacity,
            active: it.active.unwrap_or(true),
        }
    }
}

/// Offer a service
///
/// Adds a service to those of the own agency.
#[utoipa::path(
    operation_id = "createAgencyService", tag = "directory",
    params(("id" = AgencyId, Path, description = "The agency.")), request_body = CreateAgencyService,
    responses((status = 201, description = "The service.", body = ServiceView))
)]
#[post("/v1/agencies/{id}/services")]
pub async fn create_agency_service(
    call: Call,
    id: Path<String>,
    body: Json<CreateAgencyService>,
) -> Result<Answer, Failure> {
    let agency = path_id(&id, AgencyId::parse)?;
    let wanted = body.value;
    call.create(
        &body.canonical,
        format!("/v1/agencies/{agency}/services"),
        move |tx, id| {
            tx.hold_directory()?;
            let agency = tx.agency(agency)?;
            agency.written_by(&tx.cx.caller)?;
            let others = tx.services_offered(agency.id)?;
            let (new, entry) = ((ServiceId(id), wanted.service), wanted.clone().into());
            let decided = Service::offer(new, entry, (&agency, &others), &tx.cx.caller, tx.cx.now)?;
            tx.add_service(&decided)?;
            Ok(shown(tx, decided.value))
        },
        move |tx, id| {
            let service = tx.service(agency, ServiceId(id))?;
            Ok(shown(tx, service))
        },
    )
    .await
}

/// A change of a service: absent members stay, `null` clears where it is allowed.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "capacity": 3 }))]
pub struct AgencyServicePatch {
    /// Its name.
    #[schema(nullable = false)]
    pub name: Option<Line<200>>,
    /// What it does, in words.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2000)]
    pub description: Option<Option<Text<2000>>>,
    /// The youngest age in whole years that it takes.
    #[schema(minimum = 0, maximum = 25, nullable = false)]
    pub min_age: Option<u8>,
    /// The oldest age in whole years that it takes.
    #[schema(minimum = 0, maximum = 25, nullable = false)]
    pub max_age: Option<u8>,
    /// The sexes that it takes; the whole list.
    #[schema(min_items = 1, max_items = 10, nullable = false)]
    pub sexes: Option<Vec<Sex>>,
    /// The languages in which it is given; the whole list.
    #[schema(min_items = 1, max_items = 50, nullable = false)]
    pub languages: Option<Vec<Language>>,
    /// The special needs that it can meet; the whole list.
    #[schema(max_items = 30, nullable = false)]
    pub needs: Option<Vec<SpecialNeed>>,
    /// The urgencies that it accepts; the whole list, empty for all.
    #[schema(max_items = 10, nullable = false)]
    pub urgencies: Option<Vec<Urgency>>,
    /// The areas that it serves; the whole list, empty for those of its agency.
    #[schema(max_items = 200, nullable = false)]
    pub areas: Option<Vec<Area>>,
    /// Whether its location is confidential. Becoming so takes the address out.
    #[schema(nullable = false)]
    pub confidential_location: Option<bool>,
    /// Its public address, the whole of it; `null` takes it out.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(schema_with = AddressView::or_null)]
    pub address: Option<Option<AddressView>>,
    /// Free places, counted now, also where the number is the same; `null`: they are not counted any more.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<u16>, minimum = 0, maximum = 32767)]
    pub capacity: Option<Option<u16>>,
    /// Whether it is offered at present.
    #[schema(nullable = false)]
    pub active: Option<bool>,
}

impl From<AgencyServicePatch> for ServiceUpdate {
    fn from(it: AgencyServicePatch) -> Self {
        Self {
            name: it.name.map(String::from),
            description: it.description.map(|it| it.map(String::from)),
            min_age: it.min_age,
            max_age: it.max_age,
            sexes: it.sexes,
            languages: it.languages,
            needs: it.needs,
            urgencies: it.urgencies,
            areas: it.areas,
            confidential_location: it.confidential_location,
            address: it.address.map(|it| it.map(Into::into)),
            capacity: it.capacity,
            active: it.active,
        }
    }
}

/// Change a service of the own agency
///
/// A merge patch by the agency that offers it. Whoever says how many places are free has counted them now.
#[utoipa::path(
    operation_id = "updateAgencyService", tag = "directory",
    params(("id" = AgencyId, Path, description = "The agency."), ("serviceId" = ServiceId, Path, description = "The service.")),
    request_body(content = AgencyServicePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The service.", body = ServiceView))
)]
#[patch("/v1/agencies/{id}/services/{serviceId}")]
pub async fn update_agency_service(
    call: Call,
    ids: Path<(String, String)>,
    body: Json<AgencyServicePatch>,
) -> Result<Answer, Failure> {
    let (agency, id) = (path_id(&ids.0, AgencyId::parse)?, path_id(&ids.1, ServiceId::parse)?);
    let expected = call.expected();
    call.act(
        id.0,
        &body.canonical,
        move |tx| {
            tx.hold_directory()?;
            let service = tx.service(agency, id)?;
            let agency = tx.agency(agency)?;
            agency.written_by(&tx.cx.caller)?;
            expected.check(&shown(tx, service.clone()).tag)?;
            let update = body.value.clone().into();
            let decided = service.update(update, &agency, &tx.cx.caller, tx.cx.now)?;
            tx.save_service(&decided)?;
            Ok(shown(tx, decided.value))
        },
        move |tx| {
            let service = tx.service(agency, id)?;
            Ok(shown(tx, service))
        },
    )
    .await
}
