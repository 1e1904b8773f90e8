//! Who is never to know of a case and asked for it all the same, found in the log of reads (R91). Whoever asked is answered as
//! for what does not exist; nothing of this is part of its request.

use diesel::{
    Connection as _, OptionalExtension as _, PgConnection, QueryableByName, RunQueryDsl as _, sql_query,
    sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use domain::{
    AgencyId, CaseId, EntryId, ProfessionalId, Timestamp,
    cases::file::{ShutOutTry, told_of_try},
    events::EventType,
    vocabulary::AgencyType,
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Context, Store, StoreError, rows, store::Tx};

/// Lists that can be asked for one case: whoever is never to know of it is answered an empty one, which is no refusal.
const LISTS: [&str; 5] =
    ["listReferrals", "listDeadlines", "listTransnationalRequests", "listAccessLog", "listDisclosures"];

/// How far it was looked through, held until it is looked through further: of two instances one looks. Where a backup was restored
/// on another server, transactions are counted anew there.
const PLACE: &str = "
    SELECT CASE WHEN p.xid > pg_snapshot_xmax(pg_current_snapshot()) THEN '0' ELSE p.xid::text END AS xid, p.seq
      FROM shut_out_place p FOR UPDATE SKIP LOCKED";

/// The last of the next lines before which nothing can still be committed.
const UNTIL: &str = "
    SELECT t.xid::text AS xid, t.seq FROM (
        SELECT l.xid, l.seq FROM access_log l
         WHERE (l.xid, l.seq) > ($1::xid8, $2) AND l.xid < pg_snapshot_xmin(pg_current_snapshot())
         ORDER BY l.xid, l.seq LIMIT 2000) t
     ORDER BY t.xid DESC, t.seq DESC LIMIT 1";

/// Who tried between the two, and nobody was told of on that day. A line names the case, or what the path or the body named: a
/// case, or something that belongs to one, also the concern and the screening from which it was taken in.
const TRIED: &str = "
    SELECT DISTINCT ON (r.entry_id, (t.at AT TIME ZONE 'UTC')::date)
           r.entry_id, r.case_id, r.country, t.agency_id, t.professional_id, t.at
      FROM access_log t,
           LATERAL (SELECT t.case_id
              UNION SELECT t.subject_id
              UNION SELECT f.case_id FROM referrals f WHERE f.id = t.subject_id
              UNION SELECT d.case_id FROM deadlines d WHERE d.id = t.subject_id
              UNION SELECT q.case_id FROM transnational_requests q WHERE q.id = t.subject_id
              UNION SELECT k.id FROM cases k WHERE k.screening_id = t.subject_id
              UNION SELECT k.id FROM cases k JOIN screenings s ON s.id = k.screening_id WHERE s.concern_id = t.subject_id) AS named (case_id),
           restrictions r
     WHERE (t.xid, t.seq) > ($1::xid8, $2) AND (t.xid, t.seq) <= ($3::xid8, $4)
       AND r.case_id = named.case_id AND (r.agency_id = t.agency_id OR r.professional_id = t.professional_id)
       AND r.since <= t.at AND (r.until IS NULL OR r.until > t.at)
       AND (t.outcome <> 'read' OR t.operation = ANY ($5) AND t.at > r.since)
       AND NOT EXISTS (
           SELECT FROM events e WHERE e.case_id = r.case_id AND e.event = $6
              AND e.payload ->> 'restrictionId' = r.entry_id::text
              AND e.payload ->> 'day' = (t.at AT TIME ZONE 'UTC')::date::text)
     ORDER BY r.entry_id, (t.at AT TIME ZONE 'UTC')::date, t.at, t.seq";

const MOVE: &str = "UPDATE shut_out_place SET xid = $1::xid8, seq = $2";

#[derive(QueryableByName)]
struct Place {
    #[diesel(sql_type = Text)]
    xid: String,
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

#[derive(QueryableByName)]
struct Tried {
    #[diesel(sql_type = SqlUuid)]
    entry_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    case_id: Uuid,
    #[diesel(sql_type = Text)]
    country: String,
    #[diesel(sql_type = SqlUuid)]
    agency_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    professional_id: Option<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    at: OffsetDateTime,
}

fn tried(conn: &mut PgConnection, after: &Place, until: &Place) -> Result<Vec<Tried>, StoreError> {
    Ok(sql_query(TRIED)
        .bind::<Text, _>(&after.xid)
        .bind::<BigInt, _>(after.seq)
        .bind::<Text, _>(&until.xid)
        .bind::<BigInt, _>(until.seq)
        .bind::<Array<Text>, _>(&LISTS[..])
        .bind::<Text, _>(rows::text(EventType::ShutOutTried))
        .load(conn)?)
}

impl Store {
    /// Tells of each party that is never to know of a case and asked for it, once for each party, case and day (UTC); how many
    /// were told of. Any number of instances may call it: one at a time looks.
    pub fn tell_of_shut_out(&self, now: Timestamp) -> Result<usize, StoreError> {
        let mut told = 0;
        while let Some(found) = self.tell_of_next_shut_out(now)? {
            told += found;
        }
        Ok(told)
    }

    /// The same in the next lines of the log; none where there are no further ones, or another instance looks.
    fn tell_of_next_shut_out(&self, now: Timestamp) -> Result<Option<usize>, StoreError> {
        self.unattended(|session| {
            session.conn.transaction(|conn| {
                let Some(after) = sql_query(PLACE).get_result::<Place>(conn).optional()? else {
                    return Ok(None);
                };
                let next = sql_query(UNTIL).bind::<Text, _>(&after.xid).bind::<BigInt, _>(after.seq);
                let Some(until) = next.get_result::<Place>(conn).optional()? else { return Ok(None) };
                let found = tried(conn, &after, &until)?;
                for it in &found {
                    let country = rows::country("restrictions", &it.country)?;
                    let cx = Context::of_mechanism(country, it.case_id, now);
                    Tx::new(conn, self.keys(), &cx).tell_of_try(it)?;
                }
                sql_query(MOVE).bind::<Text, _>(&until.xid).bind::<BigInt, _>(until.seq).execute(conn)?;
                Ok(Some(found.len()))
            })
        })
    }
}

impl Tx<'_> {
    fn tell_of_try(&mut self, it: &Tried) -> Result<(), StoreError> {
        let case = self.any_case(CaseId(it.case_id))?;
        let oversight = self.first_agency_of(AgencyType::Dpo)?;
        let tried = ShutOutTry {
            restriction: EntryId(it.entry_id),
            agency: AgencyId(it.agency_id),
            professional: it.professional_id.map(ProfessionalId),
            at: Timestamp::new(it.at),
        };
        self.tell(&[told_of_try(&case, &tried, oversight)])
    }
}
