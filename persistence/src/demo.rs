//! The invented directory for development: two countries, their agencies with services, and one client each.

use std::collections::BTreeSet;

use diesel::{
    Connection as _, ExpressionMethods as _, PgConnection, QueryDsl as _, RunQueryDsl as _, dsl::insert_into,
};
use domain::{
    AgencyId, CodeList as _, Day, ServiceId, Timestamp,
    access::scope_ceiling,
    directory::Profile,
    text::{Country, Language},
    vocabulary::{AgencyType, Purpose, Role, ServiceCode, Sex},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    ClientKey, Store, StoreError, rows,
    schema::{agencies, client_keys, clients, countries, services},
    store::fresh_id,
};

const DIRECTORY: &str = include_str!("../demo/directory.json");

/// The demo directory as its file has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Demo {
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
    duty_phone: Option<String>,
    confidential_location: bool,
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
    min_age: i16,
    max_age: i16,
    sexes: Vec<Sex>,
    languages: Vec<Language>,
    capacity: Option<i16>,
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
        serde_json::from_str(DIRECTORY)
    }
}

impl Store {
    /// Whether the schema has not been made yet.
    pub fn is_blank(&self) -> Result<bool, StoreError> {
        self.unattended(|session| {
            let blank = diesel::dsl::sql::<diesel::sql_types::Bool>("to_regclass('agencies') IS NULL");
            Ok(diesel::select(blank).get_result(&mut session.conn)?)
        })
    }

    /// Whether there are agencies.
    pub fn has_agencies(&self) -> Result<bool, StoreError> {
        self.unattended(|session| {
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
        self.unattended(|session| {
            session.conn.transaction(|conn| {
                let present: Vec<Uuid> = agencies::table.select(agencies::id).load(conn)?;
                let ours: BTreeSet<Uuid> = demo.agencies.iter().map(|it| it.id.0).collect();
                if present.iter().any(|it| !ours.contains(it)) {
                    return Ok(DemoLoad::OtherAgencies);
                }
                if present.is_empty() {
                    add_directory(conn, demo, now)?;
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

fn add_directory(conn: &mut PgConnection, demo: &Demo, now: Timestamp) -> Result<(), StoreError> {
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
            .execute(conn)?;
    }
    demo.agencies.iter().try_for_each(|it| add_agency(conn, it, now))
}

fn add_agency(conn: &mut PgConnection, agency: &DemoAgency, now: Timestamp) -> Result<(), StoreError> {
    insert_into(agencies::table)
        .values((
            agencies::id.eq(agency.id.0),
            agencies::country.eq(agency.country.as_str()),
            agencies::code.eq(&agency.code),
            agencies::agency_type.eq(agency.agency_type.code()),
            agencies::name.eq(&agency.name),
            agencies::duty_phone.eq(&agency.duty_phone),
            agencies::confidential_location.eq(agency.confidential_location),
            agencies::roles.eq(rows::texts(&agency.roles)),
        ))
        .execute(conn)?;
    for it in &agency.services {
        insert_into(services::table)
            .values((
                services::id.eq(it.id.0),
                services::agency_id.eq(agency.id.0),
                services::country.eq(agency.country.as_str()),
                services::service.eq(it.service.code()),
                services::name.eq(&it.name),
                services::min_age.eq(it.min_age),
                services::max_age.eq(it.max_age),
                services::sexes.eq(rows::texts(&it.sexes)),
                services::languages.eq(it.languages.iter().map(Language::as_str).collect::<Vec<_>>()),
                services::capacity.eq(it.capacity),
                services::capacity_as_of.eq(it.capacity.map(|_| now.raw())),
            ))
            .execute(conn)?;
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

#[cfg(test)]
mod tests {
    use domain::deadlines::WorkingTime;

    use super::*;

    fn demo() -> Demo {
        Demo::read().expect("the demo directory")
    }

    #[test]
    fn every_client_has_scopes_and_acts_in_a_registered_role() {
        for it in demo().agencies {
            assert!(scope_ceiling(it.agency_type).iter().count() >= 2, "{}", it.code);
            assert!(it.roles.contains(&it.client.professional.role), "{}", it.code);
            assert!(it.roles.len() > 1, "{} can act in one role only", it.code);
        }
    }

    #[test]
    fn it_spans_two_countries_and_many_types_with_confidential_shelters() {
        let demo = demo();
        let countries: BTreeSet<_> = demo.agencies.iter().map(|it| it.country).collect();
        assert_eq!(countries, demo.countries.iter().map(|it| it.code).collect());
        assert_eq!(countries.len(), 2);
        let types: BTreeSet<_> = demo.agencies.iter().map(|it| it.agency_type).collect();
        assert!(demo.agencies.len() >= 12 && types.len() >= 9, "{types:?}");
        for it in demo.agencies.iter().filter(|it| it.agency_type == AgencyType::Shelter) {
            assert!(it.confidential_location && it.duty_phone.is_none(), "{}", it.code);
        }
    }

    #[test]
    fn nothing_in_it_can_be_taken_for_a_real_agency() {
        for it in demo().agencies {
            assert!(it.name.starts_with("Demo ") && it.code.starts_with("demo-"), "{}", it.code);
            assert!(it.services.iter().all(|it| it.name.starts_with("Demo ")), "{}", it.code);
            assert!(it.duty_phone.is_none_or(|it| it.contains(" 000")), "{}", it.code);
        }
    }

    #[test]
    fn every_urgency_has_response_times_in_their_order() {
        let sent = Timestamp::parse("2026-11-24T08:30:00Z").expect("an instant");
        for country in demo().countries {
            let time = WorkingTime::of(country.code, &country.profile.time_zone).expect("a calendar");
            for urgency in domain::vocabulary::Urgency::ALL {
                let times = country.profile.times(*urgency).expect("times");
                let at = |span| time.limit(sent, span).at;
                let order = [sent, at(times.acknowledge), at(times.decide), at(times.first_contact)];
                assert!(order.is_sorted_by(|a, b| a < b), "{} {urgency}", country.code);
            }
        }
    }

    #[cfg(feature = "testing")]
    mod on_a_database {
        use std::{sync::Arc, time::Duration};

        use super::*;
        use crate::{NodeKeys, Settings, testing::TestDatabase};

        fn store(database: &TestDatabase) -> Store {
            let settings =
                Settings { url: database.url.clone(), connections: 2, wait: Duration::from_secs(5) };
            Store::open(settings, Arc::new(NodeKeys::derive(&[7; 32]).expect("keys")))
        }

        fn key(kid: &str) -> ClientKey {
            let public_key_pem = "not looked at here".to_owned();
            ClientKey { kid: kid.to_owned(), algorithm: "EdDSA".to_owned(), public_key_pem }
        }

        #[test]
        fn it_loads_once_and_then_learns_new_keys_only() {
            let database = TestDatabase::new();
            let store = store(&database);
            let demo = Demo::read().expect("the demo directory");
            let now = Timestamp::parse("2026-11-24T08:30:00Z").expect("an instant");
            assert!(!store.has_agencies().expect("looks"));
            assert_eq!(store.load_demo(&demo, |_| Some(key("first")), now).expect("loads"), DemoLoad::Loaded);
            assert!(store.has_agencies().expect("looks"));
            assert_eq!(
                store.load_demo(&demo, |_| Some(key("first")), now).expect("again"),
                DemoLoad::AlreadyThere
            );
            assert_eq!(
                store.load_demo(&demo, |_| Some(key("second")), now).expect("again"),
                DemoLoad::AlreadyThere
            );
            for agency in &demo.agencies {
                let client = store.client(&agency.client.id).expect("reads").expect("is there");
                assert_eq!(client.agency, agency.id);
                assert_eq!(client.scopes, scope_ceiling(agency.agency_type));
                assert_eq!(client.keys.len(), 2, "{}", agency.client.id);
            }
        }

        #[test]
        fn a_database_with_other_agencies_is_left_alone() {
            let database = TestDatabase::new();
            let store = store(&database);
            insert_into(agencies::table)
                .values((
                    agencies::id.eq(fresh_id()),
                    agencies::country.eq("EE"),
                    agencies::code.eq("real"),
                    agencies::agency_type.eq("police"),
                    agencies::name.eq("Real Police"),
                    agencies::roles.eq(vec!["investigator"]),
                ))
                .execute(&mut database.connection())
                .expect("an agency");
            let demo = Demo::read().expect("the demo directory");
            let now = Timestamp::parse("2026-11-24T08:30:00Z").expect("an instant");
            assert_eq!(
                store.load_demo(&demo, |_| Some(key("kid")), now).expect("looks"),
                DemoLoad::OtherAgencies
            );
            assert!(store.client("tallinn-police").expect("reads").is_none());
        }
    }
}
