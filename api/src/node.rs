//! What every request shares: the store, the log, the keys, the clock, and the one way to the blocking pool.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use actix_web::web;
use domain::{ClientId, Timestamp, access::Quotas};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _, middleware::StateInformationMiddleware,
};
use persistence::{AccessLog, Store};
use uuid::Uuid;

use crate::{
    access::{IssuerKeys, TokenCache},
    contract::Edition,
    failure::Failure,
    http::Unhidden,
    metrics::Metrics,
    problems,
    sandbox::SandboxClock,
};

type Limiter = RateLimiter<
    ClientId,
    governor::state::keyed::DefaultKeyedStateStore<ClientId>,
    governor::clock::DefaultClock,
    StateInformationMiddleware,
>;

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
    fn now(&self) -> Timestamp {
        Timestamp::new(time::OffsetDateTime::now_utc())
    }
}

/// A node of the mechanism.
pub struct Node {
    /// The database.
    pub store: Store,
    /// The log of reads and refusals.
    pub log: AccessLog,
    /// The keys that sign access tokens, and the name of this node in them.
    pub issuer: IssuerKeys,
    /// Tokens that were verified already.
    pub tokens: TokenCache,
    /// Whom an answer may name to everybody.
    pub unhidden: Unhidden,
    /// The clock of the mechanism.
    pub clock: Arc<dyn Clock>,
    /// The clock by which tokens live: the machine's, also in a sandbox.
    pub wall: Arc<dyn Clock>,
    sandbox: Option<Arc<SandboxClock>>,
    /// How many children one professional may look for in a day.
    pub quotas: Quotas,
    /// Counters.
    pub metrics: Metrics,
    limiter: Limiter,
    per_second: NonZeroU32,
}

/// What is left of a client's limit.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    /// Requests a second.
    pub per_second: u32,
    /// Requests that are left at once.
    pub left: u32,
}

impl Node {
    /// A node on a database, with its keys.
    pub fn new(store: Store, issuer: IssuerKeys, clock: Arc<dyn Clock>, per_second: NonZeroU32) -> Self {
        let limiter: DefaultKeyedRateLimiter<ClientId> = RateLimiter::keyed(Quota::per_second(per_second));
        Self {
            log: store.access_log(),
            store,
            issuer,
            tokens: TokenCache::new(),
            unhidden: Unhidden::new(),
            wall: Arc::clone(&clock),
            clock,
            sandbox: None,
            quotas: Quotas::default(),
            metrics: Metrics::new(),
            limiter: limiter.with_middleware::<StateInformationMiddleware>(),
            per_second,
        }
    }

    /// The same node with a test clock for everything but tokens.
    #[must_use]
    pub fn in_sandbox(self, clock: Arc<SandboxClock>) -> Self {
        Self { clock: Arc::clone(&clock) as Arc<dyn Clock>, sandbox: Some(clock), ..self }
    }

    /// The same node with other quotas.
    #[must_use]
    pub fn with_quotas(self, quotas: Quotas) -> Self {
        Self { quotas, ..self }
    }

    /// Which contract it serves.
    pub fn edition(&self) -> Edition {
        if self.sandbox.is_some() { Edition::Sandbox } else { Edition::Production }
    }

    /// The test clock, if it is a sandbox.
    pub fn sandbox(&self) -> Option<Arc<SandboxClock>> {
        self.sandbox.clone()
    }

    /// A fresh id, ordered by time (UUIDv7).
    #[expect(clippy::disallowed_methods, reason = "the one place of this crate that makes ids")]
    pub fn fresh_id(&self) -> Uuid {
        Uuid::now_v7()
    }

    /// Counts a request of a client against its limit.
    pub fn admit(&self, client: ClientId) -> Result<Allowance, Failure> {
        match self.limiter.check_key(&client) {
            Ok(state) => {
                Ok(Allowance { per_second: self.per_second.get(), left: state.remaining_burst_capacity() })
            }
            Err(until) => {
                let wait: Duration = until.wait_time_from(governor::clock::DefaultClock::default().now());
                let seconds = wait.as_secs().max(1);
                Err(Failure::new(&problems::RATE_LIMITED).because(format!("free again in {seconds} s")))
            }
        }
    }

    /// Runs blocking work away from the event loop: the only place that does.
    pub async fn hop<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let store = self.store.clone();
        #[expect(clippy::disallowed_methods, reason = "the one hop to the blocking pool")]
        web::block(move || work(&store)).await.map_err(|_| Failure::new(&problems::INTERNAL))?
    }
}
