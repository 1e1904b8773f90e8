//! The directory: countries with the profile of a day, agencies, services and professionals.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, Queryable,
    RunQueryDsl as _, Selectable, SelectableHelper as _,
};
use domain::{
    AgencyId, Day, ProfessionalId, ServiceId, Timestamp, Version,
    directory::{Agency, CountryEntry, Professional, Profile, Service},
    text::{Country, Language},
    vocabulary::AgencyType,
};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::{
    Page, PageRequest, StoreError, rows,
    schema::{agencies, countries, professionals, services},
    store::Tx,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = agencies)]
struct AgencyRow {
    id: Uuid,
    country: String,
    code: String,
    agency_type: String,
    name: String,
    duty_phone: Option<String>,
    confidential_location: bool,
    roles: Vec<String>,
    active: bool,
    version: i32,
}

impl TryFrom<AgencyRow> for Agency {
    type Error = StoreError;
    fn try_from(row: AgencyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: AgencyId(row.id),
            country: rows::country("agencies", &row.country)?,
            code: row.code,
            agency_type: rows::code("agencies", &row.agency_type)?,
            name: row.name,
            duty_phone: row.duty_phone,
            confidential_location: row.confidential_location,
            roles: rows::codes("agencies", &row.roles)?,
            active: row.active,
            version: Version(row.version),
        })
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = services)]
struct ServiceRow {
    id: Uuid,
    agency_id: Uuid,
    country: String,
    service: String,
    name: String,
    min_age: i16,
    max_age: i16,
    sexes: Vec<String>,
    languages: Vec<String>,
    capacity: Option<i16>,
    capacity_as_of: Option<OffsetDateTime>,
    active: bool,
    version: i32,
}

impl TryFrom<ServiceRow> for Service {
    type Error = StoreError;
    fn try_from(row: ServiceRow) -> Result<Self, StoreError> {
        let corrupt = |what| StoreError::corrupt("services", what);
        let languages = row.languages.iter().map(|it| Language::parse(it).ok_or(corrupt("not a language")));
        Ok(Self {
            id: ServiceId(row.id),
            agency: AgencyId(row.agency_id),
            country: rows::country("services", &row.country)?,
            service: rows::code("services", &row.service)?,
            name: row.name,
            min_age: u8::try_from(row.min_age).map_err(|_| corrupt("not an age"))?,
            max_age: u8::try_from(row.max_age).map_err(|_| corrupt("not an age"))?,
            sexes: rows::codes("services", &row.sexes)?,
            languages: languages.collect::<Result<_, _>>()?,
            capacity: row
                .capacity
                .map(u16::try_from)
                .transpose()
                .map_err(|_| corrupt("a negative capacity"))?,
            capacity_as_of: row.capacity_as_of.map(Timestamp::new),
            active: row.active,
            version: Version(row.version),
        })
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = professionals)]
struct ProfessionalRow {
    id: Uuid,
    agency_id: Uuid,
    role: String,
    unit: Option<String>,
    suspended: bool,
}

impl TryFrom<ProfessionalRow> for Professional {
    type Error = StoreError;
    fn try_from(row: ProfessionalRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ProfessionalId(row.id),
            agency: AgencyId(row.agency_id),
            role: rows::code("professionals", &row.role)?,
            unit: row.unit,
            suspended: row.suspended,
        })
    }
}

/// A filter over agencies.
#[derive(Clone, Copy, Debug, Default)]
pub struct AgencyFilter {
    /// Of this country only.
    pub country: Option<Country>,
    /// Of this type only.
    pub agency_type: Option<AgencyType>,
}

impl Tx<'_> {
    /// The countries with the profile that is valid on the day of the request, by code.
    pub fn countries(&mut self) -> Result<Vec<CountryEntry>, StoreError> {
        let today = self.cx.now.date();
        let rows: Vec<(String, Date, String, serde_json::Value)> = countries::table
            .filter(countries::valid_from.le(today))
            .distinct_on(countries::code)
            .order((countries::code, countries::valid_from.desc()))
            .load(self.conn)?;
        rows.into_iter().map(country_entry).collect()
    }

    /// A country with the profile that is valid on the day of the request.
    pub fn country(&mut self, code: Country) -> Result<CountryEntry, StoreError> {
        let row: Option<(String, Date, String, serde_json::Value)> = countries::table
            .filter(countries::code.eq(code.as_str()).and(countries::valid_from.le(self.cx.now.date())))
            .order(countries::valid_from.desc())
            .first(self.conn)
            .optional()?;
        country_entry(row.ok_or(StoreError::NotFound)?)
    }

    /// The profile of the caller's own country.
    pub fn profile(&mut self) -> Result<Profile, StoreError> {
        Ok(self.country(self.cx.caller.country)?.profile)
    }

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
        let rows: Vec<AgencyRow> = query.load(self.conn)?;
        page.page(rows, |it| it.id, Agency::try_from).transposed()
    }

    /// An agency.
    pub fn agency(&mut self, id: AgencyId) -> Result<Agency, StoreError> {
        let row = agencies::table.find(id.0).select(AgencyRow::as_select()).first(self.conn).optional()?;
        row.ok_or(StoreError::NotFound)?.try_into()
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

    /// A page of the services of an agency.
    pub fn services(&mut self, agency: AgencyId, page: PageRequest) -> Result<Page<Service>, StoreError> {
        self.agency(agency)?;
        let rows: Vec<ServiceRow> = services::table
            .filter(services::agency_id.eq(agency.0).and(services::id.lt(page.before())))
            .order(services::id.desc())
            .limit(page.fetch())
            .select(ServiceRow::as_select())
            .load(self.conn)?;
        page.page(rows, |it| it.id, Service::try_from).transposed()
    }

    /// What an agency offers at present; no agency offers more than a page.
    pub fn services_offered(&mut self, agency: AgencyId) -> Result<Vec<Service>, StoreError> {
        let rows: Vec<ServiceRow> = services::table
            .filter(services::agency_id.eq(agency.0))
            .order(services::id)
            .limit(200)
            .select(ServiceRow::as_select())
            .load(self.conn)?;
        rows.into_iter().map(Service::try_from).collect()
    }

    /// A service of an agency; under another agency it is not found.
    pub fn service(&mut self, agency: AgencyId, id: ServiceId) -> Result<Service, StoreError> {
        let row = services::table
            .filter(services::id.eq(id.0).and(services::agency_id.eq(agency.0)))
            .select(ServiceRow::as_select())
            .first(self.conn)
            .optional()?;
        row.ok_or(StoreError::NotFound)?.try_into()
    }

    /// A page of the professionals of the caller's own agency.
    pub fn professionals(&mut self, page: PageRequest) -> Result<Page<Professional>, StoreError> {
        let rows: Vec<ProfessionalRow> = professionals::table
            .filter(professionals::agency_id.eq(self.cx.caller.agency.0))
            .filter(professionals::id.lt(page.before()))
            .order(professionals::id.desc())
            .limit(page.fetch())
            .select(ProfessionalRow::as_select())
            .load(self.conn)?;
        page.page(rows, |it| it.id, Professional::try_from).transposed()
    }

    /// A professional of the caller's own agency.
    pub fn professional(&mut self, id: ProfessionalId) -> Result<Professional, StoreError> {
        let row = professionals::table
            .filter(professionals::id.eq(id.0).and(professionals::agency_id.eq(self.cx.caller.agency.0)))
            .select(ProfessionalRow::as_select())
            .first(self.conn)
            .optional()?;
        row.ok_or(StoreError::NotFound)?.try_into()
    }
}

fn country_entry(row: (String, Date, String, serde_json::Value)) -> Result<CountryEntry, StoreError> {
    let (code, valid_from, name, profile) = row;
    Ok(CountryEntry {
        code: rows::country("countries", &code)?,
        name,
        valid_from: Day(valid_from),
        profile: serde_json::from_value(profile)
            .map_err(|_| StoreError::corrupt("countries", "a profile that this build does not read"))?,
    })
}
