//! What belongs to the child of a case: every case of it, merged ones as well, what they came from, and what speaks
//! against erasing them.

use diesel::{
    ExpressionMethods as _, PgConnection, QueryDsl as _, QueryableByName, RunQueryDsl as _,
    SelectableHelper as _,
    dsl::count_star,
    sql_query,
    sql_types::{Array, Bool, Text, Timestamptz, Uuid as SqlUuid},
};
use domain::{
    CaseId, Reference, Timestamp,
    cases::{
        Case,
        erasure::{ErasureReason, ToErase, fact},
    },
    events::Fact,
    matching::MatchStatus,
    vocabulary::{DataClass, TransnationalRequestStatus},
};
use uuid::Uuid;

use super::{Erasure, ids};
use crate::{
    StoreError,
    cases::Row,
    rows,
    schema::{case_entries, case_matches, cases, transnational_requests},
    store::{Tx, fresh_id},
};

/// Cases of one child: the same record, or merged with one another.
const OF_CHILD: &str = "
    WITH RECURSIVE of_child (id) AS (
        SELECT id FROM cases WHERE reference = $1
        UNION
        SELECT more.id FROM of_child f JOIN cases c ON c.id = f.id, LATERAL (
            SELECT s.id FROM cases s WHERE s.child_id = c.child_id
            UNION ALL SELECT a.other_case_id FROM case_acts a WHERE a.case_id = c.id AND a.other_case_id IS NOT NULL
            UNION ALL SELECT a.case_id FROM case_acts a WHERE a.other_case_id = c.id) AS more)
    SELECT id FROM of_child ORDER BY id";

/// Concerns that go with the screenings of erased cases: no other screening of them led to a case that stays, and none
/// waits for somebody to decide what follows from it.
const CONCERNS: &str = "
    SELECT k.id FROM concerns k
     WHERE k.id IN (SELECT s.concern_id FROM screenings s WHERE s.id = ANY ($1))
       AND NOT EXISTS (
           SELECT FROM screenings s LEFT JOIN cases c ON c.screening_id = s.id
            WHERE s.concern_id = k.id AND s.id <> ALL ($1)
              AND (c.id IS NOT NULL OR (s.set_aside_sealed IS NULL AND s.result <> 'insufficient')))
     ORDER BY k.id";

/// What else is about what is erased: links and matches, of whichever side, the own side of requests abroad, accesses in
/// emergencies, and why police and justice read, where they read nothing else for it.
const ABOUT: &str = "
    SELECT id FROM case_links WHERE case_id = ANY ($1) OR other_case_id = ANY ($1)
    UNION ALL
    SELECT id FROM case_matches WHERE case_id = ANY ($1) OR other_case_id = ANY ($1)
    UNION ALL
    SELECT id FROM transnational_requests WHERE case_id = ANY ($1)
    UNION ALL
    SELECT id FROM emergency_accesses WHERE case_id = ANY ($1)
    UNION ALL
    SELECT m.id FROM transnational_messages m JOIN transnational_requests r ON r.id = m.record_id
     WHERE r.case_id = ANY ($1) AND m.direction = 'refused'
    UNION ALL
    SELECT j.id FROM justifications j WHERE 'justification/' || j.id IN (
        SELECT decision_ref FROM access_log WHERE case_id = ANY ($1)
        EXCEPT SELECT decision_ref FROM access_log WHERE case_id <> ALL ($1))";

/// Whether the age is, or can still be, appealed; an appeal ends with a further assessment.
const AGE_CONTESTED: &str = "
    SELECT EXISTS (SELECT FROM age_assessments a WHERE a.case_id = $1 AND (a.appeal_until >= $2
        OR a.appealed_at IS NOT NULL AND NOT EXISTS (
            SELECT FROM age_assessments later WHERE later.case_id = $1 AND later.recorded_at > a.appealed_at))) AS holds";

/// What can be counted of a case. Nobody counts an invented one.
const COUNTED: &str = "
    INSERT INTO erased_cases (erasure_id, number, country, opened_year, status, identification_status, exploitation_types)
    SELECT $2, row_number() OVER (ORDER BY c.id), c.country, extract(year FROM c.opened_at), c.status,
           c.identification_status, ARRAY(
               SELECT DISTINCT t FROM exploitation_episodes e, unnest(e.exploitation_types) AS t
                WHERE e.case_id = c.id ORDER BY t)
      FROM cases c WHERE c.id = ANY ($1) AND NOT EXISTS (SELECT FROM canary_cases y WHERE y.case_id = c.id)";

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

#[derive(QueryableByName)]
struct Holds {
    #[diesel(sql_type = Bool)]
    holds: bool,
}

fn of(conn: &mut PgConnection, query: &str, of: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
    let found: Vec<Id> = sql_query(query).bind::<Array<SqlUuid>, _>(of).load(conn)?;
    Ok(found.into_iter().map(|it| it.id).collect())
}

fn cases_of(conn: &mut PgConnection, case: &Reference) -> Result<Vec<Uuid>, StoreError> {
    let found: Vec<Id> = sql_query(OF_CHILD).bind::<Text, _>(case.as_str()).load(conn)?;
    Ok(found.into_iter().map(|it| it.id).collect())
}

/// What belongs to a child.
pub(super) struct Found {
    cases: Vec<Case>,
    screenings: Vec<Uuid>,
    concerns: Vec<Uuid>,
    pub(super) beside: Vec<Reference>,
    pub(super) concerns_left: usize,
}

impl Found {
    /// Finds and holds it, so that nothing is added meanwhile.
    pub(super) fn lock(conn: &mut PgConnection, case: &Reference) -> Result<Self, StoreError> {
        let found = cases_of(conn, case)?;
        let held: Vec<Row> = cases::table
            .filter(cases::id.eq_any(&found))
            .order(cases::id)
            .for_update()
            .select(Row::as_select())
            .load(conn)?;
        // A case that was merged meanwhile is another story.
        if cases_of(conn, case)? != found || held.len() != found.len() {
            return Err(StoreError::Conflict);
        }
        if held.is_empty() {
            return Err(StoreError::NotFound);
        }
        let of_child: Vec<Case> = held.into_iter().map(Case::try_from).collect::<Result<_, _>>()?;
        let mut screenings: Vec<Uuid> =
            of_child.iter().filter_map(|it| it.screening).map(|it| it.0).collect();
        let concerns = of(conn, CONCERNS, &screenings)?;
        let came_from =
            "SELECT DISTINCT concern_id AS id FROM screenings WHERE id = ANY ($1) AND concern_id IS NOT NULL";
        let concerns_left = of(conn, came_from, &screenings)?.len().saturating_sub(concerns.len());
        screenings.extend(of(conn, "SELECT id FROM screenings WHERE concern_id = ANY ($1)", &concerns)?);
        screenings.sort_unstable();
        screenings.dedup();
        let beside: Vec<String> = case_matches::table
            .inner_join(diesel::JoinOnDsl::on(cases::table, cases::id.eq(case_matches::other_case_id)))
            .filter(case_matches::case_id.eq_any(&found))
            .filter(case_matches::other_case_id.ne_all(&found))
            .filter(case_matches::status.eq(rows::text(MatchStatus::Confirmed)))
            .select(cases::reference)
            .load(conn)?;
        let beside = beside.iter().map(|it| rows::reference("cases", it)).collect::<Result<_, _>>()?;
        Ok(Self { cases: of_child, screenings, concerns, beside, concerns_left })
    }

    /// The line of the ledger.
    pub(super) fn erasure(&self, reason: ErasureReason, now: Timestamp) -> Erasure {
        let mut children: Vec<Uuid> = self.cases.iter().map(|it| it.child.0).collect();
        children.sort_unstable();
        children.dedup();
        Erasure {
            id: fresh_id(),
            at: now,
            country: self.cases.first().map(|it| it.country.to_string()).unwrap_or_default(),
            reason,
            cases: self.cases.iter().map(|it| it.id.0).collect(),
            children,
            screenings: self.screenings.clone(),
            concerns: self.concerns.clone(),
        }
    }

    /// What the rule asks of each case.
    pub(super) fn to_erase(&self, tx: &mut Tx<'_>) -> Result<Vec<ToErase>, StoreError> {
        self.cases.iter().map(|it| asked(tx, it)).collect()
    }
}

fn asked(tx: &mut Tx<'_>, case: &Case) -> Result<ToErase, StoreError> {
    use DataClass::{D9InterviewRecordingLocator, D10Intelligence, D11AllegedOffenders};
    let of_investigation =
        [D9InterviewRecordingLocator, D10Intelligence, D11AllegedOffenders].map(rows::text);
    // A request to another country that was sent is help that somebody still waits for, as a referral is.
    let abroad: i64 = transnational_requests::table
        .filter(transnational_requests::case_id.eq(case.id.0))
        .filter(transnational_requests::sent_at.is_not_null())
        .filter(transnational_requests::status.ne(rows::text(TransnationalRequestStatus::Closed)))
        .select(count_star())
        .first(tx.conn)?;
    let open = tx.referred(case.id)?.open;
    let undecided_matches = case_matches::table
        .filter(case_matches::case_id.eq(case.id.0))
        .filter(case_matches::status.eq(rows::text(MatchStatus::Suggested)))
        .select(count_star())
        .first(tx.conn)?;
    let evidence = case_entries::table
        .filter(case_entries::case_id.eq(case.id.0))
        .filter(case_entries::class.eq_any(of_investigation))
        .select(count_star())
        .first(tx.conn)?;
    let contested: Holds = sql_query(AGE_CONTESTED)
        .bind::<SqlUuid, _>(case.id.0)
        .bind::<Timestamptz, _>(tx.cx.now.raw())
        .get_result(tx.conn)?;
    Ok(ToErase {
        case: case.clone(),
        open_referrals: i64::try_from(open).unwrap_or(i64::MAX).saturating_add(abroad),
        undecided_matches,
        age_contested: contested.holds,
        evidence,
    })
}

/// The ids of all that is erased.
pub(super) fn subjects(conn: &mut PgConnection, erasure: &Erasure) -> Result<Vec<Uuid>, StoreError> {
    let mut all = ids(erasure);
    all.extend(of(conn, ABOUT, &erasure.cases)?);
    Ok(all)
}

/// Keeps what can be counted.
pub(super) fn count(conn: &mut PgConnection, erasure: &Erasure) -> Result<(), StoreError> {
    sql_query(COUNTED)
        .bind::<Array<SqlUuid>, _>(&erasure.cases)
        .bind::<SqlUuid, _>(erasure.id)
        .execute(conn)?;
    Ok(())
}

/// What the log is told.
pub(super) fn facts(erasure: &Erasure) -> Vec<Fact> {
    erasure.cases.iter().map(|it| fact(CaseId(*it), erasure.reason)).collect()
}
