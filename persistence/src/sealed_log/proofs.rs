//! What a reader can be shown of the tree: its latest checkpoint, that a row is in it, that it has only grown.

use diesel::{
    OptionalExtension as _, PgConnection, QueryableByName, RunQueryDsl as _, sql_query,
    sql_types::{BigInt, Binary, Jsonb, Text, Timestamptz},
};
use domain::{AgencyId, CaseId, ProfessionalId, Timestamp, access::Logged};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    entry::{LogName, canonical},
    hashes::{Hashes, hash, signed, unsigned},
    tree::{self, Hash},
};
use crate::{StoreError, rows, store::Tx};

/// The latest checkpoint.
#[derive(Clone, Debug)]
pub struct LatestCheckpoint {
    /// How many leaves the tree has.
    pub size: u64,
    /// Its root.
    pub root: Hash,
    /// When it was signed.
    pub at: Timestamp,
    /// The signed note.
    pub note: String,
    /// The key that signed it, as signed notes write it.
    pub key: String,
}

/// That a row is in the tree of the latest checkpoint.
#[derive(Clone, Debug)]
pub struct InclusionProof {
    /// The place of the row among the leaves.
    pub index: u64,
    /// The log that it is of.
    pub log: LogName,
    /// The row, in the bytes that were sealed.
    pub entry: String,
    /// The hash that was sealed.
    pub leaf: Hash,
    /// The hashes that lead to the root, lowest first.
    pub path: Vec<Hash>,
    /// The checkpoint.
    pub checkpoint: LatestCheckpoint,
    /// Whom the row is of.
    pub of: Logged,
    /// Whether the row is the one that was sealed, and its leaf one of the tree that was signed.
    pub intact: bool,
}

/// That the tree of one size began as the tree of a smaller size.
#[derive(Clone, Debug)]
pub struct ConsistencyProof {
    /// The root of the smaller one.
    pub first_root: Hash,
    /// The root of the larger one.
    pub second_root: Hash,
    /// The hashes, lowest first.
    pub path: Vec<Hash>,
}

#[derive(QueryableByName)]
struct CheckpointRow {
    #[diesel(sql_type = BigInt)]
    size: i64,
    #[diesel(sql_type = Binary)]
    root: Vec<u8>,
    #[diesel(sql_type = Timestamptz)]
    at: OffsetDateTime,
    #[diesel(sql_type = Text)]
    note: String,
    #[diesel(sql_type = Text)]
    key: String,
}

#[derive(QueryableByName)]
struct LeafRow {
    #[diesel(sql_type = Text)]
    log: String,
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Binary)]
    hash: Vec<u8>,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Jsonb)]
    line: serde_json::Value,
}

/// Whether a row, as the database gives its columns, is the one whose leaf this is.
pub fn is_sealed(log: LogName, row: serde_json::Value, sealed: &[u8]) -> bool {
    canonical(log, row).is_some_and(|it| tree::leaf(it.as_bytes()) == sealed)
}

/// The latest checkpoint, if anything was sealed yet.
pub(super) fn latest(conn: &mut PgConnection) -> Result<Option<LatestCheckpoint>, StoreError> {
    let query = "SELECT size, root, at, note, key FROM log_checkpoints ORDER BY size DESC LIMIT 1";
    let row: Option<CheckpointRow> = sql_query(query).get_result(conn).optional()?;
    row.map(|it| {
        Ok(LatestCheckpoint {
            size: unsigned(it.size)?,
            root: hash(it.root)?,
            at: Timestamp::new(it.at),
            note: it.note,
            key: it.key,
        })
    })
    .transpose()
}

impl Tx<'_> {
    /// The latest checkpoint; not found where nothing was sealed yet.
    pub fn latest_checkpoint(&mut self) -> Result<LatestCheckpoint, StoreError> {
        latest(self.conn)?.ok_or(StoreError::NotFound)
    }

    /// That a row is in the tree of the latest checkpoint. Whether the caller may see the row is not looked at here.
    pub fn inclusion_proof(&mut self, index: u64) -> Result<InclusionProof, StoreError> {
        let checkpoint = self.latest_checkpoint()?;
        if index >= checkpoint.size {
            return Err(StoreError::NotFound);
        }
        let leaf: LeafRow = sql_query("SELECT log, seq, hash FROM log_leaves WHERE index = $1")
            .bind::<BigInt, _>(signed(index)?)
            .get_result(self.conn)?;
        let log = LogName::parse(&leaf.log).ok_or(StoreError::corrupt("log_leaves", "an unknown log"))?;
        let query = format!("SELECT to_jsonb(t) AS line FROM {} t WHERE seq = $1", log.name());
        // Whose a row is says the row; the tree holds those of all.
        let row: Line = self.across(|tx| {
            Ok::<_, StoreError>(sql_query(query).bind::<BigInt, _>(leaf.seq).get_result(tx.conn)?)
        })?;
        let text = |name: &str| row.line.get(name).and_then(serde_json::Value::as_str);
        let id = |name: &str| text(name).and_then(|it| Uuid::try_parse(it).ok());
        let of = Logged {
            country: rows::country("log_leaves", text("country").unwrap_or_default())?,
            case: id("case_id").map(CaseId),
            agency: id("agency_id").map(AgencyId),
            professional: id("professional_id").map(ProfessionalId),
        };
        let entry = canonical(log, row.line).ok_or(StoreError::corrupt("log_leaves", "no row"))?;
        let mut hashes = Hashes::new(self.conn);
        let path = tree::inclusion(index, checkpoint.size, &mut |it| hashes.at(it))?;
        let leaf = hash(leaf.hash)?;
        let intact = tree::leaf(entry.as_bytes()) == leaf
            && tree::includes(&leaf, index, checkpoint.size, &path, &checkpoint.root);
        Ok(InclusionProof { index, log, entry, leaf, path, checkpoint, of, intact })
    }

    /// That the tree has only grown from one size to another; not found where it has not grown so far. The first size is
    /// at least one and not above the second.
    pub fn consistency_proof(&mut self, first: u64, second: u64) -> Result<ConsistencyProof, StoreError> {
        if first == 0 || first > second || second > self.latest_checkpoint()?.size {
            return Err(StoreError::NotFound);
        }
        let mut hashes = Hashes::new(self.conn);
        Ok(ConsistencyProof {
            first_root: hashes.root(first)?,
            second_root: hashes.root(second)?,
            path: tree::consistency(first, second, &mut |it| hashes.at(it))?,
        })
    }
}
