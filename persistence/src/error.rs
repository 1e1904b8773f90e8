//! Why something was not stored or found, in words that a caller can act on.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// Why a unit of work did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Absent, or not the caller's to know of.
    #[error("not found")]
    NotFound,
    /// The caller takes part by an emergency access, which writes nothing.
    #[error("an emergency access writes nothing")]
    ReadsOnly,
    /// Changed since the caller read it.
    #[error("changed since it was read")]
    Stale,
    /// The client, its agency or the professional may not call any more, or the token is from an earlier epoch.
    #[error("the caller is not active")]
    CallerInactive,
    /// The key was used with another body or by another professional.
    #[error("idempotency key used for something else")]
    KeyReused,
    /// The first request with this key still runs.
    #[error("the first request with this key still runs")]
    KeyInProgress,
    /// A row refers to something that does not exist, or exists twice, by the name of the constraint.
    #[error("constraint {0}")]
    Constraint(String),
    /// Another transaction was first; worth trying again.
    #[error("another transaction was first")]
    Conflict,
    /// The database cannot be reached.
    #[error("the database cannot be reached")]
    Unavailable,
    /// The access log cannot be written; without it nothing is answered.
    #[error("the access log cannot be written")]
    AuditUnavailable,
    /// A row holds what the schema should not allow, or a sealed value does not open.
    #[error("{table}: {what}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// What is wrong; no values.
        what: &'static str,
    },
    /// Anything else the database says, without its values.
    #[error("database: {0}")]
    Database(String),
}

impl StoreError {
    /// A row or sealed value that should not be.
    pub(crate) const fn corrupt(table: &'static str, what: &'static str) -> Self {
        Self::Corrupt { table, what }
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::NotFound => Self::NotFound,
            DieselError::DatabaseError(kind, info) => match kind {
                DatabaseErrorKind::SerializationFailure => Self::Conflict,
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
                    Self::Unavailable
                }
                DatabaseErrorKind::UniqueViolation
                | DatabaseErrorKind::ForeignKeyViolation
                | DatabaseErrorKind::CheckViolation => {
                    Self::Constraint(info.constraint_name().unwrap_or_default().to_owned())
                }
                // The message names no values; DETAIL and HINT, which may, are dropped.
                _ => from_message(info.message()),
            },
            DieselError::BrokenTransactionManager => Self::Unavailable,
            other => Self::Database(kind_of(&other).to_owned()),
        }
    }
}

/// Diesel has no kind for these; PostgreSQL's own wording is stable and translated messages are switched off.
fn from_message(message: &str) -> StoreError {
    let lost = [
        "terminating connection",
        "server closed the connection",
        "the database system is",
        "connection to server",
        "no connection to the server",
        "SSL connection has been closed",
        "could not receive data",
        "could not send data",
    ];
    if message.contains("deadlock detected") {
        StoreError::Conflict
    } else if message.contains("lock timeout") {
        StoreError::KeyInProgress
    } else if lost.iter().any(|it| message.contains(it)) {
        StoreError::Unavailable
    } else {
        StoreError::Database(message.to_owned())
    }
}

fn kind_of(error: &DieselError) -> &'static str {
    match error {
        DieselError::QueryBuilderError(_) => "the query could not be built",
        DieselError::DeserializationError(_) => "a row could not be read",
        DieselError::SerializationError(_) => "a value could not be sent",
        DieselError::InvalidCString(_) => "a text with a NUL byte",
        _ => "unexpected",
    }
}

impl From<r2d2::Error> for StoreError {
    fn from(_: r2d2::Error) -> Self {
        Self::Unavailable
    }
}
