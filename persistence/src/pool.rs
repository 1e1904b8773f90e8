//! Connections, set up once each and dropped for good when the server has gone away under them.

use diesel::{Connection, PgConnection, connection::SimpleConnection};

use crate::StoreError;

/// As whom a connection works: a role of the database, with the privileges that its work needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ActsAs {
    /// Serves requests: sees what the agency in its context may see.
    App,
    /// Works for nobody in particular: tokens, deadlines, places in the feed, indexes.
    Worker,
    /// Seals both logs.
    Sealer,
    /// Reads both logs whole.
    Auditor,
    /// Whoever `DATABASE_URL` names: brings the schema up to date and keeps the directory.
    Owner,
}

impl ActsAs {
    /// The statement that a connection begins with.
    const fn statement(self) -> &'static str {
        match self {
            Self::App => "SET ROLE trm_app;",
            Self::Worker => "SET ROLE trm_worker;",
            Self::Sealer => "SET ROLE trm_sealer;",
            Self::Auditor => "SET ROLE trm_auditor;",
            Self::Owner => "",
        }
    }
}

/// Makes connections for the pool.
#[derive(Debug)]
pub(crate) struct Connections {
    url: String,
    acts_as: ActsAs,
    lock_timeout_ms: u32,
}

/// A pooled connection; `lost` keeps it from going back.
pub(crate) struct Session {
    pub(crate) conn: PgConnection,
    pub(crate) lost: bool,
}

/// Values of rows, in parameters and statements, stay out of the server's log, and its messages are not translated: where
/// whoever connects may say so. Before the role, which may not.
const SAID_FIRST: &str = "\
    SELECT set_config(name, value, false) FROM (VALUES \
    ('log_parameter_max_length', '0'), ('log_parameter_max_length_on_error', '0'), \
    ('log_min_error_statement', 'panic'), ('log_error_verbosity', 'terse'), ('lc_messages', 'C')) AS wanted (name, value) \
    WHERE has_parameter_privilege(name, 'SET');";

impl Connections {
    pub(crate) fn new(url: &str, acts_as: ActsAs) -> Self {
        Self { url: url.to_owned(), acts_as, lock_timeout_ms: 2_000 }
    }

    /// A connection outside the pool.
    pub(crate) fn open(&self) -> Result<PgConnection, StoreError> {
        let mut conn = PgConnection::establish(&self.url).map_err(|_| StoreError::Unavailable)?;
        // Lists bind their LIMIT, and PostgreSQL would plan them anew each time; see ARCHITECTURE.md, performance.
        conn.batch_execute(&format!(
            "{SAID_FIRST} {} \
             SET plan_cache_mode = force_generic_plan; SET timezone = 'UTC'; \
             SET statement_timeout = '5s'; SET lock_timeout = '{}ms'; \
             SET idle_in_transaction_session_timeout = '10s'",
            self.acts_as.statement(),
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
