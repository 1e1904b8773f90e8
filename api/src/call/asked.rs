//! What is known of a call once its caller is: so that it leaves a line whatever it is refused for, also where its handler is
//! never reached (a header is missing, a body does not fit the contract).

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

use domain::{
    CaseId, Timestamp,
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
    /// What the path names, whether it is there or not.
    path: Option<(Of, Uuid)>,
    /// What the body names, likewise.
    body: OnceLock<(Of, Uuid)>,
    logged: AtomicBool,
}

/// What an id is said to be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Case,
    Other,
}

impl Asked {
    pub(super) fn new(caller: Caller, operation: &'static Operation, now: Timestamp, path: &str) -> Self {
        Self {
            caller,
            operation,
            now,
            path: named_in(path),
            body: OnceLock::new(),
            logged: AtomicBool::new(false),
        }
    }

    /// The body names a case.
    pub(super) fn names_case(&self, case: CaseId) {
        self.names((Of::Case, case.0));
    }

    /// The body names something else.
    pub(super) fn names_other(&self, id: Uuid) {
        self.names((Of::Other, id));
    }

    fn names(&self, it: (Of, Uuid)) {
        // Each body names one.
        let _ = self.body.set(it);
    }

    /// What the line of a refusal names, about `subject` if its handler knows it: the thing and the case, as the caller named
    /// them, in the same form whether they are there or not. Whoever answers for the case sees who has tried.
    pub(super) fn about(&self, subject: Option<Uuid>) -> (Option<Uuid>, Option<Uuid>) {
        let body = self.body.get().copied();
        let case = [self.path, body].into_iter().flatten().find(|it| it.0 == Of::Case).map(|it| it.1);
        // Beside the case in the path, what the body names tells more than that case again.
        let beside =
            body.filter(|it| Some(it.1) != case).filter(|_| self.path.is_some_and(|it| it.0 == Of::Case));
        let named = self.path.or(body);
        (beside.map(|it| it.1).or(subject).or(named.map(|it| it.1)), case)
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
        let (subject, case) = self.about(None);
        Some(line.about(subject, case, Vec::new()).because(code))
    }
}

/// The first thing in a path, whether it is there or not.
fn named_in(path: &str) -> Option<(Of, Uuid)> {
    let (collection, below) = path.strip_prefix("/v1/")?.split_once('/')?;
    let id = below.split_once('/').map_or(below, |it| it.0);
    let of = if collection == "cases" { Of::Case } else { Of::Other };
    Uuid::try_parse(id).ok().map(|id| (of, id))
}
