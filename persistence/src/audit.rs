//! The log of reads and refusals, durable before the answer leaves: concurrent requests share one insert and one
//! commit.

mod disclosures;
mod lines;
mod quotas;

use std::{
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::Duration,
};

use diesel::{
    PgConnection, QueryResult, RunQueryDsl,
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::Jsonb,
};
use domain::{Timestamp, access::Caller};
use serde::Serialize;
use tokio::sync::oneshot;
use uuid::Uuid;

pub use self::{
    disclosures::DisclosureLine,
    lines::{AccessFilter, AccessLine, AccessPlace},
    quotas::Counted,
};
use crate::{StoreError, pool::Connections};

const LARGEST_BATCH: usize = 512;

/// What a logged request came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessOutcome {
    /// Something was shown.
    Read,
    /// It was refused.
    Refused,
    /// Nothing is there that the caller may know of.
    NotFound,
}

/// One line of the log.
#[derive(Clone, Debug, Serialize)]
pub struct AccessEntry {
    at: Timestamp,
    operation: &'static str,
    outcome: AccessOutcome,
    code: Option<String>,
    subject_id: Option<Uuid>,
    case_id: Option<Uuid>,
    sections: Vec<&'static str>,
    country: String,
    client: Uuid,
    professional_id: Option<Uuid>,
    agency_id: Uuid,
    role: Option<&'static str>,
    purpose: &'static str,
    decision_ref: Option<String>,
    request_id: Uuid,
    break_glass: Option<Uuid>,
}

impl AccessEntry {
    /// A line for what a caller did.
    pub fn new(caller: &Caller, operation: &'static str, outcome: AccessOutcome, at: Timestamp) -> Self {
        use domain::CodeList as _;
        Self {
            at,
            operation,
            outcome,
            code: None,
            subject_id: None,
            case_id: None,
            sections: Vec::new(),
            country: caller.country.to_string(),
            client: caller.client.0,
            professional_id: caller.professional.map(|it| it.0),
            agency_id: caller.agency.0,
            role: caller.role.map(domain::CodeList::code),
            purpose: caller.purpose.code(),
            decision_ref: caller.decision_ref.clone(),
            request_id: caller.request.0,
            break_glass: None,
        }
    }

    /// Names what was looked at.
    #[must_use]
    pub fn about(mut self, subject: Option<Uuid>, case: Option<Uuid>, sections: Vec<&'static str>) -> Self {
        (self.subject_id, self.case_id, self.sections) = (subject, case, sections);
        self
    }

    /// Names the emergency access by which it was let in.
    #[must_use]
    pub fn under(mut self, access: Option<Uuid>) -> Self {
        self.break_glass = access;
        self
    }

    /// Names why it was refused.
    #[must_use]
    pub fn because(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }
}

type Waiting = (AccessEntry, oneshot::Sender<Result<(), StoreError>>);

/// The log, written by a thread of its own.
#[derive(Clone, Debug)]
pub struct AccessLog {
    queue: Sender<Waiting>,
}

impl AccessLog {
    pub(crate) fn start(connections: Connections) -> Self {
        let (queue, waiting) = channel();
        thread::spawn(move || write_batches(&connections, &waiting));
        Self { queue }
    }

    /// Answers when the line is durable.
    pub async fn append(&self, entry: AccessEntry) -> Result<(), StoreError> {
        let (done, answer) = oneshot::channel();
        self.queue.send((entry, done)).map_err(|_| StoreError::AuditUnavailable)?;
        answer.await.map_err(|_| StoreError::AuditUnavailable)?
    }
}

fn write_batches(connections: &Connections, waiting: &Receiver<Waiting>) {
    let mut conn: Option<PgConnection> = None;
    while let Ok(first) = waiting.recv() {
        let mut batch = vec![first];
        batch.extend(waiting.try_iter().take(LARGEST_BATCH - 1));
        let (entries, done): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
        match write_or_reconnect(&mut conn, connections, &entries) {
            // One line that the database refuses must not keep the others out.
            Err(StoreError::Database(_) | StoreError::Constraint(_)) if entries.len() > 1 => {
                for (entry, it) in entries.into_iter().zip(done) {
                    answer(it, &write_or_reconnect(&mut conn, connections, &[entry]));
                }
            }
            written => done.into_iter().for_each(|it| answer(it, &written)),
        }
    }
}

fn answer(waiting: oneshot::Sender<Result<(), StoreError>>, written: &Result<(), StoreError>) {
    // Whoever has gone away needs no answer.
    let _ = waiting.send(written.as_ref().copied().map_err(|_| StoreError::AuditUnavailable));
}

/// A restarted server breaks the old connection; nothing was acknowledged, so once more on a new one.
fn write_or_reconnect(
    conn: &mut Option<PgConnection>,
    connections: &Connections,
    entries: &[AccessEntry],
) -> Result<(), StoreError> {
    let written = write(conn, connections, entries).or_else(|_| {
        *conn = None;
        thread::sleep(Duration::from_millis(20));
        write(conn, connections, entries)
    });
    if written.is_err() {
        *conn = None;
    }
    written
}

fn write(
    conn: &mut Option<PgConnection>,
    connections: &Connections,
    entries: &[AccessEntry],
) -> Result<(), StoreError> {
    if conn.is_none() {
        *conn = Some(connections.open()?);
    }
    let conn = conn.as_mut().ok_or(StoreError::AuditUnavailable)?;
    insert(conn, entries)
}

fn insert(conn: &mut PgConnection, entries: &[AccessEntry]) -> Result<(), StoreError> {
    let rows = serde_json::to_value(entries).map_err(|_| StoreError::AuditUnavailable)?;
    Append { rows }.execute(conn)?;
    Ok(())
}

/// Writes lines in the transaction of a request.
fn write_lines(conn: &mut PgConnection, entries: &[AccessEntry]) -> Result<(), StoreError> {
    insert(conn, entries).map_err(|error| match error {
        StoreError::Database(_) | StoreError::Constraint(_) => StoreError::AuditUnavailable,
        other => other,
    })
}

/// One statement with one parameter, whatever the size of the batch, so that it is prepared once.
#[derive(QueryId)]
struct Append {
    rows: serde_json::Value,
}

impl QueryFragment<Pg> for Append {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        const COLUMNS: &str = "at, operation, outcome, code, subject_id, case_id, sections, country, client, \
                               professional_id, agency_id, role, purpose, decision_ref, request_id, break_glass";
        out.push_sql("INSERT INTO access_log (");
        out.push_sql(COLUMNS);
        out.push_sql(") SELECT at, operation, outcome, code, subject_id, case_id, \
                      ARRAY(SELECT jsonb_array_elements_text(sections)), country, client, professional_id, agency_id, \
                      role, purpose, decision_ref, request_id, break_glass FROM jsonb_to_recordset(");
        out.push_bind_param::<Jsonb, _>(&self.rows)?;
        out.push_sql(") AS line(at timestamptz, operation text, outcome text, code text, subject_id uuid, \
                      case_id uuid, sections jsonb, country text, client uuid, professional_id uuid, agency_id uuid, \
                      role text, purpose text, decision_ref text, request_id uuid, break_glass uuid)");
        Ok(())
    }
}

impl RunQueryDsl<PgConnection> for Append {}
