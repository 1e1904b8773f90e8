//! A database per test, copied from a migrated template.
//!
//! The server is the one that `TRM_TEST_SERVER` names; `make test` starts it. The first test of a run makes the
//! template, under a lock of the server, so that it does not matter whether tests share a process.
#![expect(clippy::expect_used, clippy::panic, reason = "test support: a broken harness should stop the test")]

mod inspection;
mod remains;
mod second_lock;
mod world;

pub use second_lock::{connect_as, rows_shown, setting};
pub use world::{Unmade, World};

use std::env;

use data_encoding::HEXLOWER;
use diesel::{
    Connection, PgConnection, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::Text,
};
use diesel_migrations::MigrationHarness;
use uuid::Uuid;

use crate::{MIGRATIONS, migration_digests, sha256};

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
        Self::copied(&mut server, &template)
    }

    fn copied(server: &mut PgConnection, template: &str) -> Self {
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
    let digests = migration_digests().expect("read the migrations");
    // Half of the digest: a database's name has at most 63 bytes.
    HEXLOWER.encode(&sha256(format!("{digests:?}").as_bytes())[..16])
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
