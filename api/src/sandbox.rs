//! The test clock of a sandbox node: it stands until it is set, and it never goes back.
//!
//! Access tokens live on the machine's clock, so that clients can go on signing with theirs; what the mechanism does
//! with time is what this clock says.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use domain::Timestamp;
use persistence::{Store, StoreError, events::Recorded};

use crate::node::Clock;

/// The most that one setting may skip, in days: every deadline on the way is worked through.
pub const FURTHEST_DAYS: i64 = 800;

/// A clock that stands.
#[derive(Debug)]
pub struct SandboxClock {
    at: AtomicI64,
    setting: Mutex<()>,
}

/// Why the clock was not set.
#[derive(Debug)]
pub enum NotSet {
    /// The instant is before the one at which it stands.
    Back,
    /// The instant is further ahead than [`FURTHEST_DAYS`].
    TooFar,
    /// The database failed; what was worked through until then stays.
    Store(StoreError),
}

impl From<StoreError> for NotSet {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Clock for SandboxClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.at.load(Ordering::SeqCst)).unwrap_or(Timestamp::EPOCH)
    }
}

impl SandboxClock {
    /// The clock as the database has it; at its first start it is the machine's present instant, or the given one.
    pub fn open(store: &Store, first: Timestamp) -> Result<Self, StoreError> {
        let at = store.sandbox_clock()?.unwrap_or(first);
        store.set_sandbox_clock(at)?;
        Ok(Self { at: AtomicI64::new(at.micros()), setting: Mutex::new(()) })
    }

    /// Sets the clock and takes every step that is due on the way, each at its own instant: the same steps in the same
    /// order on every run; then who has turned 18 is noted. Answers with what the mechanism did.
    pub fn set(&self, store: &Store, to: Timestamp) -> Result<Vec<Recorded>, NotSet> {
        let _one_at_a_time: MutexGuard<'_, ()> = self.setting.lock().unwrap_or_else(PoisonError::into_inner);
        let from = self.now();
        if to < from {
            return Err(NotSet::Back);
        }
        if to > from.plus(time::Duration::days(FURTHEST_DAYS)) {
            return Err(NotSet::TooFar);
        }
        let before = store.last_event()?;
        while let Some(next) = store.next_deadline_step()?.filter(|it| *it <= to) {
            self.stand(store, next.max(self.now()))?;
            if store.take_deadline_steps(self.now())?.is_empty() {
                break;
            }
            store.carry_messages(self.now())?;
        }
        self.stand(store, to)?;
        store.carry_messages(to)?;
        store.note_birthdays(to)?;
        Ok(store.done_by_itself_since(before)?)
    }

    fn stand(&self, store: &Store, at: Timestamp) -> Result<(), StoreError> {
        store.set_sandbox_clock(at)?;
        self.at.store(at.micros(), Ordering::SeqCst);
        Ok(())
    }
}
