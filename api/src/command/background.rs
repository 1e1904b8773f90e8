//! Work that no request asks for, on threads of their own.

use std::{
    io,
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use persistence::Store;

use crate::node::{Clock as _, SystemClock};

const POSITIONS_EVERY: Duration = Duration::from_millis(100);
const DEADLINES_EVERY: Duration = Duration::from_secs(1);
const SWEEP_EVERY: Duration = Duration::from_hours(1);
/// Idempotency keys are promised for a day.
const KEYS_KEPT: time::Duration = time::Duration::days(2);

/// The running threads; they end when this is dropped.
pub(super) struct Background {
    stops: Vec<Sender<()>>,
    threads: Vec<JoinHandle<()>>,
}

impl Background {
    /// Starts to give events their places in the feed, and to forget old idempotency keys.
    pub fn start(store: Store) -> io::Result<Self> {
        let (stop, stopped) = channel::<()>();
        let work = move || {
            let mut failing = false;
            let mut swept: Option<Instant> = None;
            while stopped.recv_timeout(POSITIONS_EVERY) == Err(RecvTimeoutError::Timeout) {
                if swept.is_none_or(|it| it.elapsed() > SWEEP_EVERY) {
                    swept = Some(Instant::now());
                    let before = SystemClock.now().plus(-KEYS_KEPT);
                    if let Err(error) = store.forget_idempotency_keys(before) {
                        log::error!(target: "trm::background", error:% = error; "old idempotency keys stay");
                    }
                }
                let done = store.position_events();
                match &done {
                    Err(error) if !failing => {
                        log::error!(target: "trm::background", error:% = error; "events get no place in the feed");
                    }
                    Ok(()) if failing => {
                        log::info!(target: "trm::background", "events get their place again");
                    }
                    _ => {}
                }
                failing = done.is_err();
            }
        };
        let thread = thread::Builder::new().name("events".to_owned()).spawn(work)?;
        Ok(Self { stops: vec![stop], threads: vec![thread] })
    }

    /// Starts to escalate what is overdue, and to note who has turned 18. Any number of instances may: each step is taken
    /// once.
    pub fn watch_deadlines(&mut self, store: Store) -> io::Result<()> {
        let (stop, stopped) = channel::<()>();
        let work = move || {
            let mut failing = false;
            let mut looked: Option<Instant> = None;
            while stopped.recv_timeout(DEADLINES_EVERY) == Err(RecvTimeoutError::Timeout) {
                if looked.is_none_or(|it| it.elapsed() > SWEEP_EVERY) {
                    looked = Some(Instant::now());
                    if let Err(error) = store.note_birthdays(SystemClock.now()) {
                        log::error!(target: "trm::background", error:% = error; "birthdays are not noted");
                    }
                }
                let done = store.take_deadline_steps(SystemClock.now());
                match &done {
                    Err(error) if !failing => {
                        log::error!(target: "trm::background", error:% = error; "overdue duties are not escalated");
                    }
                    Ok(_) if failing => {
                        log::info!(target: "trm::background", "overdue duties are escalated again");
                    }
                    _ => {}
                }
                failing = done.is_err();
            }
        };
        self.threads.push(thread::Builder::new().name("deadlines".to_owned()).spawn(work)?);
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
