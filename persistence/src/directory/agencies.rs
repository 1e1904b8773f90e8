//! Agencies.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, Insertable, OptionalExtension as _,
    PgArrayExpressionMethods as _, QueryDsl as _, Queryable, RunQueryDsl as _, Selectable,
    SelectableHelper as _, dsl::exists,
};
use domain::{
    AgencyId, CodeList as _, Decided, Version,
    directory::{Agency, Area, Phone},
    text::Country,
    vocabulary::{AgencyType, ServiceCode},
};
use serde_json::Value;
use uuid::Uuid;

use super::services::areas_of;
use crate::{
    Page, PageRequest, StoreError, rows,
    schema::{agencies, directory_versions, services},
    store::Tx,
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = agencies)]
pub(crate) struct AgencyRow {
    pub(super) id: Uuid,
    country: String,
    code: String,
    agency_type: String,
    name: String,
    duty_phone: Option<String>,
    confidential_location: bool,
    roles: Vec<String>,
    active: bool,
    version: i32,
    address: Option<Value>,
    areas: Vec<String>,
    opening_hours: Value,
    duty_roster: Value,
}

impl TryFrom<AgencyRow> for Agency {
    type Error = StoreError;
    fn try_from(row: AgencyRow) -> Result<Self, StoreError> {
        let corrupt = |what| StoreError::corrupt("agencies", what);
        let phone = |it: String| Phone::parse(&it).ok_or(corrupt("not a telephone number"));
        Ok(Self {
            id: AgencyId(row.id),
            country: rows::country("agencies", &row.country)?,
            code: row.code,
            agency_type: rows::code("agencies", &row.agency_type)?,
            name: row.name,
            duty_phone: row.duty_phone.map(phone).transpose()?,
            confidential_location: row.confidential_location,
            address: row.address.map(|it| rows::from_json("agencies", it)).transpose()?,
            areas: areas_of("agencies", &row.areas)?,
            opening_hours: rows::from_json("agencies", row.opening_hours)?,
            duty_roster: rows::from_json("agencies", row.duty_roster)?,
            roles: rows::codes("agencies", &row.roles)?,
            active: row.active,
            version: Version(row.version),
        })
    }
}

impl TryFrom<&Agency> for AgencyRow {
    type Error = StoreError;
    fn try_from(it: &Agency) -> Result<Self, StoreError> {
        Ok(Self {
            id: it.id.0,
            country: it.country.to_string(),
            code: it.code.clone(),
            agency_type: it.agency_type.to_string(),
            name: it.name.clone(),
            duty_phone: it.duty_phone.as_ref().map(|it| it.as_str().to_owned()),
            confidential_location: it.confidential_location,
            roles: it.roles.iter().map(ToString::to_string).collect(),
            active: it.active,
            version: it.version.0,
            address: it.address.as_ref().map(|it| rows::to_json("agencies", it)).transpose()?,
            areas: it.areas.iter().map(|it| it.as_str().to_owned()).collect(),
            opening_hours: rows::to_json("agencies", &it.opening_hours)?,
            duty_roster: rows::to_json("agencies", &it.duty_roster)?,
        })
    }
}

/// A filter over agencies.
#[derive(Clone, Debug, Default)]
pub struct AgencyFilter {
    /// Of this country only.
    pub country: Option<Country>,
    /// Of this type only.
    pub agency_type: Option<AgencyType>,
    /// Only those that offer this service at present.
    pub service: Option<ServiceCode>,
    /// Only those that serve this area: they name it, or it is of the country that they serve as a whole.
    pub area: Option<Area>,
}

impl Tx<'_> {
    /// A page of agencies.
    pub fn agencies(&mut self, filter: AgencyFilter, page: PageRequest) -> Result<Page<Agency>, StoreError> {
        let mut query = agencies::table
            .filter(agencies::id.lt(page.before()))
            .order(agencies::id.desc())
            .limit(page.fetch())
            .select(AgencyRow::as_select())
            .into_boxed();
        if let Some(country) = filter.country {
            query = query.filter(agencies::country.eq(country.to_string()));
        }
        if let Some(agency_type) = filter.agency_type {
            query = query.filter(agencies::agency_type.eq(agency_type.to_string()));
        }
        if let Some(service) = filter.service {
            let offered = services::table
                .filter(services::agency_id.eq(agencies::id).and(services::active))
                .filter(services::service.eq(service.code()));
            query = query.filter(exists(offered));
        }
        if let Some(area) = filter.area {
            let country = area.country().to_string();
            let whole = agencies::areas.eq(Vec::<String>::new()).and(agencies::country.eq(country));
            query = query.filter(agencies::areas.contains(vec![area.as_str().to_owned()]).or(whole));
        }
        let rows: Vec<AgencyRow> = query.load(self.conn)?;
        page.page(rows, |it| it.id, Agency::try_from).transposed()
    }

    /// An agency.
    pub fn agency(&mut self, id: AgencyId) -> Result<Agency, StoreError> {
        let row = agencies::table.find(id.0).select(AgencyRow::as_select()).first(self.conn).optional()?;
        row.ok_or(StoreError::NotFound)?.try_into()
    }

    /// These agencies, in the order of their ids.
    pub fn agencies_named(&mut self, ids: &[AgencyId]) -> Result<Vec<Agency>, StoreError> {
        let rows: Vec<AgencyRow> = agencies::table
            .filter(agencies::id.eq_any(ids.iter().map(|it| it.0).collect::<Vec<_>>()))
            .order(agencies::id)
            .select(AgencyRow::as_select())
            .load(self.conn)?;
        rows.into_iter().map(Agency::try_from).collect()
    }

    /// The agency of a type that a place's mechanism turns to first: the oldest active one of the country.
    pub fn first_agency_of(&mut self, agency_type: AgencyType) -> Result<Option<AgencyId>, StoreError> {
        let country = self.cx.caller.country;
        let found: Option<Uuid> = agencies::table
            .filter(agencies::country.eq(country.as_str()))
            .filter(agencies::agency_type.eq(agency_type.to_string()).and(agencies::active))
            .order(agencies::id)
            .select(agencies::id)
            .first(self.conn)
            .optional()?;
        Ok(found.map(AgencyId))
    }

    /// Holds the directory of the caller's country until the end of the transaction, so that an agency and its services
    /// are written by one at a time: whether a service may have an address depends on both. The row is there as soon as
    /// the country has an agency.
    pub fn hold_directory(&mut self) -> Result<(), StoreError> {
        let _: i64 = directory_versions::table
            .find(self.cx.caller.country.as_str())
            .select(directory_versions::version)
            .for_update()
            .first(self.conn)?;
        Ok(())
    }

    /// Stores what an agency changed of its entry, if nobody else changed it.
    pub fn save_agency(&mut self, decided: &Decided<Agency>) -> Result<(), StoreError> {
        let it = AgencyRow::try_from(&decided.value)?;
        let changed = diesel::update(agencies::table.find(it.id))
            .filter(agencies::version.eq(it.version - 1))
            .set((
                agencies::name.eq(it.name),
                agencies::duty_phone.eq(it.duty_phone),
                agencies::confidential_location.eq(it.confidential_location),
                agencies::address.eq(it.address),
                agencies::areas.eq(it.areas),
                agencies::opening_hours.eq(it.opening_hours),
                agencies::duty_roster.eq(it.duty_roster),
                agencies::version.eq(it.version),
            ))
            .execute(self.conn)?;
        if changed != 1 {
            return Err(StoreError::Stale);
        }
        self.settle(decided)
    }
}
