//! A node on its own database with the demo directory, served in process.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    future::Future,
    num::NonZeroU32,
    pin::Pin,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use actix_web::{body::BoxBody, dev::Service, dev::ServiceResponse, test, web::Data};
use api::{Clock, Node, SandboxClock, access::IssuerKeys};
use domain::{Timestamp, access::Quotas};
use persistence::{ClientKey, NodeKeys, Settings, Store, sealed_log::CheckpointKey, testing::TestDatabase};

use super::{KeyPair, Who, who::demo};

/// The issuer, as clients name it in `aud`.
pub const ISSUER: &str = "https://node.test";
/// The instant at which every test begins.
pub const START: &str = "2026-11-24T08:00:00Z";
/// The id of the key that every client has.
pub const KID: &str = "test";

/// A clock that stands until a test moves it.
pub struct TestClock(pub(super) AtomicI64);

impl TestClock {
    /// Moves it.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Seconds since 1970.
    pub fn seconds(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::new(time::OffsetDateTime::from_unix_timestamp(self.seconds()).expect("an instant"))
    }
}

type Answering = Pin<Box<dyn Future<Output = ServiceResponse<BoxBody>>>>;
type App = Rc<dyn Fn(test::TestRequest) -> Answering>;

/// A node of one test.
pub struct TestNode {
    /// Its database.
    pub database: TestDatabase,
    /// Its clock.
    pub clock: Arc<TestClock>,
    /// The node itself.
    pub node: Data<Node>,
    /// The key that signs access tokens.
    pub issuer_key: KeyPair,
    /// The key of every client.
    pub client_key: KeyPair,
    pub(super) app: App,
    pub(super) tokens: RefCell<HashMap<Who, (String, i64)>>,
}

impl TestNode {
    /// A node with the demo directory and no cases.
    pub async fn start() -> Self {
        Self::with(1_000_000, Duration::from_secs(5)).await
    }

    /// A node whose clients may send so many requests a second.
    pub async fn with_limit(per_second: u32) -> Self {
        Self::with(per_second, Duration::from_secs(5)).await
    }

    /// A node whose requests hardly wait for a connection.
    pub async fn impatient() -> Self {
        Self::with(1_000_000, Duration::from_millis(200)).await
    }

    /// A sandbox node: time stands, but for the clock by which tokens live.
    pub async fn sandbox() -> Self {
        let mut node = Self::start().await;
        let start = Timestamp::parse(START).expect("an instant");
        let clock = SandboxClock::open(&node.node.store, start).expect("a clock");
        let store = open(&node.database, Duration::from_secs(5));
        let plain = plain(store, &node.issuer_key, &node.clock, 1_000_000);
        node.node = Data::new(plain.in_sandbox(Arc::new(clock)));
        node.app = serve(node.node.clone()).await;
        node
    }

    /// The same node with quotas for each professional and day.
    pub async fn with_quotas(mut self, quotas: Quotas) -> Self {
        let store = open(&self.database, Duration::from_secs(5));
        let plain = plain(store, &self.issuer_key, &self.clock, 1_000_000);
        self.node = Data::new(plain.with_quotas(quotas));
        self.app = serve(self.node.clone()).await;
        self
    }

    /// The same node past the second lock: what it hides, the application hides.
    pub async fn past_the_second_lock(mut self) -> Self {
        let keys = Arc::new(NodeKeys::derive(&[7; 32]).expect("keys"));
        let wait = Duration::from_secs(5);
        let settings = Settings { url: self.database.url.clone(), connections: 4, wait };
        let store = Store::past_the_second_lock(settings, keys);
        self.node = around(store, &self.issuer_key, &self.clock, 1_000_000);
        self.app = serve(self.node.clone()).await;
        self
    }

    async fn with(per_second: u32, wait: Duration) -> Self {
        let database = TestDatabase::new();
        let start = Timestamp::parse(START).expect("an instant");
        let clock = Arc::new(TestClock(AtomicI64::new(start.raw().unix_timestamp())));
        let store = open(&database, wait);
        let (issuer_key, client_key) = (KeyPair::new(), KeyPair::new());
        let key = ClientKey {
            kid: KID.to_owned(),
            algorithm: "EdDSA".to_owned(),
            public_key_pem: client_key.public_pem.clone(),
        };
        store.load_demo(demo(), |_| Some(key.clone()), start).expect("the demo directory");
        let node = around(store, &issuer_key, &clock, per_second);
        let app = serve(node.clone()).await;
        Self { database, clock, node, issuer_key, client_key, app, tokens: RefCell::default() }
    }

    /// A digest of what the node stores, but for the logs of reading and what tokens leave behind.
    pub fn contents(&self) -> BTreeMap<String, String> {
        let mut all = self.database.contents();
        all.retain(|table, _| !["used_assertions", "professionals"].contains(&table.as_str()));
        all
    }

    /// Gives every event its place in the feed. Transactions of other tests on the same server delay it.
    pub fn place_events(&self) {
        for _ in 0..10_000 {
            self.node.store.position_events().expect("the feed");
            if self.database.events_without_place() == 0 {
                return;
            }
        }
        panic!("events do not get their places");
    }

    /// Seals both logs. Transactions of other tests on the same server delay it.
    pub fn seal(&self) {
        let key = self.checkpoint_key();
        let now = self.node.clock.now();
        for _ in 0..10_000 {
            self.node.store.seal_logs(&key, now).expect("sealed");
            if self.database.rows_without_leaf() == 0 {
                return;
            }
        }
        panic!("rows are not sealed");
    }

    /// The key that signs checkpoints.
    pub fn checkpoint_key(&self) -> CheckpointKey {
        let pem = pem::parse(&self.issuer_key.private_pem).expect("PEM");
        CheckpointKey::new("node.test", pem.contents()).expect("a key")
    }

    /// The node after its process ended and another one began, with the same database, keys and clock.
    pub async fn restarted(self) -> Self {
        let node =
            around(open(&self.database, Duration::from_secs(5)), &self.issuer_key, &self.clock, 1_000_000);
        let app = serve(node.clone()).await;
        Self { node, app, tokens: RefCell::default(), ..self }
    }
}

pub(super) fn open(database: &TestDatabase, wait: Duration) -> Store {
    let keys = Arc::new(NodeKeys::derive(&[7; 32]).expect("keys"));
    let settings = Settings { url: database.url.clone(), connections: 4, wait };
    Store::open(settings, keys)
}

pub(super) fn around(store: Store, key: &KeyPair, clock: &Arc<TestClock>, per_second: u32) -> Data<Node> {
    Data::new(plain(store, key, clock, per_second))
}

fn plain(store: Store, key: &KeyPair, clock: &Arc<TestClock>, per_second: u32) -> Node {
    let issuer = IssuerKeys::read(ISSUER, &key.private_pem).expect("a signing key");
    let limit = NonZeroU32::new(per_second).expect("a limit");
    // Stories look for more children than a person does in a day; what counts them is tested with the quotas of a node.
    let quotas = Quotas { whereabouts: u16::MAX, searches: u16::MAX };
    Node::new(store, issuer, clock.clone(), limit).with_quotas(quotas)
}

pub(super) async fn serve(node: Data<Node>) -> App {
    let app = Rc::new(test::init_service(api::app(node)).await);
    Rc::new(move |request| {
        let app = Rc::clone(&app);
        Box::pin(async move {
            let plain = test::TestRequest::default().to_http_request();
            match app.call(request.to_request()).await {
                Ok(answer) => answer,
                // As the server does with what no layer has answered.
                Err(error) => ServiceResponse::new(plain, error.error_response()),
            }
        })
    })
}
