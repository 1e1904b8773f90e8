//! A database full of rows that the first test of a run makes and all others copy.

use std::{env, thread, time::Duration};

use data_encoding::HEXLOWER;
use diesel::{
    PgConnection, QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::Text,
};

use super::{TestDatabase, server};
use crate::sha256;

/// The key of the lock under which a world is made.
const WORLD_LOCK: i64 = 0x0074_726d_776f_726c;

/// A copy of the world of these tests, or the task to make it.
pub enum World {
    /// A copy, and what its maker said of it.
    Copied(TestDatabase, String),
    /// Nobody has made it yet; whoever else wants it waits.
    Unmade(Unmade),
}

/// A world to be made.
pub struct Unmade {
    server: PgConnection,
    name: String,
}

#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = Text)]
    said: String,
}

impl World {
    /// The world of the program that asks: another build of the tests makes another one.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn find() -> Self {
        let mut server = server();
        let program = env::current_exe().expect("the tests have a file");
        let built = program.metadata().and_then(|it| it.modified()).expect("it has a date");
        let name = format!(
            "world_{}",
            HEXLOWER.encode(&sha256(format!("{}{built:?}", program.display()).as_bytes())[..16])
        );
        server.batch_execute(&format!("SELECT pg_advisory_lock({WORLD_LOCK})")).expect("lock");
        let said: Vec<Said> = sql_query(
            "SELECT shobj_description(oid, 'pg_database') AS said FROM pg_database WHERE datname = $1 AND datistemplate",
        )
        .bind::<Text, _>(&name)
        .load(&mut server)
        .expect("look for the world");
        match said.into_iter().next() {
            Some(Said { said }) => {
                server.batch_execute(&format!("SELECT pg_advisory_unlock({WORLD_LOCK})")).expect("unlock");
                Self::Copied(TestDatabase::copied(&mut server, &name), said)
            }
            None => Self::Unmade(Unmade { server, name }),
        }
    }
}

impl Unmade {
    /// Keeps a database as the world, with what is to be known of it; nobody may use it any more. Answers with a copy.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn keep(mut self, database: TestDatabase, said: &str) -> TestDatabase {
        let (made, name, server) = (&database.name, &self.name, &mut self.server);
        server.batch_execute(&format!("ALTER DATABASE {made} ALLOW_CONNECTIONS false")).expect("shut");
        let quoted = said.replace('\'', "''");
        let keep =
            format!("ALTER DATABASE {made} RENAME TO {name}; COMMENT ON DATABASE {name} IS '{quoted}'");
        for attempt in 0.. {
            let cut =
                format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{made}'");
            server.batch_execute(&cut).expect("cut connections");
            match server.batch_execute(&keep) {
                Ok(()) => break,
                Err(error) if attempt > 100 => panic!("the world cannot be kept: {error}"),
                // Sessions take a moment to end.
                Err(_) => thread::sleep(Duration::from_millis(50)),
            }
        }
        server.batch_execute(&format!("ALTER DATABASE {name} IS_TEMPLATE true")).expect("sealed");
        server.batch_execute(&format!("SELECT pg_advisory_unlock({WORLD_LOCK})")).expect("unlock");
        TestDatabase::copied(server, name)
    }
}
