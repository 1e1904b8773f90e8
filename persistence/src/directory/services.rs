//! Services of agencies.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, Insertable, OptionalExtension as _, QueryDsl as _,
    Queryable, RunQueryDsl as _, Selectable, SelectableHelper as _, dsl::insert_into,
};
use domain::{
    AgencyId, Decided, ServiceId, Timestamp, Version,
    directory::{Area, MOST_SERVICES, Service, ServiceEntry},
    text::Language,
};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Page, PageRequest, StoreError, rows, schema::services, store::Tx};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = services)]
pub(crate) struct ServiceRow {
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
    description: Option<String>,
    needs: Vec<String>,
    urgencies: Vec<String>,
    areas: Vec<String>,
    confidential_location: bool,
    address: Option<Value>,
}

/// Areas as they are stored.
pub(super) fn areas_of(table: &'static str, texts: &[String]) -> Result<Vec<Area>, StoreError> {
    texts.iter().map(|it| Area::parse(it).ok_or(StoreError::corrupt(table, "not an area"))).collect()
}

impl TryFrom<ServiceRow> for Service {
    type Error = StoreError;
    fn try_from(row: ServiceRow) -> Result<Self, StoreError> {
        let corrupt = |what| StoreError::corrupt("services", what);
        let languages = row.languages.iter().map(|it| Language::parse(it).ok_or(corrupt("not a language")));
        let entry = ServiceEntry {
            name: row.name,
            description: row.description,
            min_age: u8::try_from(row.min_age).map_err(|_| corrupt("not an age"))?,
            max_age: u8::try_from(row.max_age).map_err(|_| corrupt("not an age"))?,
            sexes: rows::codes("services", &row.sexes)?,
            languages: languages.collect::<Result<_, _>>()?,
            needs: rows::codes("services", &row.needs)?,
            urgencies: rows::codes("services", &row.urgencies)?,
            areas: areas_of("services", &row.areas)?,
            confidential_location: row.confidential_location,
            address: row.address.map(|it| rows::from_json("services", it)).transpose()?,
            capacity: row
                .capacity
                .map(u16::try_from)
                .transpose()
                .map_err(|_| corrupt("a negative capacity"))?,
            active: row.active,
        };
        Ok(Self {
            id: ServiceId(row.id),
            agency: AgencyId(row.agency_id),
            country: rows::country("services", &row.country)?,
            service: rows::code("services", &row.service)?,
            entry,
            capacity_as_of: row.capacity_as_of.map(Timestamp::new),
            version: Version(row.version),
        })
    }
}

impl TryFrom<&Service> for ServiceRow {
    type Error = StoreError;
    fn try_from(it: &Service) -> Result<Self, StoreError> {
        let entry = &it.entry;
        let capacity = entry.capacity.map(i16::try_from).transpose();
        let texts = |codes: Vec<&'static str>| codes.into_iter().map(str::to_owned).collect();
        Ok(Self {
            id: it.id.0,
            agency_id: it.agency.0,
            country: it.country.to_string(),
            service: it.service.to_string(),
            name: entry.name.clone(),
            min_age: entry.min_age.into(),
            max_age: entry.max_age.into(),
            sexes: texts(rows::texts(&entry.sexes)),
            languages: entry.languages.iter().map(|it| it.as_str().to_owned()).collect(),
            capacity: capacity
                .map_err(|_| StoreError::corrupt("services", "a capacity that is too large"))?,
            capacity_as_of: it.capacity_as_of.map(Timestamp::raw),
            active: entry.active,
            version: it.version.0,
            description: entry.description.clone(),
            needs: texts(rows::texts(&entry.needs)),
            urgencies: texts(rows::texts(&entry.urgencies)),
            areas: entry.areas.iter().map(|it| it.as_str().to_owned()).collect(),
            confidential_location: entry.confidential_location,
            address: entry.address.as_ref().map(|it| rows::to_json("services", it)).transpose()?,
        })
    }
}

impl Tx<'_> {
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

    /// All services of an agency, also those that it does not offer at present.
    pub fn services_offered(&mut self, agency: AgencyId) -> Result<Vec<Service>, StoreError> {
        let rows: Vec<ServiceRow> = services::table
            .filter(services::agency_id.eq(agency.0))
            .order(services::id)
            .limit(i64::try_from(MOST_SERVICES).unwrap_or(i64::MAX))
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

    /// Stores a new service with its facts.
    pub fn add_service(&mut self, decided: &Decided<Service>) -> Result<(), StoreError> {
        let row = ServiceRow::try_from(&decided.value)?;
        insert_into(services::table).values(row).execute(self.conn)?;
        self.settle(decided)
    }

    /// Stores what changed of a service, if nobody else changed it.
    pub fn save_service(&mut self, decided: &Decided<Service>) -> Result<(), StoreError> {
        let it = ServiceRow::try_from(&decided.value)?;
        let changed = diesel::update(services::table.find(it.id))
            .filter(services::version.eq(it.version - 1))
            .set((
                services::name.eq(it.name),
                services::description.eq(it.description),
                services::min_age.eq(it.min_age),
                services::max_age.eq(it.max_age),
                services::sexes.eq(it.sexes),
                services::languages.eq(it.languages),
                services::needs.eq(it.needs),
                services::urgencies.eq(it.urgencies),
                services::areas.eq(it.areas),
                services::confidential_location.eq(it.confidential_location),
                services::address.eq(it.address),
                services::capacity.eq(it.capacity),
                services::capacity_as_of.eq(it.capacity_as_of),
                services::active.eq(it.active),
                services::version.eq(it.version),
            ))
            .execute(self.conn)?;
        if changed != 1 {
            return Err(StoreError::Stale);
        }
        self.settle(decided)
    }
}
