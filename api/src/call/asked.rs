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
use persistence::{AccessEntry, AccessOutcome, BrokenGlass, Context, Standings};
use uuid::Uuid;

/// A call by a caller whose token is valid and who is within its rate.
#[derive(Debug)]
pub struct Asked {
    pub(super) caller: Caller,
    epoch: i32,
    operation: &'static Operation,
    now: Timestamp,
    /// What the path names, whether it is there or not.
    path: Option<(Of, Uuid)>,
    /// What the body names, likewise.
    body: OnceLock<(Of, Uuid)>,
    logged: AtomicBool,
    standings: Standings,
}

/// What an id is said to be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Case,
    Other,
}

impl Asked {
    pub(super) fn new(
        (caller, epoch): (Caller, i32),
        operation: &'static Operation,
        now: Timestamp,
        path: &str,
    ) -> Self {
        Self {
            caller,
            epoch,
            operation,
            now,
            path: named_in(path),
            body: OnceLock::new(),
            logged: AtomicBool::new(false),
            standings: Standings::default(),
        }
    }

    /// Who calls.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The operation.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The case that its answer is about, if it is about one.
    pub fn of_case(&self) -> Option<CaseId> {
        let named = self.path.filter(|it| it.0 == Of::Case).map(|it| CaseId(it.1));
        named.or_else(|| self.standings.about())
    }

    /// How the caller stands to what was looked up.
    pub fn standings(&self) -> &Standings {
        &self.standings
    }

    /// For a unit of work that makes and changes nothing.
    pub fn context(&self) -> Context {
        Context {
            caller: self.caller.clone(),
            epoch: self.epoch,
            now: self.now,
            subject: Uuid::nil(),
            validate_only: false,
            idempotency: None,
            broken_glass: BrokenGlass::default(),
            standings: self.standings.clone(),
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
