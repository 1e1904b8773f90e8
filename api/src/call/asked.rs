//! What is known of a call once its caller is: so that it leaves a line whatever it is refused for, also where its handler is
//! never reached (a header is missing, a body does not fit the contract).

use std::sync::atomic::{AtomicBool, Ordering};

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
    case: Option<Uuid>,
    logged: AtomicBool,
    standings: Standings,
}

impl Asked {
    pub(super) fn new(
        (caller, epoch): (Caller, i32),
        operation: &'static Operation,
        now: Timestamp,
        path: &str,
    ) -> Self {
        let (case, logged, standings) = (case_in(path), AtomicBool::new(false), Standings::default());
        Self { caller, epoch, operation, now, case, logged, standings }
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
    pub fn about(&self) -> Option<CaseId> {
        self.case.map(CaseId).or_else(|| self.standings.about())
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
