//! Sealing: rows before which nothing can still be committed become leaves, and the grown tree is signed.

use diesel::{
    Connection as _, PgConnection, QueryableByName, RunQueryDsl as _,
    dsl::{select, sql},
    sql_query,
    sql_types::{Array, BigInt, Binary, Bool, Jsonb, Nullable, SmallInt, Text, Timestamptz},
};
use domain::Timestamp;

use super::{
    checkpoint::CheckpointKey,
    entry::{LogName, canonical},
    hashes::{Hashes, STEP, WIDTH, kept, signed, unsigned, whole},
    tree::{self, Hash},
};
use crate::{Store, StoreError};

/// Under this key one instance at a time seals.
const SEALING_LOCK: i64 = 0x0074_726d_7365_616c;
/// Rows of each log that one transaction seals at most.
const LARGEST_BATCH: i64 = 4_000;

/// Where a log was sealed up to: the transaction, and the row in it.
#[derive(Clone, Debug)]
struct Mark {
    xid: String,
    seq: i64,
}

#[derive(QueryableByName)]
struct Last {
    #[diesel(sql_type = BigInt)]
    size: i64,
    #[diesel(sql_type = Text)]
    access_log_xid: String,
    #[diesel(sql_type = BigInt)]
    access_log_seq: i64,
    #[diesel(sql_type = Text)]
    events_xid: String,
    #[diesel(sql_type = BigInt)]
    events_seq: i64,
}

#[derive(QueryableByName)]
struct Pending {
    #[diesel(sql_type = Text)]
    xid: String,
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Jsonb)]
    line: serde_json::Value,
}

impl Store {
    /// Seals what was committed since the last time, in both logs, and signs the grown tree; the first time also when
    /// there is nothing. Any number of instances may call it; one at a time does the work. Returns how many rows it sealed.
    pub fn seal_logs(&self, key: &CheckpointKey, now: Timestamp) -> Result<u64, StoreError> {
        let mut all = 0;
        loop {
            let sealed = self.sealing(|session| session.conn.transaction(|conn| seal(conn, key, now)))?;
            all += sealed;
            if sealed == 0 {
                return Ok(all);
            }
        }
    }

    /// When the oldest row was written that is not sealed yet, of both logs. A transaction that stays open, also in another
    /// database of the server, holds sealing back; an age of minutes is a reason to look.
    pub fn oldest_unsealed(&self) -> Result<Option<Timestamp>, StoreError> {
        let query = "WITH mark AS (SELECT coalesce(max(size), 0) AS size FROM log_checkpoints), \
             last AS (SELECT c.* FROM mark LEFT JOIN log_checkpoints c USING (size)) \
             SELECT min(unsealed.at) AS at FROM last, LATERAL ( \
             (SELECT l.at FROM access_log l WHERE (l.xid, l.seq) > \
             (coalesce(last.access_log_xid, '0'), coalesce(last.access_log_seq, 0)) ORDER BY l.xid, l.seq LIMIT 1) \
             UNION ALL \
             (SELECT e.at FROM events e WHERE (e.xid, e.seq) > \
             (coalesce(last.events_xid, '0'), coalesce(last.events_seq, 0)) ORDER BY e.xid, e.seq LIMIT 1)) unsealed";
        let oldest: Oldest =
            self.sealing(|session| Ok::<_, StoreError>(sql_query(query).get_result(&mut session.conn)?))?;
        Ok(oldest.at.map(Timestamp::new))
    }
}

#[derive(QueryableByName)]
struct Oldest {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    at: Option<time::OffsetDateTime>,
}

fn seal(conn: &mut PgConnection, key: &CheckpointKey, now: Timestamp) -> Result<u64, StoreError> {
    // In a statement of its own: what comes after it must see what the last holder has committed.
    let lock = sql::<Bool>(&format!("pg_try_advisory_xact_lock({SEALING_LOCK})"));
    if !select(lock).get_result::<bool>(conn)? {
        return Ok(0);
    }
    let last: Option<Last> = sql_query(
        "SELECT size, access_log_xid::text AS access_log_xid, access_log_seq, events_xid::text AS events_xid, \
         events_seq FROM log_checkpoints ORDER BY size DESC LIMIT 1",
    )
    .load(conn)?
    .pop();
    let none = || Mark { xid: "0".to_owned(), seq: 0 };
    let (size, mut marks) = match &last {
        None => (0, [none(), none()]),
        Some(it) => {
            let accesses = Mark { xid: it.access_log_xid.clone(), seq: it.access_log_seq };
            let events = Mark { xid: it.events_xid.clone(), seq: it.events_seq };
            (unsigned(it.size)?, [accesses, events])
        }
    };
    let (mut logs, mut seqs, mut leaves) = (Vec::new(), Vec::new(), Vec::new());
    for (log, mark) in LogName::ALL.into_iter().zip(&mut marks) {
        for row in pending(conn, log, mark)? {
            let text = canonical(log, row.line);
            let text = text.ok_or(StoreError::corrupt("log_leaves", "a row that is no object"))?;
            logs.push(log.name());
            seqs.push(row.seq);
            leaves.push(tree::leaf(text.as_bytes()));
            *mark = Mark { xid: row.xid, seq: row.seq };
        }
    }
    let sealed = u64::try_from(leaves.len()).unwrap_or_default();
    if sealed > 0 || last.is_none() {
        add_leaves(conn, size, &logs, &seqs, &leaves)?;
        let grown = size + sealed;
        add_nodes(conn, size, grown)?;
        sign(conn, key, grown, now, &marks)?;
    }
    Ok(sealed)
}

/// Rows after a mark, in commit order, before which nothing can still be committed.
fn pending(conn: &mut PgConnection, log: LogName, after: &Mark) -> Result<Vec<Pending>, StoreError> {
    let query = format!(
        "SELECT xid::text AS xid, seq, to_jsonb(t) AS line FROM {} t WHERE (xid, seq) > ($1::xid8, $2) \
         AND xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY t.xid, t.seq LIMIT $3",
        log.name()
    );
    let rows = sql_query(query)
        .bind::<Text, _>(&after.xid)
        .bind::<BigInt, _>(after.seq)
        .bind::<BigInt, _>(LARGEST_BATCH);
    Ok(rows.load(conn)?)
}

fn add_leaves(
    conn: &mut PgConnection,
    size: u64,
    logs: &[&str],
    seqs: &[i64],
    leaves: &[Hash],
) -> Result<(), StoreError> {
    let hashes: Vec<&[u8]> = leaves.iter().map(<[u8; 32]>::as_slice).collect();
    sql_query(
        "INSERT INTO log_leaves (index, log, seq, hash) SELECT $1 + place - 1, log, seq, hash \
         FROM unnest($2::text[], $3::bigint[], $4::bytea[]) WITH ORDINALITY AS leaf (log, seq, hash, place)",
    )
    .bind::<BigInt, _>(signed(size)?)
    .bind::<Array<Text>, _>(logs)
    .bind::<Array<BigInt>, _>(seqs)
    .bind::<Array<Binary>, _>(hashes)
    .execute(conn)?;
    Ok(())
}

/// Keeps the roots of the groups that have become full on the way from one size to another.
fn add_nodes(conn: &mut PgConnection, size: u64, grown: u64) -> Result<(), StoreError> {
    let (mut from, mut until) = (size, grown);
    for level in 1..=4 {
        (from, until) = (from / WIDTH, until / WIDTH);
        for index in from..until {
            let below = kept(conn, (level - 1) * STEP, index * WIDTH, (index + 1) * WIDTH)?;
            if u64::try_from(below.len()) != Ok(WIDTH) {
                return Err(StoreError::corrupt("log_nodes", "a group that is not full"));
            }
            sql_query("INSERT INTO log_nodes (level, index, hash) VALUES ($1, $2, $3)")
                .bind::<SmallInt, _>(i16::try_from(level * STEP).unwrap_or_default())
                .bind::<BigInt, _>(signed(index)?)
                .bind::<Binary, _>(whole(&below).as_slice())
                .execute(conn)?;
        }
    }
    Ok(())
}

fn sign(
    conn: &mut PgConnection,
    key: &CheckpointKey,
    size: u64,
    now: Timestamp,
    [accesses, events]: &[Mark; 2],
) -> Result<(), StoreError> {
    let root = Hashes::new(conn).root(size)?;
    sql_query(
        "INSERT INTO log_checkpoints (size, root, at, note, key, access_log_xid, access_log_seq, events_xid, \
         events_seq) VALUES ($1, $2, $3, $4, $5, $6::xid8, $7, $8::xid8, $9)",
    )
    .bind::<BigInt, _>(signed(size)?)
    .bind::<Binary, _>(root.as_slice())
    .bind::<Timestamptz, _>(now.raw())
    .bind::<Text, _>(key.sign(size, &root))
    .bind::<Text, _>(key.verifier().to_string())
    .bind::<Text, _>(&accesses.xid)
    .bind::<BigInt, _>(accesses.seq)
    .bind::<Text, _>(&events.xid)
    .bind::<BigInt, _>(events.seq)
    .execute(conn)?;
    Ok(())
}
