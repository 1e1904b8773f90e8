//! Whose rows the database shows (docs/second_lock.md): the context of a unit of work, which row level security reads,
//! and the few places that must reach further.

use diesel::{
    PgConnection, QueryResult, RunQueryDsl,
    dsl::select,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{Array, Bool, Integer, Text, Timestamptz, Uuid as SqlUuid},
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{StoreError, store::Tx};

diesel::define_sql_function! {
    /// Sets a parameter of the session.
    fn set_config(name: Text, value: Text, local: Bool) -> Text;
}

impl Tx<'_> {
    /// Refuses a client, agency or professional that may not call any more, on the very next request; and tells the
    /// database for whom this unit of work is. Where nobody is found, it is for nobody.
    pub(crate) fn check_caller(&mut self) -> Result<(), StoreError> {
        let caller = &self.cx.caller;
        let (live, barred, _): (bool, Vec<Uuid>, String) = Enter {
            client: caller.client.0,
            epoch: self.cx.epoch,
            named: caller.professional.is_some(),
            professional: caller.professional.map_or(Uuid::nil(), |it| it.0),
            at: self.cx.now.raw(),
        }
        .get_result(self.conn)?;
        self.barred = barred;
        if live { Ok(()) } else { Err(StoreError::CallerInactive) }
    }

    /// Reaches beyond what the caller's agency may see, to all of its country, for what is done here and no longer.
    /// Whoever uses it says why, and shows the caller no more than its own relation allows.
    pub(crate) fn across<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        // The mechanism is nobody's: it sees every row as it is. And whoever reaches already, reaches on.
        if self.reaching || self.cx.caller.is_mechanism() {
            return work(self);
        }
        self.set_reach("country")?;
        self.reaching = true;
        let done = work(self);
        self.reaching = false;
        // In a transaction that failed this fails as well, and its end takes the reach back. Whatever happens, the next
        // unit of work begins by taking it back.
        let back = self.set_reach("");
        let value = done?;
        back?;
        Ok(value)
    }

    fn set_reach(&mut self, reach: &str) -> Result<(), StoreError> {
        select(set_config("trm.reach", reach, false)).execute(self.conn)?;
        Ok(())
    }
}

/// Whether the caller may call, and with it, in one statement that stays prepared, the context of all that follows.
#[derive(QueryId)]
struct Enter {
    client: Uuid,
    epoch: i32,
    named: bool,
    professional: Uuid,
    at: OffsetDateTime,
}

impl QueryFragment<Pg> for Enter {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "WITH entered AS MATERIALIZED ( \
             SELECT live.client IS NOT NULL AS live, live.agency, live.professional, num_nonnulls( \
             set_config('trm.client', coalesce(live.client::text, ''), false), \
             set_config('trm.agency', coalesce(live.agency::text, ''), false), \
             set_config('trm.professional', coalesce(live.professional::text, ''), false), \
             set_config('trm.country', coalesce(live.country, ''), false), \
             set_config('trm.reach', '', false), \
             set_config('trm.at', ",
        );
        out.push_bind_param::<Timestamptz, _>(&self.at)?;
        out.push_sql(
            "::text, false)) AS said FROM (VALUES (true)) AS always (holds) LEFT JOIN ( \
             SELECT c.id AS client, a.id AS agency, a.country, p.id AS professional FROM clients c \
             JOIN agencies a ON a.id = c.agency_id LEFT JOIN professionals p ON p.id = ",
        );
        out.push_bind_param::<SqlUuid, _>(&self.professional)?;
        out.push_sql(" WHERE c.id = ");
        out.push_bind_param::<SqlUuid, _>(&self.client)?;
        out.push_sql(" AND c.active AND a.active AND c.epoch = ");
        out.push_bind_param::<Integer, _>(&self.epoch)?;
        out.push_sql(" AND (p.id IS NOT NULL) = ");
        out.push_bind_param::<Bool, _>(&self.named)?;
        // Of which cases the caller is never to know is asked for whom it is by then.
        out.push_sql(
            " AND p.suspended IS NOT TRUE) AS live ON true) \
             SELECT known.live AND known.said > 0, known.barred, set_config('trm.barred', known.barred::text, false) \
             FROM (SELECT e.live, e.said, ARRAY(SELECT r.case_id FROM restrictions r WHERE r.until IS NULL \
             AND (r.agency_id = e.agency OR r.professional_id = e.professional) AND e.said > 0) AS barred \
             FROM entered e OFFSET 0) AS known",
        );
        Ok(())
    }
}

impl Query for Enter {
    type SqlType = (Bool, Array<SqlUuid>, Text);
}

impl RunQueryDsl<PgConnection> for Enter {}
