//! Who opened a canary, found in the logs: each one once a day.

use diesel::{
    Connection as _, QueryableByName, RunQueryDsl as _, sql_query,
    sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use domain::{
    AgencyId, CaseId, ProfessionalId, Timestamp, cases::canary::opened, events::EventType,
    vocabulary::AgencyType,
};
use uuid::Uuid;

use crate::{Context, Store, StoreError, rows, store::Tx};

/// Lines of the log of reads that are no look at the case: a question that hits it shows nothing of it, and whoever looks
/// after an alarm asks the log about it.
const NO_LOOK: [&str; 3] = ["searchCases", "listAccessLog", "listDisclosures"];

/// Facts about a case by somebody who has not opened it.
const NO_ACT: [EventType; 2] = [EventType::CaseSearchedByOther, EventType::CaseMatchSuggested];

/// How far back the logs are looked through: a node that was down for as long served nobody meanwhile.
const LOOK_BACK: time::Duration = time::Duration::days(7);

/// Opened since and not told of yet.
const OPENED: &str = "
    INSERT INTO canary_alarms (case_id, country, client, agency_id, professional_id, day, opened_at, raised_at)
    SELECT DISTINCT ON (c.case_id, t.client, t.professional_id, (t.at AT TIME ZONE 'UTC')::date)
           c.case_id, c.country, t.client, t.agency_id, t.professional_id, (t.at AT TIME ZONE 'UTC')::date, t.at, $1
      FROM canary_cases c JOIN cases k ON k.id = c.case_id, LATERAL (
           SELECT l.at, l.client, l.agency_id, l.professional_id FROM access_log l
            WHERE l.case_id = c.case_id AND l.at >= $2 AND l.operation <> ALL ($3)
           UNION ALL
           SELECT l.at, l.client, l.agency_id, l.professional_id FROM access_log l
            WHERE l.subject_id = k.screening_id AND l.operation IN ('getScreening', 'setAsideScreening') AND l.at >= $2
           UNION ALL
           SELECT e.at, e.client, e.agency_id, e.professional_id FROM events e
            WHERE e.case_id = c.case_id AND e.at >= $2 AND e.client IS NOT NULL AND e.agency_id IS NOT NULL
              AND e.request_id <> c.request_id AND e.event <> ALL ($4)) AS t
     WHERE c.ended_at IS NULL OR t.at < c.ended_at
     ORDER BY c.case_id, t.client, t.professional_id, (t.at AT TIME ZONE 'UTC')::date, t.at
        ON CONFLICT DO NOTHING
    RETURNING case_id, country, agency_id, professional_id";

#[derive(QueryableByName)]
struct Opened {
    #[diesel(sql_type = SqlUuid)]
    case_id: Uuid,
    #[diesel(sql_type = Text)]
    country: String,
    #[diesel(sql_type = SqlUuid)]
    agency_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    professional_id: Option<Uuid>,
}

impl Store {
    /// Raises the alarm for each professional, or system without one, who opened a canary and of whom nobody was told on
    /// that day; how many those are. Refused looks count as well. Any number of instances may call it: of two that find the
    /// same, one tells.
    pub fn raise_canary_alarms(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.unattended(|session| {
            session.conn.transaction(|conn| {
                let found: Vec<Opened> = sql_query(OPENED)
                    .bind::<Timestamptz, _>(now.raw())
                    .bind::<Timestamptz, _>(now.raw() - LOOK_BACK)
                    .bind::<Array<Text>, _>(&NO_LOOK[..])
                    .bind::<Array<Text>, _>(NO_ACT.map(rows::text).to_vec())
                    .load(conn)?;
                for it in &found {
                    let country = rows::country("canary_cases", &it.country)?;
                    let cx = Context::of_mechanism(country, it.case_id, now);
                    Tx::new(conn, self.keys(), &cx).tell_of_opened(it)?;
                }
                Ok(found.len())
            })
        })
    }
}

impl Tx<'_> {
    fn tell_of_opened(&mut self, it: &Opened) -> Result<(), StoreError> {
        let (lead, agency) = (self.any_case(CaseId(it.case_id))?.lead, self.agency(AgencyId(it.agency_id))?);
        let oversight = self.first_agency_of(AgencyType::Dpo)?;
        let professional = it.professional_id.map(ProfessionalId);
        self.tell(&[opened((&agency, professional), lead, oversight)])
    }
}
