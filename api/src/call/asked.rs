//! What is known of a call once its caller is: so that it leaves a line whatever it is refused for, also where its handler is
//! never reached (a header is missing, a body does not fit the contract).

use std::sync::atomic::{AtomicBool, Ordering};

use domain::{
    Timestamp,
    access::{Caller, Operation},
};
use persistence::{AccessEntry, AccessOutcome};
use uuid::Uuid;

/// A call by a caller whose token is valid and who is within its rate.
#[derive(Debug)]
pub struct Asked {
    pub(super) caller: Caller,
    operation: &'static Operation,
    now: Timestamp,
    case: Option<Uuid>,
    logged: AtomicBool,
}

impl Asked {
    pub(super) fn new(caller: Caller, operation: &'static Operation, now: Timestamp, path: &str) -> Self {
        Self { caller, operation, now, case: case_in(path), logged: AtomicBool::new(false) }
    }

    pub(super) fn case(&self) -> Option<Uuid> {
        self.case
    }

    /// Its line is in the log.
    pub(super) fn is_logged(&self) {
        self.logged.store(true, Ordering::Relaxed);
    }

    /// The line of a refusal with this status and code, if there is none yet. Too many requests leave none: it is what keeps
    /// the log from being flooded.
    pub fn unlogged(&self, status: u16, code: &'static str) -> Option<AccessEntry> {
        let refused = (400..500).contains(&status) && status != 429;
        if !refused || !self.operation.logged || self.logged.load(Ordering::Relaxed) {
            return None;
        }
        let outcome = if status == 404 { AccessOutcome::NotFound } else { AccessOutcome::Refused };
        let line = AccessEntry::new(&self.caller, self.operation.id, outcome, self.now);
        Some(line.about(None, self.case, Vec::new()).because(code))
    }
}

/// The case in a path, whether it is there or not: whoever answers for it sees who has tried.
fn case_in(path: &str) -> Option<Uuid> {
    let (id, _) = path.strip_prefix("/v1/cases/").map(|it| it.split_once('/').unwrap_or((it, "")))?;
    Uuid::try_parse(id).ok()
}
