//! The tokens that children are found by: written in the transaction of what they are made of.

use diesel::{
    Connection as _, ExpressionMethods as _, JoinOnDsl as _, PgConnection, QueryDsl as _, QueryResult,
    RunQueryDsl,
    dsl::{exists, not},
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Array, BigInt, SmallInt, Text, Uuid as SqlUuid},
};
use domain::{
    ChildId, Timestamp, Version,
    cases::Identity,
    matching::{IndexInput, index_inputs},
    text::Country,
};
use uuid::Uuid;

use crate::{
    Context, NodeKeys, Store, StoreError, rows,
    schema::{child_indexes, child_tokens, children, data_keys},
    sealing::{DataKey, Sealed},
    store::Tx,
};

/// How many children one step of indexing takes.
const CHILDREN_AT_ONCE: i64 = 200;

/// Tokens with their kinds and epochs, as a statement takes them.
#[derive(Default)]
pub(super) struct Tokens {
    pub kinds: Vec<&'static str>,
    pub epochs: Vec<i16>,
    pub values: Vec<i64>,
}

impl Tokens {
    /// As a child is stored with.
    fn written(keys: &NodeKeys, country: Country, inputs: &[IndexInput]) -> Self {
        let mut all = Self::default();
        all.add(keys, keys.index_epoch(), country, inputs);
        all
    }

    /// As children may be found by: while a secret is replaced, some are stored under the one and some under the other.
    pub fn asked(keys: &NodeKeys, country: Country, inputs: &[IndexInput]) -> Self {
        let mut all = Self::default();
        keys.index_epochs().for_each(|epoch| all.add(keys, epoch, country, inputs));
        all
    }

    fn add(&mut self, keys: &NodeKeys, epoch: i16, country: Country, inputs: &[IndexInput]) {
        for input in inputs {
            if let Some(token) = keys.index_token(epoch, country.as_str(), input) {
                self.kinds.push(input.kind.name());
                self.epochs.push(epoch);
                self.values.push(token);
            }
        }
    }
}

impl Tx<'_> {
    /// Writes the tokens of a child that has none.
    pub(crate) fn index_child(
        &mut self,
        child: ChildId,
        country: Country,
        identity: &Identity,
    ) -> Result<(), StoreError> {
        let Tokens { kinds, values, .. } = Tokens::written(self.keys, country, &index_inputs(identity));
        let epoch = self.keys.index_epoch();
        Keep { country: country.to_string(), epoch, kinds, tokens: values, child: child.0 }
            .execute(self.conn)?;
        Ok(())
    }

    /// Writes the tokens of a child in place of those that it has.
    pub(crate) fn index_child_anew(
        &mut self,
        child: ChildId,
        country: Country,
        identity: &Identity,
    ) -> Result<(), StoreError> {
        diesel::delete(child_tokens::table.filter(child_tokens::child_id.eq(child.0))).execute(self.conn)?;
        self.index_child(child, country, identity)
    }

    /// Lets nobody else write a child that is found like this one until the transaction ends: whether a child is taken in
    /// twice is decided by one at a time.
    pub(super) fn hold_alike(&mut self, country: Country, identity: &Identity) -> Result<(), StoreError> {
        // Those of every epoch: another instance may not use the new secret yet.
        self.hold(Tokens::asked(self.keys, country, &index_inputs(identity)).values)
    }

    /// The same for whoever else has one of these tokens.
    pub(super) fn hold(&mut self, mut tokens: Vec<i64>) -> Result<(), StoreError> {
        // In one order, so that two never wait for each other.
        tokens.sort_unstable();
        if !tokens.is_empty() {
            Hold { tokens }.execute(self.conn)?;
        }
        Ok(())
    }
}

type Unindexed = (Uuid, String, Vec<u8>, i32, Vec<u8>);

impl Store {
    /// Indexes every child and every pseudonym that has no tokens of the present epoch; returns how many. Any number of instances may.
    pub fn index_children(&self, now: Timestamp) -> Result<usize, StoreError> {
        let mut done = 0;
        loop {
            let some = self.index_some(now)? + self.index_some_pseudonyms()?;
            if some == 0 {
                return Ok(done);
            }
            done += some;
        }
    }

    fn index_some(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.unattended(|session| {
            session.conn.transaction(|conn| {
                let found: Vec<Unindexed> = children::table
                    .inner_join(data_keys::table.on(data_keys::subject_id.eq(children::id)))
                    .filter(data_keys::section.eq(Sealed::Identity.name()))
                    .filter(not(exists(
                        child_indexes::table
                            .filter(child_indexes::child_id.eq(children::id))
                            .filter(child_indexes::epoch.eq(self.keys().index_epoch())),
                    )))
                    .limit(CHILDREN_AT_ONCE)
                    .for_update()
                    .skip_locked()
                    .select((
                        children::id,
                        children::country,
                        children::identity_sealed,
                        children::identity_version,
                        data_keys::wrapped,
                    ))
                    .load(conn)?;
                for (id, country, sealed, version, wrapped) in &found {
                    let country = rows::country("children", country)?;
                    let key = DataKey::open(self.keys(), *id, Sealed::Identity, wrapped)?;
                    let identity: Identity = key.of_version(Version(*version)).read(*id, sealed)?;
                    let cx = Context::of_mechanism(country, *id, now);
                    let mut tx = Tx::new(&mut *conn, self.keys(), &cx);
                    tx.index_child_anew(ChildId(*id), country, &identity)?;
                }
                Ok(found.len())
            })
        })
    }
}

/// The tokens of one child, however many, in one statement that stays prepared.
#[derive(QueryId)]
struct Keep {
    country: String,
    epoch: i16,
    kinds: Vec<&'static str>,
    tokens: Vec<i64>,
    child: Uuid,
}

impl QueryFragment<Pg> for Keep {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH marked AS (INSERT INTO child_indexes (child_id, country, epoch) VALUES (");
        out.push_bind_param::<SqlUuid, _>(&self.child)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.country)?;
        out.push_sql(", ");
        out.push_bind_param::<SmallInt, _>(&self.epoch)?;
        out.push_sql(
            ") ON CONFLICT (child_id) DO UPDATE SET epoch = excluded.epoch) \
             INSERT INTO child_tokens (country, kind, epoch, token, child_id) SELECT ",
        );
        out.push_bind_param::<Text, _>(&self.country)?;
        out.push_sql(", kind, ");
        out.push_bind_param::<SmallInt, _>(&self.epoch)?;
        out.push_sql(", token, ");
        out.push_bind_param::<SqlUuid, _>(&self.child)?;
        out.push_sql(" FROM unnest(");
        out.push_bind_param::<Array<Text>, _>(&self.kinds)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.tokens)?;
        // Two inputs of one kind can have one token.
        out.push_sql(") AS given (kind, token) ON CONFLICT DO NOTHING");
        Ok(())
    }
}

impl RunQueryDsl<PgConnection> for Keep {}

/// Locks of the server under the tokens themselves.
#[derive(QueryId)]
struct Hold {
    tokens: Vec<i64>,
}

impl QueryFragment<Pg> for Hold {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT pg_advisory_xact_lock(token) FROM unnest(");
        out.push_bind_param::<Array<BigInt>, _>(&self.tokens)?;
        out.push_sql(") AS given (token)");
        Ok(())
    }
}

impl RunQueryDsl<PgConnection> for Hold {}
