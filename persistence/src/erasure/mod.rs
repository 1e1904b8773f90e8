//! Destroying what is known of a child: the rows are deleted and with them the keys that open them in every copy, the
//! ledger outside the database has told of it before, and only the sealed logs remember by ids that lead to nothing.

mod found;
mod ledger;
mod tables;

use diesel::{
    Connection as _, ExpressionMethods as _, PgConnection, QueryDsl as _, RunQueryDsl as _,
    connection::SimpleConnection as _, dsl::insert_into, sql_query, sql_types::Array,
    sql_types::Uuid as SqlUuid,
};
use domain::{
    Reference, Refused, Timestamp,
    cases::erasure::{Ground, TwoPeople},
};
use uuid::Uuid;

pub use self::ledger::{Erasure, Ledger, LedgerError};
use crate::{
    Context, Store, StoreError, rows,
    schema::{erased_subjects, erasures},
    store::Tx,
};

/// The tables that an erasure deletes from.
#[cfg(feature = "testing")]
pub fn tables_deleted() -> impl Iterator<Item = &'static str> {
    let named = tables::DELETED.iter().chain(tables::DELETED_LAST).map(|it| it.0);
    named.chain(["cases", "identification_acts"])
}

/// Why nothing was erased.
#[derive(Debug, thiserror::Error)]
pub enum ErasureError {
    /// The database refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The rules do.
    #[error("{}", reasons(.0))]
    Refused(Refused),
    /// The ledger cannot be written, or not be trusted.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<diesel::result::Error> for ErasureError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}

fn reasons(refused: &Refused) -> String {
    let each = refused.violations().iter().map(|it| match it.rule {
        Some(rule) => format!("{} ({})", it.because, rule.code),
        None => it.because.clone(),
    });
    each.collect::<Vec<_>>().join("; ")
}

/// What an erasure destroys.
#[derive(Clone, Debug)]
pub struct Destroyed {
    /// The line of the ledger.
    pub erasure: Erasure,
    /// Rows by table; tables without any are missing.
    pub rows: Vec<(&'static str, usize)>,
    /// Cases of others that people have confirmed to be of the same child, and that stay.
    pub beside: Vec<Reference>,
    /// Concerns that the cases came from and that stay, because they are about other children too.
    pub concerns_left: usize,
}

/// How far to go.
enum Then<'a> {
    /// Nothing is kept of it.
    Back,
    /// The two people stand for it, and this keeps the line outside the database.
    Through(&'a TwoPeople, &'a mut dyn FnMut(&Erasure) -> Result<(), LedgerError>),
}

enum Abort {
    Back(Box<Destroyed>),
    Failed(ErasureError),
}

impl<T: Into<ErasureError>> From<T> for Abort {
    fn from(error: T) -> Self {
        Self::Failed(error.into())
    }
}

impl Store {
    /// What erasing a case would destroy, by doing it and taking it back. Refused as the erasure would be.
    pub fn check_erasure(
        &self,
        case: &Reference,
        ground: Ground,
        now: Timestamp,
    ) -> Result<Destroyed, ErasureError> {
        self.erasing(case, ground, now, Then::Back)
    }

    /// Destroys what is known of the child of a case: in all cases of the child, whoever leads them. `record` must have
    /// put the line where it stays, outside the database, when it returns; it is called last before the commit.
    ///
    /// Needs the owner of the tables. Absent cases are [`StoreError::NotFound`].
    pub fn erase(
        &self,
        case: &Reference,
        (ground, people): (Ground, &TwoPeople),
        now: Timestamp,
        record: &mut dyn FnMut(&Erasure) -> Result<(), LedgerError>,
    ) -> Result<Destroyed, ErasureError> {
        self.erasing(case, ground, now, Then::Through(people, record))
    }

    /// Destroys again what a line of the ledger tells of, as far as it is there; how many rows that were. Asks no rule:
    /// it was decided.
    pub fn erase_again(&self, erasure: &Erasure, now: Timestamp) -> Result<usize, ErasureError> {
        self.as_owner(|session| {
            Ok(session.conn.transaction(|conn| {
                begin(conn)?;
                let destroyed = destroy(self, conn, erasure, None, now)?;
                Ok(destroyed.iter().map(|it| it.1).sum())
            }))
        })?
    }

    /// The erasures that the database knows of, oldest first.
    pub fn erasures(&self) -> Result<Vec<Erasure>, StoreError> {
        self.unattended(|session| {
            let lines: Vec<serde_json::Value> = erasures::table
                .order((erasures::at, erasures::id))
                .select(erasures::line)
                .load(&mut session.conn)?;
            let read = |it| serde_json::from_value(it);
            lines
                .into_iter()
                .map(|it| read(it).map_err(|_| StoreError::corrupt("erasures", "a line that cannot be read")))
                .collect()
        })
    }

    fn erasing(
        &self,
        case: &Reference,
        ground: Ground,
        now: Timestamp,
        mut then: Then<'_>,
    ) -> Result<Destroyed, ErasureError> {
        let done = self.as_owner(|session| {
            Ok(session.conn.transaction(|conn| {
                begin(conn)?;
                let found = found::Found::lock(conn, case)?;
                let erasure = found.erasure(ground.reason, now);
                let to_erase = mechanism(self, conn, &erasure, now, |tx| found.to_erase(tx))?;
                ground.allows(&to_erase, now).map_err(ErasureError::Refused)?;
                let people = match &then {
                    Then::Back => None,
                    Then::Through(people, _) => Some(*people),
                };
                let rows = destroy(self, conn, &erasure, people, now)?;
                let (beside, concerns_left) = (found.beside, found.concerns_left);
                let destroyed = Destroyed { erasure, rows, beside, concerns_left };
                match &mut then {
                    Then::Back => Err(Abort::Back(Box::new(destroyed))),
                    Then::Through(_, record) => {
                        // Whatever happens from here on, the ledger knows, and can be replayed.
                        record(&destroyed.erasure).map_err(ErasureError::from)?;
                        Ok(destroyed)
                    }
                }
            }))
        })?;
        match done {
            Ok(destroyed) => Ok(destroyed),
            Err(Abort::Back(destroyed)) => Ok(*destroyed),
            Err(Abort::Failed(error)) => Err(error),
        }
    }
}

/// Nobody waits for an answer: it may take as long as it takes.
fn begin(conn: &mut PgConnection) -> Result<(), StoreError> {
    Ok(conn.batch_execute(
        "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0",
    )?)
}

/// Runs something as the mechanism.
fn mechanism<T>(
    store: &Store,
    conn: &mut PgConnection,
    erasure: &Erasure,
    now: Timestamp,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let country = rows::country("cases", &erasure.country)?;
    let cx = Context::of_mechanism(country, erasure.id, now);
    work(&mut Tx::new(conn, store.keys(), &cx))
}

/// Records an erasure that the database does not know yet, and deletes what is there of it.
fn destroy(
    store: &Store,
    conn: &mut PgConnection,
    erasure: &Erasure,
    people: Option<&TwoPeople>,
    now: Timestamp,
) -> Result<Vec<(&'static str, usize)>, ErasureError> {
    let line = serde_json::to_value(erasure)
        .map_err(|_| StoreError::corrupt("erasures", "a line that cannot be written"))?;
    let new = insert_into(erasures::table)
        .values((
            erasures::id.eq(erasure.id),
            erasures::country.eq(&erasure.country),
            erasures::at.eq(erasure.at.raw()),
            erasures::reason.eq(rows::text(erasure.reason)),
            erasures::line.eq(line),
            erasures::requested_by.eq(people.map(|it| it.requested_by.as_str())),
            erasures::approved_by.eq(people.map(|it| it.approved_by.as_str())),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    let subjects = found::subjects(conn, erasure)?;
    for id in &subjects {
        insert_into(erased_subjects::table)
            .values((erased_subjects::id.eq(id), erased_subjects::erasure_id.eq(erasure.id)))
            .on_conflict_do_nothing()
            .execute(conn)?;
    }
    if new == 1 {
        found::count(conn, erasure)?;
        let facts = found::facts(erasure);
        mechanism(store, conn, erasure, now, |tx| tx.record(&facts))?;
    }
    let mut rows = Vec::new();
    let mut delete = |table, statement: &str| {
        let gone = sql_query(statement).bind::<Array<SqlUuid>, _>(&subjects).execute(conn)?;
        if gone > 0 {
            rows.push((table, gone));
        }
        Ok::<_, ErasureError>(())
    };
    let of = |(table, which): &(&'static str, &str)| format!("DELETE FROM {table} WHERE {which}");
    for it in tables::DELETED {
        delete(it.0, &of(it))?;
    }
    delete("cases", tables::CASES)?;
    for it in tables::DELETED_LAST {
        delete(it.0, &of(it))?;
    }
    Ok(rows)
}

/// All ids of an erasure.
fn ids(erasure: &Erasure) -> Vec<Uuid> {
    [&erasure.cases, &erasure.children, &erasure.screenings, &erasure.concerns]
        .into_iter()
        .flatten()
        .copied()
        .collect()
}
