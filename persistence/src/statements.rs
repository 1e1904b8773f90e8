//! Hot statements in words of their own, so that they stay prepared: the builder's UPDATE is planned anew each time, and
//! two of its INSERTs take two round trips.

use diesel::{
    PgConnection, QueryResult, RunQueryDsl,
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Array, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use time::OffsetDateTime;
use uuid::Uuid;

/// Two writes in one statement. Neither sees what the other writes; foreign keys between the two are checked after both.
#[derive(QueryId)]
pub(crate) struct Both<A, B> {
    pub first: A,
    pub second: B,
}

impl<A: QueryFragment<Pg>, B: QueryFragment<Pg>> QueryFragment<Pg> for Both<A, B> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH first AS (");
        self.first.walk_ast(out.reborrow())?;
        out.push_sql(") ");
        self.second.walk_ast(out)
    }
}

impl<A, B> RunQueryDsl<PgConnection> for Both<A, B> {}

/// Where a referral stands after an act, if its version is still the one that was seen.
#[derive(QueryId)]
pub(crate) struct SaveStanding {
    pub id: Uuid,
    pub seen: i32,
    pub version: i32,
    pub status: &'static str,
    pub status_at: OffsetDateTime,
    pub sent_at: Option<OffsetDateTime>,
    pub acknowledge_by: Option<OffsetDateTime>,
    pub decide_by: Option<OffsetDateTime>,
    pub first_contact_by: Option<OffsetDateTime>,
}

impl QueryFragment<Pg> for SaveStanding {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("UPDATE referrals SET status = ");
        out.push_bind_param::<Text, _>(&self.status)?;
        out.push_sql(", status_at = ");
        out.push_bind_param::<Timestamptz, _>(&self.status_at)?;
        for (column, value) in [
            (", sent_at = ", &self.sent_at),
            (", acknowledge_by = ", &self.acknowledge_by),
            (", decide_by = ", &self.decide_by),
            (", first_contact_by = ", &self.first_contact_by),
        ] {
            out.push_sql(column);
            out.push_bind_param::<Nullable<Timestamptz>, _>(value)?;
        }
        out.push_sql(", version = ");
        out.push_bind_param::<Integer, _>(&self.version)?;
        out.push_sql(" WHERE id = ");
        out.push_bind_param::<SqlUuid, _>(&self.id)?;
        out.push_sql(" AND version = ");
        out.push_bind_param::<Integer, _>(&self.seen)
    }
}

impl RunQueryDsl<PgConnection> for SaveStanding {}

/// The end of what is owed about a subject, all in the same way.
#[derive(QueryId)]
pub(crate) struct CloseDeadlines {
    pub subject: Uuid,
    /// Both sides of a request between countries keep duties about one subject.
    pub country: String,
    pub duties: Vec<&'static str>,
    pub outcome: &'static str,
    pub at: OffsetDateTime,
}

impl QueryFragment<Pg> for CloseDeadlines {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("UPDATE deadlines SET next_step_at = NULL, closed_at = ");
        out.push_bind_param::<Timestamptz, _>(&self.at)?;
        out.push_sql(", outcome = ");
        out.push_bind_param::<Text, _>(&self.outcome)?;
        out.push_sql(" WHERE subject_id = ");
        out.push_bind_param::<SqlUuid, _>(&self.subject)?;
        out.push_sql(" AND country = ");
        out.push_bind_param::<Text, _>(&self.country)?;
        out.push_sql(" AND closed_at IS NULL AND duty = ANY(");
        out.push_bind_param::<Array<Text>, _>(&self.duties)?;
        out.push_sql(")");
        Ok(())
    }
}

impl RunQueryDsl<PgConnection> for &CloseDeadlines {}
