//! The log of facts: written with the change that it tells of, read as timeline and as feed.

use diesel::{
    AppearsOnTable, BoolExpressionMethods as _, Connection as _, Expression, ExpressionMethods as _,
    Insertable, JoinOnDsl as _, NullableExpressionMethods as _, PgArrayExpressionMethods as _, QueryDsl as _,
    QueryResult, Queryable, RunQueryDsl as _, Selectable, SelectableHelper as _,
    connection::SimpleConnection as _,
    dsl::{auto_type, exists, insert_into, not, select, sql},
    expression::{ValidGrouping, is_aggregate},
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Array, Bool, Text, Uuid as SqlUuid},
};
use domain::{
    AgencyId, CaseId, CodeList as _, Decided, EventId, Timestamp,
    access::Relation,
    events::{EventType, Fact, Given, Hearing, SubjectKind, Telling},
    vocabulary::Purpose,
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    Context, Store, StoreError, rows,
    schema::{agencies, erased_subjects, event_positions, events},
    store::{Tx, fresh_id},
};

/// A fact as it was recorded.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub event: EventType,
    /// What it happened to.
    pub subject: SubjectKind,
    /// The id of what it happened to.
    pub subject_id: Uuid,
    /// The version of the subject after it.
    pub version: i32,
    /// The case.
    pub case: Option<CaseId>,
    /// The agency that acted; none where the mechanism did by itself.
    pub agency: Option<AgencyId>,
    /// The purpose for which it acted.
    pub purpose: Purpose,
    /// Codes, ids and times.
    pub payload: serde_json::Value,
    /// Its place in the log, for paging; never shown.
    pub place: i64,
}

/// Which events of a case.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimelineFilter {
    /// Of this type only.
    pub event: Option<EventType>,
    /// About this kind of thing only.
    pub subject: Option<SubjectKind>,
    /// At this instant or later.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub until: Option<Timestamp>,
    /// Of acts of this agency only.
    pub agency: Option<AgencyId>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = events)]
struct Row {
    seq: i64,
    id: Uuid,
    at: OffsetDateTime,
    event: String,
    subject: String,
    subject_id: Uuid,
    version: i32,
    case_id: Option<Uuid>,
    agency_id: Option<Uuid>,
    purpose: String,
    payload: serde_json::Value,
}

impl Row {
    fn read(mut self, place: i64) -> Result<Recorded, StoreError> {
        // On which basis something was given is in the log of disclosures, for those who may read that.
        Given::taken_from(&mut self.payload);
        Ok(Recorded {
            id: EventId(self.id),
            at: Timestamp::new(self.at),
            event: rows::code("events", &self.event)?,
            subject: rows::code("events", &self.subject)?,
            subject_id: self.subject_id,
            version: self.version,
            case: self.case_id.map(CaseId),
            agency: self.agency_id.map(AgencyId),
            purpose: rows::code("events", &self.purpose)?,
            payload: self.payload,
            place,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
struct NewRow {
    id: Uuid,
    at: OffsetDateTime,
    event: &'static str,
    subject: &'static str,
    subject_id: Uuid,
    version: i32,
    case_id: Option<Uuid>,
    country: String,
    audience: Vec<Uuid>,
    client: Option<Uuid>,
    professional_id: Option<Uuid>,
    agency_id: Option<Uuid>,
    purpose: &'static str,
    request_id: Uuid,
    payload: serde_json::Value,
}

impl NewRow {
    fn of(cx: &Context, fact: &Fact) -> Self {
        let caller = &cx.caller;
        let person = !caller.is_mechanism();
        Self {
            id: fresh_id(),
            at: cx.now.raw(),
            event: rows::text(fact.event),
            subject: rows::text(fact.subject),
            subject_id: fact.subject_id,
            version: fact.version,
            case_id: fact.case.map(|it| it.0),
            country: caller.country.to_string(),
            audience: fact.audience.iter().map(|it| it.0).collect(),
            client: person.then_some(caller.client.0),
            professional_id: caller.professional.map(|it| it.0),
            agency_id: person.then_some(caller.agency.0),
            purpose: rows::text(caller.purpose),
            request_id: caller.request.0,
            payload: fact.payload.clone(),
        }
    }
}

/// What is told of nothing that was erased; the facts themselves stay in the log.
#[auto_type]
fn of_what_is_left() -> _ {
    let subject = erased_subjects::table.filter(erased_subjects::id.eq(events::subject_id));
    let case = erased_subjects::table.filter(erased_subjects::id.nullable().eq(events::case_id));
    not(exists(subject)).and(not(exists(case)))
}

/// What a caller hears; a note, document or link of which the fact does not say what it is is heard of by nobody.
#[derive(Debug, QueryId)]
struct Heard {
    never: Vec<&'static str>,
    first: Vec<&'static str>,
    categories: Vec<&'static str>,
    flags: Vec<&'static str>,
    flagged: Vec<&'static str>,
    links: Vec<&'static str>,
    own_links: Vec<&'static str>,
    agency: Uuid,
    own_shut_out: bool,
}

/// What is told of a note or document to whoever reads a summary of its class.
fn of_a_flag() -> impl Iterator<Item = EventType> {
    EventType::ALL.iter().copied().filter(|it| it.telling() == Telling::Entry)
}

impl Heard {
    fn of(it: &Hearing, agency: AgencyId) -> Self {
        Self {
            never: it.never.iter().copied().map(rows::text).collect(),
            first: it.first.iter().copied().map(rows::text).collect(),
            categories: it.categories.iter().copied().map(rows::text).collect(),
            flags: of_a_flag().map(rows::text).collect(),
            flagged: it.flagged.iter().copied().map(rows::text).collect(),
            links: it.links.iter().copied().map(rows::text).collect(),
            own_links: it.own_links.iter().copied().map(rows::text).collect(),
            agency: agency.0,
            own_shut_out: it.own_shut_out,
        }
    }
}

impl Expression for Heard {
    type SqlType = Bool;
}

impl<Q> AppearsOnTable<Q> for Heard {}

impl<G> ValidGrouping<G> for Heard {
    type IsAggregate = is_aggregate::Never;
}

impl QueryFragment<Pg> for Heard {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("CASE WHEN events.event = ANY (");
        out.push_bind_param::<Array<Text>, _>(&self.never)?;
        out.push_sql(") THEN false WHEN events.event = ANY (");
        out.push_bind_param::<Array<Text>, _>(&self.first)?;
        out.push_sql(") THEN events.version = 1 WHEN events.subject IN ('note', 'document') THEN coalesce(events.payload ->> 'category' = ANY (");
        out.push_bind_param::<Array<Text>, _>(&self.categories)?;
        out.push_sql(") OR events.version = 1 AND events.event = ANY (");
        out.push_bind_param::<Array<Text>, _>(&self.flags)?;
        out.push_sql(") AND events.payload ->> 'category' = ANY (");
        out.push_bind_param::<Array<Text>, _>(&self.flagged)?;
        out.push_sql("), false) WHEN events.subject = 'case_link' THEN coalesce(events.payload ->> 'confidentiality' = ANY (");
        out.push_bind_param::<Array<Text>, _>(&self.links)?;
        out.push_sql(") OR events.agency_id = ");
        out.push_bind_param::<SqlUuid, _>(&self.agency)?;
        out.push_sql(" AND events.payload ->> 'confidentiality' = ANY (");
        out.push_bind_param::<Array<Text>, _>(&self.own_links)?;
        out.push_sql("), false) WHEN events.event = 'access.shut_out_tried' THEN ");
        out.push_bind_param::<Bool, _>(&self.own_shut_out)?;
        out.push_sql(" OR coalesce(events.payload ->> 'agencyId' <> ");
        out.push_bind_param::<SqlUuid, _>(&self.agency)?;
        out.push_sql("::text, false) ELSE true END");
        Ok(())
    }
}

/// A change without its fact is none: what keeps the fact from being written is that the log takes no rows.
fn unwritten(error: diesel::result::Error) -> StoreError {
    match StoreError::from(error) {
        StoreError::Database(_) | StoreError::Constraint(_) => StoreError::AuditUnavailable,
        other => other,
    }
}

impl Tx<'_> {
    /// Stores what a decision says beside its value: what it does to deadlines, and what happened.
    pub(crate) fn settle<T>(&mut self, decided: &Decided<T>) -> Result<(), StoreError> {
        self.save_deadlines(&decided.deadlines)?;
        self.record(&decided.facts)
    }

    /// Records what others are told of a question that changes nothing else.
    pub fn tell(&mut self, facts: &[Fact]) -> Result<(), StoreError> {
        self.record(facts)
    }

    /// Records what happened, in the transaction of the change.
    pub(crate) fn record(&mut self, facts: &[Fact]) -> Result<(), StoreError> {
        for facts in facts.chunks(2) {
            // Two lengths, two statements that stay prepared; one for any length would be planned anew each time.
            if let [first, second] = facts {
                let both = [NewRow::of(self.cx, first), NewRow::of(self.cx, second)];
                insert_into(events::table).values(both).execute(self.conn).map_err(unwritten)?;
            } else {
                for fact in facts {
                    let row = NewRow::of(self.cx, fact);
                    insert_into(events::table).values(row).execute(self.conn).map_err(unwritten)?;
                }
            }
        }
        Ok(())
    }

    /// What of the facts that its agency is told the caller hears, who stands so to the case that they are about.
    fn hearing(&mut self, relation: &Relation) -> Result<Hearing, StoreError> {
        let roles = if self.cx.caller.role.is_some() {
            Vec::new()
        } else {
            let mine = agencies::table.find(self.cx.caller.agency.0).select(agencies::roles);
            rows::codes("agencies", &mine.first::<Vec<String>>(self.conn)?)?
        };
        Ok(Hearing::of(&self.cx.caller, relation, &roles))
    }

    /// What happened in a case, oldest first, as far as the caller may know of it; whoever leads knows what those knew who led
    /// before.
    pub fn timeline(
        &mut self,
        (case, relation): (CaseId, &Relation),
        filter: TimelineFilter,
        after: i64,
        limit: u16,
    ) -> Result<Vec<Recorded>, StoreError> {
        let before = self.led_before_me(case)?;
        let hearing = self.hearing(relation)?;
        let own = events::audience.contains(vec![self.cx.caller.agency.0]);
        let mut query = events::table
            .filter(events::case_id.eq(case.0))
            .filter(events::seq.gt(after))
            .filter(of_what_is_left())
            .filter(Heard::of(&hearing, self.cx.caller.agency))
            .order(events::seq)
            .limit(i64::from(limit) + 1)
            .select(Row::as_select())
            .into_boxed();
        // What an agency that led before kept to itself stays its own: who knows of a link follows from the link.
        query = if before.is_empty() {
            query.filter(own)
        } else {
            let handed_on = events::subject.ne(rows::text(SubjectKind::Link));
            query.filter(own.or(events::audience.overlaps_with(before).and(handed_on)))
        };
        if let Some(it) = filter.event {
            query = query.filter(events::event.eq(rows::text(it)));
        }
        if let Some(it) = filter.subject {
            query = query.filter(events::subject.eq(rows::text(it)));
        }
        if let Some(it) = filter.from {
            query = query.filter(events::at.ge(it.raw()));
        }
        if let Some(it) = filter.until {
            query = query.filter(events::at.lt(it.raw()));
        }
        if let Some(it) = filter.agency {
            query = query.filter(events::agency_id.eq(it.0));
        }
        let rows: Vec<Row> = query.load(self.conn)?;
        rows.into_iter().map(|it| (it.seq, it)).map(|(place, it)| it.read(place)).collect()
    }

    /// The feed after a position, without gaps: what has no position yet comes later.
    pub fn feed(&mut self, after: i64, limit: u16) -> Result<Vec<Recorded>, StoreError> {
        let (barred, mut beside) = (self.barred.clone(), self.beside_barred_cases()?);
        beside.extend(self.intake_of_barred_cases()?);
        // Facts about a section are told to whoever leads or opened the case.
        let hearing = self.hearing(&Relation::Lead)?;
        let mut query = event_positions::table
            .inner_join(events::table.on(events::seq.eq(event_positions::seq)))
            .filter(event_positions::position.gt(after))
            .filter(of_what_is_left())
            .filter(events::audience.contains(vec![self.cx.caller.agency.0]))
            .filter(Heard::of(&hearing, self.cx.caller.agency))
            .order(event_positions::position)
            .limit(i64::from(limit) + 1)
            .select((event_positions::position, Row::as_select()))
            .into_boxed();
        if !barred.is_empty() {
            let about = events::case_id.is_null().or(events::case_id.ne_all(barred));
            query = query.filter(about).filter(events::subject_id.ne_all(beside));
        }
        // A token that is good for one case hears of no other.
        if let Some(case) = self.cx.caller.case {
            query = query.filter(events::case_id.eq(case.0));
        }
        let rows: Vec<(i64, Row)> = query.load(self.conn)?;
        rows.into_iter().map(|(place, it)| it.read(place)).collect()
    }
}

impl Store {
    /// The place of the last event; zero where there is none.
    pub fn last_event(&self) -> Result<i64, StoreError> {
        self.unattended(|session| {
            let last: Option<i64> =
                events::table.select(diesel::dsl::max(events::seq)).first(&mut session.conn)?;
            Ok(last.unwrap_or_default())
        })
    }

    /// What the mechanism did by itself after a place, in order, whoever may know of it: for a sandbox node.
    pub fn done_by_itself_since(&self, place: i64) -> Result<Vec<Recorded>, StoreError> {
        self.unattended(|session| {
            let rows: Vec<Row> = events::table
                .filter(events::seq.gt(place))
                .filter(events::client.is_null())
                .order(events::seq)
                .select(Row::as_select())
                .load(&mut session.conn)?;
            rows.into_iter().map(|it| (it.seq, it)).map(|(place, it)| it.read(place)).collect()
        })
    }
}

/// Under this key one instance at a time gives positions.
const POSITIONS_LOCK: i64 = 0x0074_726d_6665_6564;

impl Store {
    /// Gives a position to every event before which nothing can still be committed. Any number of instances may call
    /// it; one at a time does the work.
    pub fn position_events(&self) -> Result<(), StoreError> {
        self.unattended(|session| {
            session.conn.transaction(|conn| {
                // In a statement of its own: what comes after it must see what the last holder has committed.
                let lock = sql::<Bool>(&format!("pg_try_advisory_xact_lock({POSITIONS_LOCK})"));
                if select(lock).get_result(conn)? {
                    // Below the snapshot's xmin nothing can be added, so the last position divides what has one from
                    // what has none; two look-ups, because a join would turn the comparison into a filter.
                    conn.batch_execute(
                        "INSERT INTO event_positions (seq, xid) \
                         SELECT e.seq, e.xid FROM events e WHERE (e.xid, e.seq) > ( \
                           coalesce((SELECT p.xid FROM event_positions p ORDER BY p.xid DESC, p.seq DESC LIMIT 1), \
                                    '0'::xid8), \
                           coalesce((SELECT p.seq FROM event_positions p ORDER BY p.xid DESC, p.seq DESC LIMIT 1), 0)) \
                         AND e.xid < pg_snapshot_xmin(pg_current_snapshot()) \
                         ORDER BY e.xid, e.seq LIMIT 2000",
                    )?;
                }
                Ok(())
            })
        })
    }
}
