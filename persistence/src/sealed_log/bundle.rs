//! Both logs as one file that anybody can verify without the database: a JSON object a line, each row in the bytes that
//! were sealed, in the order of the leaves, each checkpoint behind the leaves that it covers, and what is not sealed yet.

use std::{
    collections::VecDeque,
    io::{self, Write},
};

use data_encoding::HEXLOWER;
use diesel::{
    Connection as _, PgConnection, QueryableByName, RunQueryDsl as _,
    connection::SimpleConnection as _,
    sql_query,
    sql_types::{BigInt, Binary, Jsonb, Nullable, Text},
};
use domain::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    entry::{LogName, canonical},
    outside::SealsError,
};
use crate::{Store, StoreError};

/// What a bundle says it is.
pub(super) const FORMAT: &str = "trm-audit-bundle/1";
const PAGE: i64 = 4_000;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) enum Line {
    /// The first: what it is, and when it was made.
    Format { name: String, at: Timestamp },
    /// A sealed row; without its entry where the database has it no more.
    Leaf {
        index: u64,
        hash: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        entry: Option<String>,
    },
    /// A checkpoint of the leaves before it.
    Checkpoint { note: String, key: String },
    /// A row that is not sealed.
    Unsealed(String),
    /// The last: how many leaves and unsealed rows there were.
    End { leaves: u64, unsealed: u64 },
}

#[derive(QueryableByName)]
struct LeafRow {
    #[diesel(sql_type = BigInt)]
    index: i64,
    #[diesel(sql_type = Text)]
    log: String,
    #[diesel(sql_type = Binary)]
    hash: Vec<u8>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    line: Option<serde_json::Value>,
}

#[derive(QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = BigInt)]
    size: i64,
    #[diesel(sql_type = Text)]
    note: String,
    #[diesel(sql_type = Text)]
    key: String,
}

#[derive(QueryableByName)]
struct Unsealed {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Jsonb)]
    line: serde_json::Value,
}

/// Writes both logs, as one snapshot of the database; returns how many rows are sealed and how many are not.
pub fn export(store: &Store, out: &mut impl Write, now: Timestamp) -> Result<(u64, u64), SealsError> {
    let conn = &mut store.auditor()?;
    conn.transaction(|conn| {
        conn.batch_execute(
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET LOCAL statement_timeout = 0",
        )?;
        put(out, &Line::Format { name: FORMAT.to_owned(), at: now })?;
        let leaves = export_sealed(conn, out)?;
        let mut unsealed = 0;
        for log in LogName::ALL {
            unsealed += export_unsealed(conn, log, out)?;
        }
        put(out, &Line::End { leaves, unsealed })?;
        out.flush()?;
        Ok((leaves, unsealed))
    })
}

fn export_sealed(conn: &mut PgConnection, out: &mut impl Write) -> Result<u64, SealsError> {
    let checkpoints: Vec<Checkpoint> =
        sql_query("SELECT size, note, key FROM log_checkpoints ORDER BY size").load(conn)?;
    let mut checkpoints = VecDeque::from(checkpoints);
    let mut signed = |size: i64, out: &mut dyn Write| -> Result<(), SealsError> {
        while let Some(it) = checkpoints.pop_front_if(|it| it.size <= size) {
            put(out, &Line::Checkpoint { note: it.note, key: it.key })?;
        }
        Ok(())
    };
    signed(0, out)?;
    let (mut after, mut leaves) = (-1, 0);
    loop {
        let page: Vec<LeafRow> = sql_query(
            "SELECT l.index, l.log, l.hash, coalesce(to_jsonb(a), to_jsonb(e)) AS line FROM log_leaves l \
             LEFT JOIN access_log a ON l.log = 'access_log' AND a.seq = l.seq \
             LEFT JOIN events e ON l.log = 'events' AND e.seq = l.seq \
             WHERE l.index > $1 ORDER BY l.index LIMIT $2",
        )
        .bind::<BigInt, _>(after)
        .bind::<BigInt, _>(PAGE)
        .load(conn)?;
        let Some(last) = page.last().map(|it| it.index) else { break };
        after = last;
        for it in page {
            let entry = LogName::parse(&it.log).zip(it.line).and_then(|(log, row)| canonical(log, row));
            let index = u64::try_from(it.index).unwrap_or_default();
            put(out, &Line::Leaf { index, hash: HEXLOWER.encode(&it.hash), entry })?;
            leaves += 1;
            signed(it.index + 1, out)?;
        }
    }
    signed(i64::MAX, out)?;
    Ok(leaves)
}

fn export_unsealed(conn: &mut PgConnection, log: LogName, out: &mut impl Write) -> Result<u64, SealsError> {
    let (mut after, mut rows) = (i64::MIN, 0);
    loop {
        let query = format!(
            "SELECT t.seq, to_jsonb(t) AS line FROM {name} t WHERE t.seq > $1 \
             AND NOT EXISTS (SELECT FROM log_leaves l WHERE l.log = '{name}' AND l.seq = t.seq) \
             ORDER BY t.seq LIMIT $2",
            name = log.name()
        );
        let page: Vec<Unsealed> =
            sql_query(query).bind::<BigInt, _>(after).bind::<BigInt, _>(PAGE).load(conn)?;
        let Some(last) = page.last().map(|it| it.seq) else { return Ok(rows) };
        after = last;
        for it in page {
            let text = canonical(log, it.line);
            put(
                out,
                &Line::Unsealed(text.ok_or(StoreError::corrupt("log_leaves", "a row that is no object"))?),
            )?;
            rows += 1;
        }
    }
}

fn put(out: &mut (impl Write + ?Sized), line: &Line) -> Result<(), SealsError> {
    serde_json::to_writer(&mut *out, line).map_err(io::Error::from)?;
    Ok(out.write_all(b"\n")?)
}
