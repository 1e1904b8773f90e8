//! The invented directory for development: ten countries with their profiles, and for two of them agencies with services
//! and one client each.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use diesel::{
    Connection as _, ExpressionMethods as _, PgConnection, QueryDsl as _, RunQueryDsl as _, dsl::insert_into,
};
use domain::{
    AgencyId, Day, ServiceId, Timestamp, Version,
    access::scope_ceiling,
    directory::{Address, Agency, Area, Hours, Phone, Profile, Service, ServiceEntry, Shift},
    text::{Country, Language},
    vocabulary::{AgencyType, Purpose, Role, ServiceCode, Sex, SpecialNeed, Urgency},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    ClientKey, Store, StoreError,
    directory::{AgencyRow, ServiceRow},
    rows,
    schema::{agencies, client_keys, clients, countries, services},
    store::fresh_id,
};

const DIRECTORY: &str = include_str!("../demo/directory.json");

/// The profiles of the countries around the Baltic Sea, one for each day from which one is valid.
const PROFILES: [&str; 10] = [
    include_str!("../profiles/DE-2026-01-01.json"),
    include_str!("../profiles/DK-2026-01-01.json"),
    include_str!("../profiles/EE-2026-01-01.json"),
    include_str!("../profiles/FI-2026-01-01.json"),
    include_str!("../profiles/IS-2026-01-01.json"),
    include_str!("../profiles/LT-2026-01-01.json"),
    include_str!("../profiles/LV-2026-01-01.json"),
    include_str!("../profiles/NO-2026-01-01.json"),
    include_str!("../profiles/PL-2026-01-01.json"),
    include_str!("../profiles/SE-2026-01-01.json"),
];

/// The demo directory as its file has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Demo {
    /// The countries, those without agencies too: what is known of each, and how well.
    #[serde(skip)]
    countries: Vec<DemoCountry>,
    /// The agencies; the names of all say that they are invented.
    pub agencies: Vec<DemoAgency>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DemoCountry {
    code: Country,
    name: String,
    valid_from: Day,
    profile: Profile,
}

/// An invented agency with its services and its one client.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DemoAgency {
    /// Its id: the same in every demo, so that documents can name it.
    pub id: AgencyId,
    /// Its country.
    pub country: Country,
    /// Its code, unique in the country.
    pub code: String,
    /// What kind of agency it is.
    pub agency_type: AgencyType,
    name: String,
    duty_phone: Option<Phone>,
    confidential_location: bool,
    address: Option<Address>,
    #[serde(default)]
    areas: Vec<Area>,
    #[serde(default)]
    opening_hours: Vec<Hours>,
    #[serde(default)]
    duty_roster: Vec<Shift>,
    /// The roles that its professionals may act in.
    pub roles: Vec<Role>,
    services: Vec<DemoService>,
    /// Its calling system, with all scopes that the type of the agency may hold.
    pub client: DemoClient,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DemoService {
    id: ServiceId,
    service: ServiceCode,
    name: String,
    description: Option<String>,
    min_age: u8,
    max_age: u8,
    sexes: Vec<Sex>,
    languages: Vec<Language>,
    #[serde(default)]
    needs: Vec<SpecialNeed>,
    #[serde(default)]
    urgencies: Vec<Urgency>,
    #[serde(default)]
    areas: Vec<Area>,
    #[serde(default)]
    confidential_location: bool,
    address: Option<Address>,
    capacity: Option<u16>,
}

impl DemoAgency {
    /// The agency as the directory has it.
    pub fn agency(&self) -> Agency {
        Agency {
            id: self.id,
            country: self.country,
            code: self.code.clone(),
            agency_type: self.agency_type,
            name: self.name.clone(),
            duty_phone: self.duty_phone.clone(),
            confidential_location: self.confidential_location,
            address: self.address.clone(),
            areas: self.areas.clone(),
            opening_hours: self.opening_hours.clone(),
            duty_roster: self.duty_roster.clone(),
            roles: self.roles.clone(),
            active: true,
            version: Version::FIRST,
        }
    }

    /// Its services, whose free places are counted now.
    pub fn services(&self, now: Timestamp) -> Vec<Service> {
        let service = |it: &DemoService| Service {
            id: it.id,
            agency: self.id,
            country: self.country,
            service: it.service,
            entry: ServiceEntry {
                name: it.name.clone(),
                description: it.description.clone(),
                min_age: it.min_age,
                max_age: it.max_age,
                sexes: it.sexes.clone(),
                languages: it.languages.clone(),
                needs: it.needs.clone(),
                urgencies: it.urgencies.clone(),
                areas: it.areas.clone(),
                confidential_location: it.confidential_location,
                address: it.address.clone(),
                capacity: it.capacity,
                active: true,
            },
            capacity_as_of: it.capacity.map(|_| now),
            version: Version::FIRST,
        };
        self.services.iter().map(service).collect()
    }
}

/// The calling system of an invented agency.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DemoClient {
    /// Its name in tokens and assertions.
    pub id: String,
    /// Whom it acts for unless told otherwise.
    pub professional: DemoProfessional,
    /// What for, unless told otherwise.
    pub purpose: Purpose,
}

/// A pseudonymous professional of an invented agency.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DemoProfessional {
    /// The agency's own id of the professional.
    pub id: String,
    /// The role.
    pub role: Role,
}

/// What a database held when the demo directory was to be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemoLoad {
    /// No agencies: the demo directory is there now.
    Loaded,
    /// The demo directory: its clients know the given keys now.
    AlreadyThere,
    /// Agencies that are not of the demo: nothing was changed.
    OtherAgencies,
}

impl Demo {
    /// Reads the directory that this build carries.
    pub fn read() -> Result<Self, serde_json::Error> {
        let mut demo: Self = serde_json::from_str(DIRECTORY)?;
        demo.countries = PROFILES.iter().map(|it| serde_json::from_str(it)).collect::<Result<_, _>>()?;
        Ok(demo)
    }
}

impl Store {
    /// Whether the schema has not been made yet.
    pub fn is_blank(&self) -> Result<bool, StoreError> {
        self.as_owner(|session| {
            let blank = diesel::dsl::sql::<diesel::sql_types::Bool>("to_regclass('agencies') IS NULL");
            Ok(diesel::select(blank).get_result(&mut session.conn)?)
        })
    }

    /// Whether there are agencies.
    pub fn has_agencies(&self) -> Result<bool, StoreError> {
        self.as_owner(|session| {
            let some = diesel::dsl::exists(agencies::table.select(agencies::id));
            Ok(diesel::select(some).get_result(&mut session.conn)?)
        })
    }

    /// Loads the demo directory into a database without agencies, or gives the clients of one that is already there
    /// these keys as well. `key_of` has the public key of each client.
    pub fn load_demo(
        &self,
        demo: &Demo,
        key_of: impl Fn(&DemoClient) -> Option<ClientKey>,
        now: Timestamp,
    ) -> Result<DemoLoad, StoreError> {
        self.as_owner(|session| {
            session.conn.transaction(|conn| {
                let present: Vec<Uuid> = agencies::table.select(agencies::id).load(conn)?;
                let ours: BTreeSet<Uuid> = demo.agencies.iter().map(|it| it.id.0).collect();
                if present.iter().any(|it| !ours.contains(it)) {
                    return Ok(DemoLoad::OtherAgencies);
                }
                // An earlier build may have left a demo that knew fewer countries, agencies, roles and scopes.
                add_countries(conn, demo)?;
                for it in &demo.agencies {
                    if !present.contains(&it.id.0) {
                        add_agency(conn, it, now)?;
                    }
                    diesel::update(agencies::table.find(it.id.0))
                        .filter(agencies::roles.ne(rows::texts(&it.roles)))
                        .set(agencies::roles.eq(rows::texts(&it.roles)))
                        .execute(conn)?;
                    let scopes = scope_ceiling(it.agency_type).to_string();
                    diesel::update(clients::table.filter(clients::client_id.eq(&it.client.id)))
                        .set(clients::scopes.eq(scopes))
                        .execute(conn)?;
                }
                for client in demo.agencies.iter().map(|it| &it.client) {
                    if let Some(key) = key_of(client) {
                        add_key(conn, client, &key)?;
                    }
                }
                Ok(if present.is_empty() { DemoLoad::Loaded } else { DemoLoad::AlreadyThere })
            })
        })
    }
}

fn add_countries(conn: &mut PgConnection, demo: &Demo) -> Result<(), StoreError> {
    for it in &demo.countries {
        let profile = serde_json::to_value(&it.profile)
            .map_err(|_| StoreError::corrupt("countries", "a profile that cannot be written"))?;
        insert_into(countries::table)
            .values((
                countries::code.eq(it.code.as_str()),
                countries::valid_from.eq(it.valid_from.0),
                countries::name.eq(&it.name),
                countries::profile.eq(profile),
            ))
            .on_conflict_do_nothing()
            .execute(conn)?;
    }
    Ok(())
}

fn add_agency(conn: &mut PgConnection, agency: &DemoAgency, now: Timestamp) -> Result<(), StoreError> {
    insert_into(agencies::table).values(AgencyRow::try_from(&agency.agency())?).execute(conn)?;
    for it in agency.services(now) {
        insert_into(services::table).values(ServiceRow::try_from(&it)?).execute(conn)?;
    }
    insert_into(clients::table)
        .values((
            clients::id.eq(fresh_id()),
            clients::client_id.eq(&agency.client.id),
            clients::agency_id.eq(agency.id.0),
            clients::name.eq(format!("System of {}", agency.name)),
            clients::scopes.eq(scope_ceiling(agency.agency_type).to_string()),
        ))
        .execute(conn)?;
    Ok(())
}

fn add_key(conn: &mut PgConnection, client: &DemoClient, key: &ClientKey) -> Result<(), StoreError> {
    let id: Uuid =
        clients::table.filter(clients::client_id.eq(&client.id)).select(clients::id).first(conn)?;
    insert_into(client_keys::table)
        .values((
            client_keys::client.eq(id),
            client_keys::kid.eq(&key.kid),
            client_keys::algorithm.eq(&key.algorithm),
            client_keys::public_key_pem.eq(&key.public_key_pem),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(())
}
