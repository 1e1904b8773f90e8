//! Agencies: read by all, each written by itself.

use actix_web::{get, patch, web::Path};
use domain::{
    AgencyId,
    directory::{Agency, AgencyUpdate, Area, Hours, Phone, Shift},
    text::{Country, Line},
    vocabulary::{AgencyType, Role, ServiceCode},
};
use persistence::{Tx, directory::AgencyFilter};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::places::{AddressView, HoursView, ShiftView};
use crate::{
    call::{Call, PageQuery},
    failure::Failure,
    http::{Answer, Json, Query, Shown, Tag},
    v1::common::{clearable, listed, page, path_id},
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
    pub duty_phone: Option<Phone>,
    /// Whether its location is confidential.
    pub confidential_location: bool,
    /// Its public address.
    pub address: Option<AddressView>,
    /// The areas of its country that it serves; none named: the whole country.
    #[schema(max_items = 200)]
    pub areas: Vec<Area>,
    /// When it is open.
    #[schema(max_items = 42)]
    pub opening_hours: Vec<HoursView>,
    /// Who of its duty desk is on duty when. Without a roster the duty telephone is answered in opening hours.
    #[schema(max_items = 84)]
    pub duty_roster: Vec<ShiftView>,
    /// Whether the roster leaves no minute of the week out.
    pub around_the_clock: bool,
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
            around_the_clock: it.around_the_clock(),
            id: it.id,
            country: it.country,
            code: it.code,
            agency_type: it.agency_type,
            name: it.name,
            duty_phone: it.duty_phone,
            confidential_location: it.confidential_location,
            address: it.address.map(AddressView::from),
            areas: it.areas,
            opening_hours: it.opening_hours.into_iter().map(HoursView::from).collect(),
            duty_roster: it.duty_roster.into_iter().map(ShiftView::from).collect(),
            roles: it.roles,
            active: it.active,
        }
    }
}

/// Which agencies.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct AgencyQuery {
    /// Of this country only.
    pub country: Option<Country>,
    /// Of this type only.
    pub agency_type: Option<AgencyType>,
    /// Only those that offer this service at present.
    pub service: Option<ServiceCode>,
    /// Only those that serve this area: they name it, or serve the whole country that it is of.
    pub area: Option<Area>,
}

/// The agencies
///
/// Every agency of the node's countries, by country, type, service and area.
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
    let AgencyQuery { country, agency_type, service, area } = filter.0;
    let filter = AgencyFilter { country, agency_type, service, area };
    let (found, link) = call
        .list(page.0, None, move |tx, page| Ok(tx.agencies(filter.clone(), page)?), AgencyView::from)
        .await?;
    Ok(listed(&AgencyPage::from(found), link))
}

fn shown(tx: &Tx<'_>, agency: Agency) -> Shown<AgencyView> {
    let tag = Tag::of(tx.keys(), &format!("agency/{}/{}", agency.id, agency.version.0));
    Shown::new(AgencyView::from(agency), tag)
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
        Ok(shown(tx, agency))
    })
    .await
}

/// A change of the own entry: absent members stay, `null` clears where it is allowed.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "areas": ["EE-37"],
    "openingHours": [{ "weekday": "monday", "from": "08:00", "to": "16:00" }],
    "dutyRoster": [
        { "weekday": "monday", "from": "16:00", "to": "08:00", "phone": "+372 000 0000", "function": "Night watch" }
    ]
}))]
pub struct AgencyPatch {
    /// Its name.
    #[schema(nullable = false)]
    pub name: Option<Line<200>>,
    /// The telephone of its duty desk.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(
        value_type = Option<String>, max_length = 40, pattern = r"^\+?[0-9][0-9 ()./-]{1,38}$", example = "+372 000 0000"
    )]
    pub duty_phone: Option<Option<Phone>>,
    /// Whether its location is confidential. Becoming so takes the address out, and those of its services.
    #[schema(nullable = false)]
    pub confidential_location: Option<bool>,
    /// The public address, the whole of it; `null` takes it out.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(schema_with = AddressView::or_null)]
    pub address: Option<Option<AddressView>>,
    /// The areas of its country that it serves; the whole list, empty for the whole country.
    #[schema(max_items = 200, nullable = false)]
    pub areas: Option<Vec<Area>>,
    /// When it is open; the whole list, without overlaps.
    #[schema(max_items = 42, nullable = false)]
    pub opening_hours: Option<Vec<HoursView>>,
    /// Who of its duty desk is on duty when; the whole list.
    #[schema(max_items = 84, nullable = false)]
    pub duty_roster: Option<Vec<ShiftView>>,
}

impl From<AgencyPatch> for AgencyUpdate {
    fn from(it: AgencyPatch) -> Self {
        Self {
            name: it.name.map(String::from),
            duty_phone: it.duty_phone,
            confidential_location: it.confidential_location,
            address: it.address.map(|it| it.map(Into::into)),
            areas: it.areas,
            opening_hours: it.opening_hours.map(|it| it.into_iter().map(Hours::from).collect()),
            duty_roster: it.duty_roster.map(|it| it.into_iter().map(Shift::from).collect()),
        }
    }
}

/// Change the own entry
///
/// A merge patch by the agency itself. A confidential location has no address: becoming confidential takes it out.
#[utoipa::path(
    operation_id = "updateAgency", tag = "directory", params(("id" = AgencyId, Path, description = "The agency.")),
    request_body(content = AgencyPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The agency.", body = AgencyView))
)]
#[patch("/v1/agencies/{id}")]
pub async fn update_agency(call: Call, id: Path<String>, body: Json<AgencyPatch>) -> Result<Answer, Failure> {
    let id = path_id(&id, AgencyId::parse)?;
    let expected = call.expected();
    call.act(
        id.0,
        &body.canonical,
        move |tx| {
            tx.hold_directory()?;
            let agency = tx.agency(id)?;
            agency.written_by(&tx.cx.caller)?;
            expected.check(&shown(tx, agency.clone()).tag)?;
            let decided = agency.update(body.value.clone().into(), &tx.cx.caller)?;
            if decided.value.confidential_location {
                for service in tx.services_offered(id)? {
                    if let Some(hidden) = service.hidden() {
                        tx.save_service(&hidden)?;
                    }
                }
            }
            tx.save_agency(&decided)?;
            Ok(shown(tx, decided.value))
        },
        move |tx| {
            let agency = tx.agency(id)?;
            Ok(shown(tx, agency))
        },
    )
    .await
}
