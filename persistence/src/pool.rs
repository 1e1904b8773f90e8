//! Connections, set up once each and dropped for good when the server has gone away under them.

use diesel::{Connection, PgConnection, connection::SimpleConnection};

use crate::StoreError;

/// Makes connections for the pool.
#[derive(Debug)]
pub(crate) struct Connections {
    url: String,
    lock_timeout_ms: u32,
}

/// A pooled connection; `lost` keeps it from going back.
pub(crate) struct Session {
    pub(crate) conn: PgConnection,
    pub(crate) lost: bool,
}

impl Connections {
    pub(crate) fn new(url: &str) -> Self {
        Self { url: url.to_owned(), lock_timeout_ms: 2_000 }
    }

    /// A connection outside the pool.
    pub(crate) fn open(&self) -> Result<PgConnection, StoreError> {
        let mut conn = PgConnection::establish(&self.url).map_err(|_| StoreError::Unavailable)?;
        // Lists bind their LIMIT, and PostgreSQL would plan them anew each time; see ARCHITECTURE.md, performance.
        conn.batch_execute(&format!(
            "SET plan_cache_mode = force_generic_plan; SET timezone = 'UTC'; SET lc_messages = 'C'; \
             SET statement_timeout = '5s'; SET lock_timeout = '{}ms'; \
             SET idle_in_transaction_session_timeout = '10s'",
            self.lock_timeout_ms
        ))?;
        Ok(conn)
    }
}

impl r2d2::ManageConnection for Connections {
    type Connection = Session;
    type Error = StoreError;

    fn connect(&self) -> Result<Session, StoreError> {
        Ok(Session { conn: self.open()?, lost: false })
    }

    fn is_valid(&self, session: &mut Session) -> Result<(), StoreError> {
        Ok(session.conn.batch_execute("SELECT 1")?)
    }

    fn has_broken(&self, session: &mut Session) -> bool {
        session.lost || std::thread::panicking()
    }
}
