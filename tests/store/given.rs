//! A database with the invented directory, callers of its agencies, and a story as far as a test needs it.

use std::{sync::Arc, time::Duration as Wait};

use diesel::{
    Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, connection::SimpleConnection as _,
    sql_query,
};
use domain::{
    CaseId, Decided, Timestamp,
    access::Caller,
    cases::Case,
    referrals::Referral,
    vocabulary::{Purpose, Role},
};
use persistence::{
    AssertedProfessional, Context, Done, Issued, NodeKeys, Settings, Store, StoreError, Tx,
    demo::Demo,
    testing::{SERVER_VARIABLE, TestDatabase},
};
use time::Duration;
use uuid::Uuid;

pub const NOW: &str = "2026-11-24T08:30:00Z";

/// In every free text that a test stores.
pub const CANARY: &str = "Xylocanary";

pub struct House {
    pub store: Store,
    pub db: TestDatabase,
    pub police: Caller,
    pub child_protection: Caller,
    pub barnahus: Caller,
    pub shelter: Caller,
    pub police_abroad: Caller,
}

/// The node's secret.
pub const NODE_SECRET: [u8; 32] = [7; 32];

pub fn now() -> Timestamp {
    Timestamp::parse(NOW).expect("an instant")
}

pub fn later(minutes: i64) -> Timestamp {
    now().plus(Duration::minutes(minutes))
}

/// A free text that must not be readable in the database.
pub fn words(about: &str) -> String {
    format!("{CANARY} {about}")
}

fn open(db: &TestDatabase, connections: u32, wait: Wait) -> Store {
    open_with(db, connections, wait, NodeKeys::derive(&NODE_SECRET).expect("keys"))
}

fn open_with(db: &TestDatabase, connections: u32, wait: Wait, keys: NodeKeys) -> Store {
    Store::open(Settings { url: db.url.clone(), connections, wait }, Arc::new(keys))
}

impl House {
    pub fn new() -> Self {
        Self::with_pool(8, Wait::from_secs(5))
    }

    /// A house whose database shows everything to everybody: what is hidden, the application hides.
    pub fn without_the_second_lock() -> Self {
        let db = TestDatabase::new();
        let settings = Settings { url: db.url.clone(), connections: 8, wait: Wait::from_secs(5) };
        let keys = NodeKeys::derive(&NODE_SECRET).expect("keys");
        Self::on(Store::past_the_second_lock(settings, Arc::new(keys)), db)
    }

    pub fn with_pool(connections: u32, wait: Wait) -> Self {
        let db = TestDatabase::new();
        Self::on(open(&db, connections, wait), db)
    }

    fn on(store: Store, db: TestDatabase) -> Self {
        store.load_demo(&Demo::read().expect("the directory"), |_| None, now()).expect("loads");
        let as_one_of =
            |client, role, purpose| professional(&store, client, &format!("{client}-1"), role, purpose);
        Self {
            police: as_one_of("tallinn-police", Role::DutyOfficer, Purpose::Identification),
            child_protection: as_one_of("tallinn-child-protection", Role::CaseManager, Purpose::Protection),
            barnahus: as_one_of("tallinn-barnahus", Role::BarnahusCoordinator, Purpose::Assistance),
            shelter: as_one_of("tallinn-shelter", Role::ShelterWorker, Purpose::Assistance),
            police_abroad: as_one_of("riga-police", Role::DutyOfficer, Purpose::Identification),
            store,
            db,
        }
    }

    /// Another instance of the node on the same database.
    pub fn another_instance(&self) -> Store {
        open(&self.db, 4, Wait::from_secs(5))
    }

    /// An instance of the node on another database, such as one that was restored.
    pub fn store_on(url: &str) -> Store {
        let keys = NodeKeys::derive(&NODE_SECRET).expect("keys");
        let wait = Wait::from_secs(5);
        Store::open(Settings { url: url.to_owned(), connections: 2, wait }, Arc::new(keys))
    }

    /// An instance of the node with these keys.
    pub fn instance_with(&self, keys: NodeKeys) -> Store {
        open_with(&self.db, 4, Wait::from_secs(5), keys)
    }

    /// Another professional of the caller's agency, by the same client.
    pub fn colleague(&self, of: &Caller, client: &str) -> Caller {
        let role = of.role.expect("a professional");
        professional(&self.store, client, &format!("{client}-2"), role, of.purpose)
    }

    pub fn cx(&self, by: &Caller, now: Timestamp) -> Context {
        let subject = self.read_as(by, now, |tx| Ok(tx.fresh_id())).expect("an id");
        context(by, now, subject)
    }

    pub fn change<T>(
        &self,
        by: &Caller,
        work: impl Fn(&mut Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.change_at(by, now(), work)
    }

    pub fn change_at<T>(
        &self,
        by: &Caller,
        now: Timestamp,
        work: impl Fn(&mut Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self.store.write(&context(by, now, Uuid::nil()), work, |_, _| Err(StoreError::NotFound))? {
            Done::Now(value) => Ok(value),
            Done::Before(_) => panic!("without a key nothing was done before"),
        }
    }

    pub fn read<T>(
        &self,
        by: &Caller,
        work: impl Fn(&mut Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.read_as(by, now(), work)
    }

    pub fn read_as<T>(
        &self,
        by: &Caller,
        now: Timestamp,
        work: impl Fn(&mut Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.store.read(&context(by, now, Uuid::nil()), work)
    }

    /// The case as its lead reads it now.
    pub fn case(&self, id: CaseId) -> Case {
        self.read(&self.child_protection, |tx| tx.case(id)).expect("the case").0
    }

    /// Gives every fact its position. Transaction ids are the server's, not the database's: until they have ended,
    /// transactions of other tests hold positions back.
    pub fn position_all(&self) {
        let mut conn = self.db.connection();
        let without =
            "SELECT ((SELECT count(*) FROM events) - (SELECT count(*) FROM event_positions))::text AS word";
        for _ in 0..100_000 {
            self.store.position_events().expect("positions");
            if ask_one(&mut conn, without) == "0" {
                return;
            }
        }
        panic!("some facts get no position");
    }

    /// Stores what an act came to.
    pub fn save(&self, by: &Caller, before: &Referral, decided: &Decided<Referral>, at: Timestamp) {
        self.change_at(by, at, |tx| tx.save_referral(before, decided)).expect("saved");
    }
}

pub fn context(by: &Caller, now: Timestamp, subject: Uuid) -> Context {
    Context {
        caller: by.clone(),
        epoch: 1,
        now,
        subject,
        validate_only: false,
        idempotency: None,
        broken_glass: persistence::BrokenGlass::default(),
        standings: persistence::Standings::default(),
    }
}

fn professional(store: &Store, client: &str, subject: &str, role: Role, purpose: Purpose) -> Caller {
    let client = store.client(client).expect("reads").expect("a client of the demo");
    let asserted = AssertedProfessional { subject: subject.to_owned(), role, unit: None };
    let jti = Uuid::new_v4().to_string();
    let issued = store.use_assertion(&client, &jti, later(1), Some(&asserted), now()).expect("used");
    let Issued::Token(professional) = issued else { panic!("{issued:?}") };
    Caller {
        client: client.id,
        agency: client.agency,
        agency_type: client.agency_type,
        country: client.country,
        professional,
        role: Some(role),
        unit: None,
        assurance: domain::access::Assurance::default(),
        scopes: client.scopes,
        purpose,
        case: None,
        decision_ref: None,
        request: Uuid::new_v4().into(),
    }
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = diesel::sql_types::Text)]
    word: String,
}

/// The one text column `word` of a query.
pub fn ask(conn: &mut PgConnection, query: &str) -> Vec<String> {
    sql_query(query).load::<Word>(conn).expect(query).into_iter().map(|it| it.word).collect()
}

/// The only answer of a query.
pub fn ask_one(conn: &mut PgConnection, query: &str) -> String {
    let mut all = ask(conn, query);
    assert_eq!(all.len(), 1, "{query}");
    all.remove(0)
}

/// What operators and accidents do to a database, from outside of it.
pub struct Operator {
    conn: PgConnection,
    database: String,
}

impl Operator {
    pub fn of(db: &TestDatabase) -> Self {
        let server = std::env::var(SERVER_VARIABLE).expect("a server");
        let (address, _) = db.url.split_once('?').unwrap_or((&db.url, ""));
        let (_, database) = address.rsplit_once('/').expect("a database");
        let conn = PgConnection::establish(&server).expect("the server");
        Self { conn, database: database.to_owned() }
    }

    /// Ends every session in the database and waits for their end; returns how many there were.
    pub fn end_sessions(&mut self) -> usize {
        let name = &self.database;
        let query = format!(
            "SELECT pg_terminate_backend(pid, 5000)::text AS word FROM pg_stat_activity WHERE datname = '{name}'"
        );
        let ended = ask(&mut self.conn, &query);
        assert!(ended.iter().all(|it| it == "true"), "{ended:?}");
        ended.len()
    }

    /// Ends every session and lets nobody in.
    pub fn shut(&mut self) {
        self.allow(false);
        self.end_sessions();
    }

    pub fn open(&mut self) {
        self.allow(true);
    }

    fn allow(&mut self, allowed: bool) {
        let statement = format!("ALTER DATABASE {} ALLOW_CONNECTIONS {allowed}", self.database);
        self.conn.batch_execute(&statement).expect("the database is there");
    }

    /// Returns when somebody in the database waits for somebody else.
    pub fn until_somebody_waits(&mut self) {
        let name = &self.database;
        let query = format!(
            "SELECT count(*)::text AS word FROM pg_stat_activity \
             WHERE datname = '{name}' AND wait_event_type = 'Lock'"
        );
        for _ in 0..10_000 {
            if ask_one(&mut self.conn, &query) != "0" {
                return;
            }
        }
        panic!("nobody waits");
    }
}
