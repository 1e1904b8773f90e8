//! Work that no request asks for, on threads of their own.

use std::{
    io,
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    thread::{self, JoinHandle},
    time::Duration,
};

use persistence::{
    Store, StoreError,
    sealed_log::{CheckpointKey, Seals, SealsError},
};

use crate::{
    metrics::BackgroundWork,
    node::{Clock as _, SystemClock},
};

const POSITIONS_EVERY: Duration = Duration::from_millis(100);
const DEADLINES_EVERY: Duration = Duration::from_secs(1);
/// Until it is sealed, a line can be changed without a trace.
const SEALS_EVERY: Duration = Duration::from_secs(2);
/// So long a row may wait for its seal before an operator has to look.
const UNSEALED_AT_MOST: time::Duration = time::Duration::minutes(1);
/// Whoever opens a canary is told of within a minute, also where one sweep fails.
const ALARMS_EVERY: Duration = Duration::from_secs(5);
const SWEEP_EVERY: Duration = Duration::from_hours(1);
const RETRY_WITHIN: Duration = Duration::from_mins(1);
/// Idempotency keys are promised for a day.
const KEYS_KEPT: time::Duration = time::Duration::days(2);

#[derive(Debug, thiserror::Error)]
enum Unsealed {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Seals(#[from] SealsError),
    #[error("a row has waited for its seal for {0} s: is a transaction open somewhere on the server?")]
    Late(i64),
}

/// The running threads; they end when this is dropped.
pub(super) struct Background {
    metrics: BackgroundWork,
    stops: Vec<Sender<()>>,
    threads: Vec<JoinHandle<()>>,
}

impl Background {
    /// Nothing runs yet.
    pub fn new(metrics: BackgroundWork) -> Self {
        Self { metrics, stops: Vec::new(), threads: Vec::new() }
    }

    /// Starts to give events their places in the feed, to forget old idempotency keys, and to index children that an
    /// earlier program has stored: identities are sealed, so no migration can.
    pub fn keep_house(&mut self, store: &Store) -> io::Result<()> {
        let keys = store.clone();
        self.every(SWEEP_EVERY, "idempotency keys", "old idempotency keys are not forgotten", move || {
            keys.forget_idempotency_keys(SystemClock.now().plus(-KEYS_KEPT)).map(|_| ())
        })?;
        let children = store.clone();
        self.every(SWEEP_EVERY, "blind indexes", "children of an earlier index are not found", move || {
            let indexed = children.index_children(SystemClock.now())?;
            if indexed > 0 {
                log::info!(target: "trm::background", children = indexed; "indexed anew");
            }
            Ok::<_, StoreError>(())
        })?;
        let events = store.clone();
        self.every(POSITIONS_EVERY, "events", "events get no place in the feed", move || {
            events.position_events()
        })
    }

    /// Starts to escalate what is overdue, and to note who has turned 18. Any number of instances may: each step is
    /// taken once. The two do not wait for each other: noting reads every open case.
    pub fn watch_time(&mut self, store: &Store) -> io::Result<()> {
        let deadlines = store.clone();
        self.every(DEADLINES_EVERY, "deadlines", "overdue duties are not escalated", move || {
            deadlines.take_deadline_steps(SystemClock.now()).map(|_| ())
        })?;
        let mail = store.clone();
        self.every(DEADLINES_EVERY, "messages", "messages to other countries are not carried", move || {
            mail.carry_messages(SystemClock.now()).map(|_| ())
        })?;
        let birthdays = store.clone();
        self.every(SWEEP_EVERY, "birthdays", "nobody is noted to have turned 18", move || {
            birthdays.note_birthdays(SystemClock.now()).map(|_| ())
        })
    }

    /// Starts to look in the logs for who opened a canary, and for who is never to know of a case and asked for it. Any number
    /// of instances may.
    pub fn watch_logs(&mut self, store: &Store) -> io::Result<()> {
        let (logs, metrics) = (store.clone(), self.metrics.clone());
        self.every(ALARMS_EVERY, "alarms", "nobody is told who opens a canary or is shut out and asks", move || {
            // What keeps one from being told does not keep the other.
            let shut_out = logs.tell_of_shut_out(SystemClock.now());
            let alarms = logs.raise_canary_alarms(SystemClock.now())?;
            if alarms > 0 {
                metrics.alarmed(alarms);
                // Who it was and which case, `trm canary list` tells those who may know.
                log::warn!(target: "trm::alarm", alarms = alarms; "somebody opened a case that nobody has a reason to open");
            }
            let shut_out = shut_out?;
            if shut_out > 0 {
                log::warn!(target: "trm::alarm", parties = shut_out; "somebody asked for a case of which it is never to know");
            }
            Ok::<_, StoreError>(())
        })
    }

    /// Starts to seal the logs, and to keep the seals outside the database. One instance at a time seals; each keeps.
    pub fn seal(&mut self, store: &Store, key: CheckpointKey, seals: Seals) -> io::Result<()> {
        let logs = store.clone();
        self.every(SEALS_EVERY, "seals", "the logs are not sealed", move || {
            logs.seal_logs(&key, SystemClock.now())?;
            logs.add_to_seals(&seals)?;
            let waits = logs.oldest_unsealed()?.map(|it| SystemClock.now().raw() - it.raw());
            match waits {
                Some(late) if late > UNSEALED_AT_MOST => Err(Unsealed::Late(late.whole_seconds())),
                _ => Ok(()),
            }
        })
    }

    /// Does something at once and then each time that so much time has passed. Only the first failure and its end are
    /// logged.
    fn every<E: std::fmt::Display>(
        &mut self,
        time: Duration,
        name: &'static str,
        without: &'static str,
        work: impl Fn() -> Result<(), E> + Send + 'static,
    ) -> io::Result<()> {
        let (stop, stopped) = channel::<()>();
        let metrics = self.metrics.clone();
        let run = move || {
            let mut failing = false;
            let mut pause = Duration::ZERO;
            while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                let done = work();
                match &done {
                    Err(error) if !failing => {
                        log::error!(target: "trm::background", error:% = error; "{without}");
                    }
                    Ok(()) if failing => log::info!(target: "trm::background", "again in order: {name}"),
                    _ => {}
                }
                failing = done.is_err();
                metrics.went(name, !failing, SystemClock.now());
                // What failed is tried again soon, however seldom it is done.
                pause = if failing { time.min(RETRY_WITHIN) } else { time };
            }
        };
        self.threads.push(thread::Builder::new().name(name.to_owned()).spawn(run)?);
        self.stops.push(stop);
        Ok(())
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.stops.clear();
        for thread in self.threads.drain(..) {
            // A thread that panicked has said so; there is nothing left of it.
            let _ = thread.join();
        }
    }
}
