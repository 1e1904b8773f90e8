//! A database per test, copied from a migrated template.
//!
//! The server is the one that `TRM_TEST_SERVER` names; `make test` starts it. The first test of a run makes the
//! template, under a lock of the server, so that it does not matter whether tests share a process.
#![expect(clippy::expect_used, clippy::panic, reason = "test support: a broken harness should stop the test")]

use std::{any::Any, env};

use diesel::{
    Connection, PgConnection, QueryResult, RunQueryDsl,
    connection::{BoxableConnection, SimpleConnection},
    migration::MigrationSource,
    pg::Pg,
    sql_query,
    sql_types::Text,
};
use diesel_migrations::MigrationHarness;
use uuid::Uuid;

use crate::MIGRATIONS;

/// The environment variable with the URL of a database of the server that carries the tests' databases.
pub const SERVER_VARIABLE: &str = "TRM_TEST_SERVER";

/// The key of the lock under which a template is made.
const TEMPLATE_LOCK: i64 = 0x0074_726d_7470_6c31;

/// A database of one test, with the whole schema and no rows but those of the migrations. It goes when this is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    /// Where clients find it.
    pub url: String,
    name: String,
}

impl TestDatabase {
    /// Copies the migrated template.
    ///
    /// # Panics
    /// Without a server, or when it refuses: a test cannot go on without its database.
    pub fn new() -> Self {
        let mut server = server();
        let template = template(&mut server);
        let name = format!("test_{}", Uuid::new_v4().simple());
        // FILE_COPY on a server that does not sync is several times faster than the default.
        let copy = format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY");
        server.batch_execute(&copy).expect("copy the template");
        Self { url: url_of(&name), name }
    }

    /// A connection of its own.
    ///
    /// # Panics
    /// When the server refuses it.
    pub fn connection(&self) -> PgConnection {
        PgConnection::establish(&self.url).expect("connect to the test's database")
    }
}

impl Default for TestDatabase {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // A failing test must report its own failure, not that of its cleaning up.
        if let Ok(mut server) = PgConnection::establish(&server_url()) {
            let _ = server.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
    }
}

/// The name of the database that holds the migrated schema, made by whoever comes first.
fn template(server: &mut PgConnection) -> String {
    let name = format!("template_{}", fingerprint());
    server.batch_execute(&format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).expect("lock");
    let sealed =
        sql_query("SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate").bind::<Text, _>(&name);
    if sealed.execute(server).expect("look for the template") == 0 {
        server
            .batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            .expect("drop a half-made one");
        server.batch_execute(&format!("CREATE DATABASE {name}")).expect("create the template");
        let mut inside = PgConnection::establish(&url_of(&name)).expect("connect to the template");
        inside.run_pending_migrations(MIGRATIONS).expect("migrate the template");
        drop(inside);
        let seal = format!("ALTER DATABASE {name} IS_TEMPLATE true ALLOW_CONNECTIONS false");
        server.batch_execute(&seal).expect("seal the template");
    }
    server.batch_execute(&format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})")).expect("unlock");
    name
}

/// A name for the whole content of the embedded migrations: another one as soon as a letter of them changes.
fn fingerprint() -> String {
    let mut content = Content(Vec::new());
    let migrations = MigrationSource::<Pg>::migrations(&MIGRATIONS).expect("read the migrations");
    for migration in migrations {
        content.batch_execute(&migration.name().to_string()).expect("note the name");
        migration.run(&mut content).expect("note up.sql");
    }
    Uuid::from_u128(fnv_1a(&content.0)).simple().to_string()
}

fn fnv_1a(bytes: &[u8]) -> u128 {
    bytes.iter().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash, byte| {
        (hash ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}

/// A connection that writes down what a migration would do: there is no other way to read an embedded one.
struct Content(Vec<u8>);

impl SimpleConnection for Content {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        self.0.extend_from_slice(query.as_bytes());
        self.0.push(0);
        Ok(())
    }
}

impl BoxableConnection<Pg> for Content {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

fn server_url() -> String {
    env::var(SERVER_VARIABLE).unwrap_or_else(|_| {
        panic!(
            "{SERVER_VARIABLE} names no PostgreSQL server: run `make test`, or `with-postgres -- cargo test`"
        )
    })
}

fn server() -> PgConnection {
    PgConnection::establish(&server_url()).expect("connect to the server of TRM_TEST_SERVER")
}

/// The server's URL with another database.
fn url_of(database: &str) -> String {
    let url = server_url();
    let (address, options) = url
        .split_once('?')
        .map_or((url.as_str(), String::new()), |(address, options)| (address, format!("?{options}")));
    let (server, _) = address.rsplit_once('/').expect("TRM_TEST_SERVER ends in a database");
    format!("{server}/{database}{options}")
}
