//! Rows, queries, transactions, encryption at rest and the two logs of the referral mechanism, on PostgreSQL.
//!
//! What holds here: no rule is decided (the domain does), no HTTP is known; every query is a method of a unit of work;
//! a change is stored together with its facts or not at all; free text and identities leave this crate sealed.

mod age;
mod audit;
mod caller;
pub mod canaries;
pub mod cases;
mod data_requests;
pub mod deadlines;
pub mod demo;
pub mod directory;
mod documents;
mod emergency;
mod episodes;
pub mod erasure;
mod error;
mod escalation;
pub mod events;
mod file;
mod hideaways;
mod history;
mod idempotency;
pub mod identification;
mod identification_acts;
mod justification;
mod keys;
mod landed;
pub mod lifecycle;
mod links;
mod matching;
mod messages;
mod page;
mod participation;
mod pool;
pub mod private_server;
mod reach;
pub mod referrals;
mod rotation;
mod rows;
mod sandbox;
mod schema;
pub mod sealed_log;
mod sealing;
mod shut_out;
mod statements;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
pub mod transnational;

pub use audit::{
    AccessEntry, AccessFilter, AccessLine, AccessLog, AccessOutcome, AccessPlace, Counted, DisclosureLine,
};
pub use caller::{AssertedProfessional, ClientKey, ClientRecord, Issued, NewClient};
pub use emergency::BrokenGlass;
pub use error::StoreError;
pub use escalation::StepTaken;
pub use file::EntryFilter;
pub use hideaways::{Hideaway, Standings};
pub use idempotency::Idempotency;
pub use keys::{KeyFile, KeyFileError, NodeKeys, sha256};
pub use landed::{migration_digests, start_anew};
pub use page::{Page, PageRequest};
pub use rotation::RestsOn;
pub use store::{Context, Done, Settings, Store, Tx, TxFailure};

/// The migrations, in order.
pub const MIGRATIONS: diesel_migrations::EmbeddedMigrations =
    diesel_migrations::embed_migrations!("../migrations");
