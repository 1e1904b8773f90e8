//! Stopping: new connections are refused at once, requests in flight finish, idle connections hold nothing up.

use std::{
    io,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use actix_web::{
    dev::Server,
    rt::{
        signal::unix::{Signal, SignalKind, signal},
        spawn,
        time::sleep,
    },
};
use futures_util::future::{Either, select};

const LOOK_EVERY: Duration = Duration::from_millis(50);
/// This long nothing may be in flight, so that the last answer is on its way before the process ends.
const QUIET: u32 = 6;

/// How many requests are being answered, and whether the node stops.
#[derive(Clone, Debug, Default)]
pub(super) struct Flights(Arc<(AtomicUsize, AtomicBool)>);

/// A request that is being answered, for as long as this lives.
pub(super) struct Flight(Flights);

impl Flights {
    /// One more.
    pub fn begin(&self) -> Flight {
        self.0.0.fetch_add(1, Ordering::SeqCst);
        Flight(self.clone())
    }

    /// Whether the node stops.
    pub fn ending(&self) -> bool {
        self.0.1.load(Ordering::SeqCst)
    }

    async fn none_for_a_while(&self) {
        let mut quiet = 0;
        while quiet < QUIET {
            sleep(LOOK_EVERY).await;
            quiet = if self.0.0.load(Ordering::SeqCst) == 0 { quiet + 1 } else { 0 };
        }
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.0.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Runs the server until Ctrl-C or SIGTERM and lets requests in flight finish, within the server's own limit of time;
/// a second signal cuts that short. Fails when the server ends by itself.
pub(super) async fn run_until_signal(server: Server, flights: Flights) -> io::Result<()> {
    let mut signals =
        Signals { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? };
    let handle = server.handle();
    // A task of its own: the server carries out its stopping itself, so it must go on when we look elsewhere.
    let running = spawn(server);
    if let Either::Left((ended, _)) = select(running, pin!(signals.next())).await {
        let ended = ended.unwrap_or_else(|error| Err(io::Error::other(error)));
        return ended.and(Err(io::Error::other("the server ended by itself")));
    }
    log::info!(target: "trm::serve", "stopping");
    flights.0.1.store(true, Ordering::SeqCst);
    // The server would wait for idle connections as well, which is why the end is not left to it alone.
    let (stopping, quiet, again) =
        (pin!(handle.stop(true)), pin!(flights.none_for_a_while()), pin!(signals.next()));
    select(select(stopping, quiet), again).await;
    Ok(())
}

struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    async fn next(&mut self) {
        select(pin!(self.interrupt.recv()), pin!(self.terminate.recv())).await;
    }
}
