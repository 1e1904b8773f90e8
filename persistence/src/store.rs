//! The unit of work: one transaction for a change, with its facts and the answer of its idempotency key; a run of
//! plain statements for a read.

use std::{sync::Arc, time::Duration};

use diesel::{
    Connection as _, PgConnection, RunQueryDsl as _,
    connection::SimpleConnection as _,
    dsl::{select, sql},
    sql_types::Bool,
};
use diesel_migrations::MigrationHarness as _;
use domain::{CaseId, Reference, RequestId, Timestamp, access::Caller, text::Country};
use r2d2::{Pool, PooledConnection};
use uuid::Uuid;

use crate::{
    AccessLog, BrokenGlass, Idempotency, MIGRATIONS, NodeKeys, Standings, StoreError,
    keys::random,
    landed,
    pool::{ActsAs, Connections, Session},
};

const ATTEMPTS: u32 = 4;

/// The most connections for work without a caller.
const MOST_WORKERS: u32 = 4;

/// How many connections, and where to.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The database.
    pub url: String,
    /// Connections for requests. Work without a caller has as many of its own, up to four; the access log has one, and so
    /// has its seal.
    pub connections: u32,
    /// How long a request waits for one.
    pub wait: Duration,
}

/// The database of this node.
#[derive(Clone)]
pub struct Store {
    pool: Pool<Connections>,
    workers: Pool<Connections>,
    sealers: Pool<Connections>,
    keys: Arc<NodeKeys>,
    settings: Settings,
}

/// Who does what, when: everything that a unit of work knows of its request.
#[derive(Clone, Debug)]
pub struct Context {
    /// Who calls.
    pub caller: Caller,
    /// The epoch of the client when its token was issued.
    pub epoch: i32,
    /// The instant of the request.
    pub now: Timestamp,
    /// What the request makes or changes: a fresh id or the one in the path.
    pub subject: Uuid,
    /// Whether everything is checked and nothing stored.
    pub validate_only: bool,
    /// The key that makes a repeated request harmless.
    pub idempotency: Option<Idempotency>,
    /// The emergency access by which it was let in, once that is known.
    pub broken_glass: BrokenGlass,
    /// How the caller stands to the cases that it has looked up.
    pub standings: Standings,
}

impl Context {
    /// Of what the mechanism does by itself in a country, on something.
    pub(crate) fn of_mechanism(country: Country, subject: Uuid, now: Timestamp) -> Self {
        Self {
            caller: Caller::mechanism(country, RequestId(fresh_id())),
            epoch: 0,
            now,
            subject,
            validate_only: false,
            idempotency: None,
            broken_glass: BrokenGlass::default(),
            standings: Standings::default(),
        }
    }
}

/// An open unit of work. Every query of this crate is a method on it.
pub struct Tx<'a> {
    pub(crate) conn: &'a mut PgConnection,
    pub(crate) keys: &'a NodeKeys,
    /// Whether it reaches beyond what the caller's agency may see.
    pub(crate) reaching: bool,
    /// Whether it changes something: an emergency access is for reading.
    pub(crate) writing: bool,
    /// The request.
    pub cx: &'a Context,
    /// The cases of which the caller is never to know (R91), as its live state has them.
    pub(crate) barred: Vec<Uuid>,
}

/// What came of a change.
#[derive(Debug)]
pub enum Done<T> {
    /// It was done now.
    Now(T),
    /// It was done by an earlier request with the same key; this is how the caller sees its subject today.
    Before(T),
}

/// What a unit of work may fail with: the caller's own error, which shows a store error if it holds one.
pub trait TxFailure: From<StoreError> {
    /// The store error inside, if there is one.
    fn store(&self) -> Option<&StoreError>;
}

impl TxFailure for StoreError {
    fn store(&self) -> Option<&StoreError> {
        Some(self)
    }
}

enum Abort<T, E> {
    Work(E),
    ValidatedOnly(T),
    Db(StoreError),
}

impl<T, E> From<diesel::result::Error> for Abort<T, E> {
    fn from(error: diesel::result::Error) -> Self {
        Self::Db(error.into())
    }
}

impl<T, E> From<StoreError> for Abort<T, E> {
    fn from(error: StoreError) -> Self {
        Self::Db(error)
    }
}

impl Store {
    /// Opens a pool; connections are made when they are needed.
    pub fn open(settings: Settings, keys: Arc<NodeKeys>) -> Self {
        Self::open_as(ActsAs::App, settings, keys)
    }

    /// A store whose requests are served past the second lock, by whoever `DATABASE_URL` names: for tests of the first.
    #[cfg(feature = "testing")]
    pub fn past_the_second_lock(settings: Settings, keys: Arc<NodeKeys>) -> Self {
        Self::open_as(ActsAs::Owner, settings, keys)
    }

    fn open_as(requests: ActsAs, settings: Settings, keys: Arc<NodeKeys>) -> Self {
        let pool = |acts_as, connections| {
            Pool::builder()
                .max_size(connections)
                .min_idle(Some(0))
                .connection_timeout(settings.wait)
                .test_on_check_out(false)
                .error_handler(Box::new(r2d2::NopErrorHandler))
                .build_unchecked(Connections::new(&settings.url, acts_as))
        };
        let workers = pool(ActsAs::Worker, settings.connections.min(MOST_WORKERS));
        let sealers = pool(ActsAs::Sealer, 1);
        Self { pool: pool(requests, settings.connections), workers, sealers, keys, settings }
    }

    /// Brings the schema up to date; returns the names of the migrations that ran.
    pub fn migrate(&self) -> Result<Vec<String>, StoreError> {
        let mut conn = PgConnection::establish(&self.settings.url).map_err(|_| StoreError::Unavailable)?;
        let done = conn
            .run_pending_migrations(MIGRATIONS)
            .map_err(|error| StoreError::Database(format!("migration: {error}")))?;
        Ok(done.iter().map(ToString::to_string).collect())
    }

    /// Whether migrations of this build have not run yet.
    pub fn migrations_pending(&self) -> Result<bool, StoreError> {
        // Whoever serves may read which ones ran, and need not own them; before the roles are there, only the owner can.
        let worker = Connections::new(&self.settings.url, ActsAs::Worker).open();
        match worker.and_then(|mut conn| landed::migrations_missing(&mut conn)) {
            Err(StoreError::Database(_)) => self.as_owner(|session| {
                let pending = session.conn.has_pending_migration(MIGRATIONS);
                pending.map_err(|error| StoreError::Database(format!("migration: {error}")))
            }),
            other => other,
        }
    }

    /// Whether whoever `DATABASE_URL` names may act in the roles that serving needs, and messages are not translated; if
    /// not, what is wrong.
    pub fn check_roles(&self) -> Result<(), StoreError> {
        for acts_as in [ActsAs::App, ActsAs::Worker, ActsAs::Sealer] {
            let mut conn = Connections::new(&self.settings.url, acts_as).open()?;
            // Lost connections and deadlocks are known by the server's words.
            let plain = sql::<Bool>("current_setting('lc_messages') ~* '^(c|posix|en)($|[._])'");
            if !select(plain).get_result::<bool>(&mut conn)? {
                return Err(StoreError::Database(
                    "its messages are translated: set lc_messages to C".to_owned(),
                ));
            }
        }
        Ok(())
    }

    /// Whether the database answers.
    pub fn ready(&self) -> Result<(), StoreError> {
        self.unattended(|session| Ok(session.conn.batch_execute("SELECT 1")?))
    }

    /// The keys of this node.
    pub fn keys(&self) -> &NodeKeys {
        &self.keys
    }

    /// Starts the log of reads and refusals, on a connection of its own.
    pub fn access_log(&self) -> AccessLog {
        AccessLog::start(Connections::new(&self.settings.url, ActsAs::App))
    }

    /// Runs a change in one transaction and commits it when it returns `Ok`, together with its idempotency record. A
    /// repeated request gets `again` instead: the subject of the first one, rendered anew.
    ///
    /// `work` may run more than once: it must have no effect outside the transaction.
    pub fn write<T, E: TxFailure>(
        &self,
        cx: &Context,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E>,
        again: impl Fn(&mut Tx<'_>, Uuid) -> Result<T, E>,
    ) -> Result<Done<T>, E> {
        self.attempts(|conn| {
            let done = conn.transaction(|conn| {
                let mut tx = Tx { writing: true, ..Tx::new(conn, &self.keys, cx) };
                tx.check_caller()?;
                if let Some(subject) = tx.earlier_request()? {
                    return again(&mut tx, subject).map(Done::Before).map_err(Abort::Work);
                }
                let value = work(&mut tx).map_err(Abort::Work)?;
                if cx.validate_only { Err(Abort::ValidatedOnly(value)) } else { Ok(Done::Now(value)) }
            });
            match done {
                Ok(done) => Ok(done),
                Err(Abort::ValidatedOnly(value)) => Ok(Done::Now(value)),
                Err(Abort::Work(error)) => Err(error),
                Err(Abort::Db(error)) => Err(error.into()),
            }
        })
    }

    /// Runs a read: plain statements, after the caller's live state.
    pub fn read<T, E: TxFailure>(
        &self,
        cx: &Context,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.attempts(|conn| {
            let mut tx = Tx::new(conn, &self.keys, cx);
            tx.check_caller()?;
            work(&mut tx)
        })
    }

    /// Tries again after a lost race, and on another connection after a lost one: nothing was acknowledged.
    fn attempts<T, E: TxFailure>(&self, work: impl Fn(&mut PgConnection) -> Result<T, E>) -> Result<T, E> {
        let mut attempt = 0;
        loop {
            let mut session = self.session()?;
            let error = match work(&mut session.conn) {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            let again = match error.store() {
                Some(StoreError::Conflict) => attempt < ATTEMPTS,
                Some(StoreError::Unavailable) => {
                    session.lost = true;
                    attempt < self.settings.connections
                }
                _ => false,
            };
            if !again {
                return Err(error);
            }
            attempt += 1;
        }
    }

    /// Runs statements without a caller: the token endpoint, background work.
    pub(crate) fn unattended<T>(
        &self,
        work: impl Fn(&mut Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.without_caller(&self.workers, work)
    }

    /// Runs statements of the seal of the logs.
    pub(crate) fn sealing<T>(
        &self,
        work: impl Fn(&mut Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.without_caller(&self.sealers, work)
    }

    fn without_caller<T>(
        &self,
        pool: &Pool<Connections>,
        work: impl Fn(&mut Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut attempt = 0;
        loop {
            let mut session = pool.get()?;
            match work(&mut session) {
                Err(StoreError::Unavailable) if attempt < self.settings.connections => {
                    session.lost = true;
                    attempt += 1;
                }
                other => return other,
            }
        }
    }

    /// A connection that reads both logs whole.
    pub(crate) fn auditor(&self) -> Result<PgConnection, StoreError> {
        Connections::new(&self.settings.url, ActsAs::Auditor).open()
    }

    /// Runs statements as whoever `DATABASE_URL` names, on a connection of their own: what is done before the node serves
    /// and on the command line.
    pub(crate) fn as_owner<T>(
        &self,
        work: impl FnOnce(&mut Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let conn = Connections::new(&self.settings.url, ActsAs::Owner).open()?;
        work(&mut Session { conn, lost: false })
    }

    /// A connection for requests.
    fn session(&self) -> Result<PooledConnection<Connections>, StoreError> {
        Ok(self.pool.get()?)
    }

    /// A connection for work without a caller.
    pub(crate) fn worker(&self) -> Result<PooledConnection<Connections>, StoreError> {
        Ok(self.workers.get()?)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store(..)")
    }
}

impl<'a> Tx<'a> {
    /// A unit of work in which nothing is asked of the caller yet.
    pub(crate) fn new(conn: &'a mut PgConnection, keys: &'a NodeKeys, cx: &'a Context) -> Self {
        Self { conn, keys, reaching: false, writing: false, cx, barred: Vec::new() }
    }
}

impl Tx<'_> {
    /// Whether a case does not exist for the caller, whatever relation it has to it.
    pub(crate) fn is_barred(&self, case: CaseId) -> bool {
        self.barred.contains(&case.0)
    }

    /// The keys of this node.
    pub fn keys(&self) -> &NodeKeys {
        self.keys
    }

    /// A fresh id, ordered by time.
    pub fn fresh_id(&self) -> Uuid {
        fresh_id()
    }

    /// A fresh reference for a case or referral.
    pub fn fresh_reference(&self) -> Result<Reference, StoreError> {
        let entropy = random().ok_or(StoreError::corrupt("cases", "the system gives no randomness"))?;
        Ok(Reference::from_entropy(entropy))
    }
}

/// A fresh id, ordered by time (UUIDv7).
#[expect(clippy::disallowed_methods, reason = "the one place of this crate that makes ids")]
pub(crate) fn fresh_id() -> Uuid {
    Uuid::now_v7()
}
