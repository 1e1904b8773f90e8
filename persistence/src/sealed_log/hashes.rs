//! Hashes of the tree as the database keeps them: leaves, and the roots of full subtrees of 256 of the level below.

use std::collections::HashMap;

use diesel::{
    PgConnection, QueryableByName, RunQueryDsl as _, sql_query,
    sql_types::{BigInt, Binary, SmallInt},
};

use super::tree::{self, Hash, Subtree};
use crate::StoreError;

/// The levels that are kept are multiples of this; the leaves are level 0.
pub(super) const STEP: u32 = 8;
/// How many hashes of one kept level make one of the next.
pub(super) const WIDTH: u64 = 1 << STEP;

/// What a proof needs of the tree, each group of 256 read once.
pub(super) struct Hashes<'a> {
    conn: &'a mut PgConnection,
    read: HashMap<(u32, u64), Vec<Hash>>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Binary)]
    hash: Vec<u8>,
}

impl<'a> Hashes<'a> {
    pub(super) fn new(conn: &'a mut PgConnection) -> Self {
        Self { conn, read: HashMap::new() }
    }

    /// The root of the first `size` leaves.
    pub(super) fn root(&mut self, size: u64) -> Result<Hash, StoreError> {
        tree::root(size, &mut |it| self.at(it))
    }

    /// The hash of a full subtree.
    pub(super) fn at(&mut self, it: Subtree) -> Result<Hash, StoreError> {
        let above = it.level % STEP;
        let kept = it.level - above;
        let first = it.index << above;
        let group = self.group(kept, first / WIDTH)?;
        let from = usize::try_from(first % WIDTH).map_err(|_| missing())?;
        let hashes = group.get(from..from + (1 << above)).ok_or_else(missing)?;
        Ok(whole(hashes))
    }

    fn group(&mut self, level: u32, group: u64) -> Result<&[Hash], StoreError> {
        if !self.read.contains_key(&(level, group)) {
            let from = group * WIDTH;
            let hashes = kept(self.conn, level, from, from + WIDTH)?;
            self.read.insert((level, group), hashes);
        }
        self.read.get(&(level, group)).map(Vec::as_slice).ok_or_else(missing)
    }
}

/// The root of a full subtree from all hashes of one level in it.
pub(super) fn whole(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => tree::empty(),
        [one] => *one,
        more => {
            let (left, right) = more.split_at(more.len() / 2);
            tree::node(&whole(left), &whole(right))
        }
    }
}

/// Kept hashes of a level, in order, from one place to before another.
pub(super) fn kept(
    conn: &mut PgConnection,
    level: u32,
    from: u64,
    until: u64,
) -> Result<Vec<Hash>, StoreError> {
    let (from, until) = (signed(from)?, signed(until)?);
    let rows: Vec<Row> = if level == 0 {
        sql_query("SELECT hash FROM log_leaves WHERE index >= $1 AND index < $2 ORDER BY index")
            .bind::<BigInt, _>(from)
            .bind::<BigInt, _>(until)
            .load(conn)?
    } else {
        sql_query("SELECT hash FROM log_nodes WHERE level = $1 AND index >= $2 AND index < $3 ORDER BY index")
            .bind::<SmallInt, _>(i16::try_from(level).map_err(|_| missing())?)
            .bind::<BigInt, _>(from)
            .bind::<BigInt, _>(until)
            .load(conn)?
    };
    rows.into_iter().map(|it| hash(it.hash)).collect()
}

/// A hash as it is kept.
pub(super) fn hash(bytes: Vec<u8>) -> Result<Hash, StoreError> {
    bytes.try_into().map_err(|_| StoreError::corrupt("log_leaves", "a hash of another length"))
}

/// A place in the tree as the database counts.
pub(super) fn signed(it: u64) -> Result<i64, StoreError> {
    i64::try_from(it).map_err(|_| missing())
}

/// A place in the tree as the tree counts.
pub(super) fn unsigned(it: i64) -> Result<u64, StoreError> {
    u64::try_from(it).map_err(|_| missing())
}

fn missing() -> StoreError {
    StoreError::corrupt("log_leaves", "a leaf is not where the tree has it")
}
