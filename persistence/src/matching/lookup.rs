//! From a question to hits: candidates by shared tokens, opened in memory, compared; then the cases of those that are
//! alike, and how the caller stands to them. Four statements, however many candidates.

use std::collections::HashMap;

use diesel::{
    ExpressionMethods as _, PgConnection, QueryDsl as _, QueryResult, RunQueryDsl, SelectableHelper as _,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{Array, BigInt, Bytea, Integer, SmallInt, Text, Uuid as SqlUuid},
};
use domain::{
    CaseId, ChildId, Version,
    access::Relation,
    cases::{Case, Identity},
    matching::{Hit, Likeness, index_questions},
};
use uuid::Uuid;

use super::tokens::Tokens;
use crate::{
    StoreError, cases,
    schema::cases as case_rows,
    sealing::{DataKey, Sealed},
    store::Tx,
};

/// How many candidates are opened at most: those that share most.
const MOST_CANDIDATES: i64 = 200;

/// A child, what is sealed of who it is with its version, and the wrapped key.
type Candidate = (Uuid, Vec<u8>, i32, Vec<u8>);

impl Tx<'_> {
    /// Cases of the caller's country whose child may be the one that is asked for, whoever may see them.
    pub fn hits(&mut self, asked: &Identity) -> Result<Vec<Hit>, StoreError> {
        // Whether a child is known already is asked of all of the country; who is told what of it, the hits decide.
        let found = self.across(|tx| tx.candidates_like(asked))?;
        let alike: HashMap<Uuid, Likeness> = found
            .into_iter()
            .map(|(child, identity)| (child.0, Likeness::of(asked, &identity)))
            .filter(|(_, likeness)| likeness.is_possible())
            .collect();
        if alike.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<cases::Row> = self.across(|tx| {
            let children: Vec<Uuid> = alike.keys().copied().collect();
            let cases = case_rows::table
                .filter(case_rows::child_id.eq_any(children))
                .filter(case_rows::country.eq(tx.cx.caller.country.as_str()))
                .filter(case_rows::id.ne_all(tx.barred.clone()))
                .select(cases::Row::as_select());
            Ok::<_, StoreError>(cases.load(tx.conn)?)
        })?;
        let found = rows.into_iter().map(Case::try_from).collect::<Result<Vec<_>, _>>()?;
        let relations = self.relations(&found)?;
        let hit = |case: Case| {
            let likeness = alike.get(&case.child.0)?.clone();
            Some(Hit { relation: relations.get(&case.id).cloned(), case, likeness })
        };
        Ok(found.into_iter().filter_map(hit).collect())
    }

    /// The hits for a child that is about to be stored, so that nobody stores one like it at the same time (R70).
    pub fn doubles(&mut self, identity: &Identity) -> Result<Vec<Hit>, StoreError> {
        self.hold_alike(self.cx.caller.country, identity)?;
        self.hits(identity)
    }

    /// Children that share a token with a question, those that share most first, with who they are.
    pub fn candidates_like(&mut self, asked: &Identity) -> Result<Vec<(ChildId, Identity)>, StoreError> {
        let country = self.cx.caller.country;
        let Tokens { kinds, epochs, values: tokens } =
            Tokens::asked(self.keys, country, &index_questions(asked));
        if tokens.is_empty() {
            return Ok(Vec::new());
        }
        let found: Vec<Candidate> =
            Candidates { country: country.to_string(), kinds, epochs, tokens }.load(self.conn)?;
        let open = |(id, sealed, version, wrapped): Candidate| {
            let key = DataKey::open(self.keys, id, Sealed::Identity, &wrapped)?.of_version(Version(version));
            Ok((ChildId(id), key.read(id, &sealed)?))
        };
        found.into_iter().map(open).collect()
    }

    /// How the caller's agency stands to each of these cases; those that it may not know of are missing.
    pub fn relations(&mut self, all: &[Case]) -> Result<HashMap<CaseId, Relation>, StoreError> {
        let caller = &self.cx.caller;
        let mut known: HashMap<CaseId, Relation> =
            all.iter().filter_map(|it| Some((it.id, it.own_relation(caller)?))).collect();
        let others: Vec<Uuid> =
            all.iter().filter(|it| !known.contains_key(&it.id)).map(|it| it.id.0).collect();
        known.extend(self.grants(&others)?.into_iter().map(|(case, it)| (case, Relation::Granted(it))));
        known.retain(|case, _| !self.is_barred(*case));
        Ok(known)
    }
}

/// Candidates with their sealed identities, in one statement that stays prepared.
#[derive(QueryId)]
struct Candidates {
    country: String,
    kinds: Vec<&'static str>,
    epochs: Vec<i16>,
    tokens: Vec<i64>,
}

impl QueryFragment<Pg> for Candidates {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH found AS (SELECT t.child_id, count(*) AS shared FROM unnest(");
        out.push_bind_param::<Array<Text>, _>(&self.kinds)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SmallInt>, _>(&self.epochs)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.tokens)?;
        out.push_sql(") AS asked (kind, epoch, token) JOIN child_tokens t ON t.country = ");
        out.push_bind_param::<Text, _>(&self.country)?;
        out.push_sql(
            " AND t.epoch = asked.epoch AND t.kind = asked.kind AND t.token = asked.token \
             GROUP BY t.child_id ORDER BY shared DESC, t.child_id LIMIT ",
        );
        out.push_bind_param::<BigInt, _>(&MOST_CANDIDATES)?;
        out.push_sql(
            ") SELECT c.id, c.identity_sealed, c.identity_version, k.wrapped FROM found f JOIN children c ON c.id = f.child_id \
             JOIN data_keys k ON k.subject_id = c.id AND k.section = 'identity' \
             ORDER BY f.shared DESC, f.child_id",
        );
        Ok(())
    }
}

impl Query for Candidates {
    type SqlType = (SqlUuid, Bytea, Integer, Bytea);
}

impl RunQueryDsl<PgConnection> for Candidates {}
