//! The seal on both logs: one tree over what was committed (RFC 6962), signed checkpoints of it (C2SP), proofs, and leaf
//! hashes kept outside the database, so that a row that is altered, removed or put elsewhere is found and located.

mod bundle;
mod checkpoint;
mod entry;
mod hashes;
mod outside;
mod proofs;
mod sealer;
pub mod tree;
mod verify;

pub use bundle::export;
pub use checkpoint::{Checkpoint, CheckpointError, CheckpointKey, Verifier};
pub use entry::{LogName, canonical};
pub use outside::{Seals, SealsError, Standing};
pub(crate) use proofs::is_sealed;
pub use proofs::{ConsistencyProof, InclusionProof, LatestCheckpoint};
pub use verify::{Finding, Known, Report, verify};
