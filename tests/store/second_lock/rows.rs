//! Which rows an agency is shown without any filter: those, and no others, that a second table says.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{QueryableByName, RunQueryDsl as _, connection::SimpleConnection as _, sql_query};
use domain::{Reference, access::Caller, vocabulary::Purpose};
use persistence::{
    PageRequest, StoreError, Tx,
    demo::Demo,
    testing::{connect_as, rows_shown},
};
use serde_json::Value;
use uuid::Uuid;

use super::TENANT;
use crate::given::{House, ask, ask_one, later, now};

const ALL: PageRequest = PageRequest { after: None, limit: 200 };

impl House {
    /// A house in which every agency of two countries leads a case with a row of everything in it.
    fn with_a_world() -> Self {
        let house = Self::new();
        house.db.connection().batch_execute(include_str!("world.sql")).expect("a world");
        house
    }

    /// The calling systems of all agencies, acting by themselves.
    fn systems(&self) -> Vec<Caller> {
        let demo = Demo::read().expect("the directory");
        let system = |it: &persistence::demo::DemoAgency| {
            let client = self.store.client(&it.client.id).expect("reads").expect("a client");
            Caller {
                client: client.id,
                agency: client.agency,
                agency_type: client.agency_type,
                country: client.country,
                professional: None,
                role: None,
                scopes: client.scopes,
                purpose: Purpose::Protection,
                ..self.police.clone()
            }
        };
        demo.agencies.iter().map(system).collect()
    }
}

#[derive(QueryableByName)]
struct Plan {
    #[diesel(sql_type = diesel::sql_types::Text, column_name = "QUERY PLAN")]
    line: String,
}

fn text<'a>(row: &'a Value, column: &str) -> &'a str {
    row[column].as_str().unwrap_or_default()
}

/// Everything that is stored, by table.
struct World {
    rows: BTreeMap<&'static str, Vec<Value>>,
}

impl World {
    fn of(house: &House) -> Self {
        let mut conn = house.db.connection();
        let rows = |table| {
            let all = ask(&mut conn, &format!("SELECT to_jsonb(t)::text AS word FROM {table} t"));
            (table, all.iter().map(|it| serde_json::from_str(it).expect("JSON")).collect())
        };
        Self { rows: TENANT.into_iter().map(rows).collect() }
    }

    fn find(&self, table: &str, column: &str, value: &str) -> Option<&Value> {
        self.rows[table].iter().find(|it| text(it, column) == value)
    }

    /// Whether an agency is never to know of a case.
    fn barred(&self, me: &str, case: &str) -> bool {
        let mut all = self.rows["restrictions"].iter().filter(|it| it["until"].is_null());
        all.any(|it| text(it, "agency_id") == me && text(it, "case_id") == case)
    }

    /// How an agency stands to a case at 08:30: whether it leads or opened it, and whether it takes part.
    fn stands(&self, me: &str, case: &str) -> (bool, bool) {
        if self.barred(me, case) {
            return (false, false);
        }
        let Some(it) = self.find("cases", "id", case) else { return (false, false) };
        let own = [text(it, "lead_agency_id"), text(it, "opened_by_agency_id")].contains(&me);
        let begun = |it: &&Value| text(it, "since") <= "2026-11-24T08:30";
        let lasts = |it: &&Value| it["until"].is_null() || text(it, "until") > "2026-11-24T08:30";
        let mut given = self.rows["participations"].iter().filter(begun).filter(lasts);
        (own, own || given.any(|it| text(it, "agency_id") == me && text(it, "case_id") == case))
    }

    /// Whether an agency is to be shown a row.
    fn shown(&self, table: &str, row: &Value, me: &Caller) -> bool {
        let (country, agency) = (me.country.to_string(), me.agency.0.to_string());
        if !row["country"].is_null() && text(row, "country") != country {
            return false;
        }
        let mine = |columns: &[&str]| columns.iter().any(|it| text(row, it) == agency);
        let part = |column: &str| self.stands(&agency, text(row, column)).1;
        let own = self.stands(&agency, text(row, "case_id")).0;
        let of_child = |column: &str| {
            let mut cases = self.rows["cases"].iter().filter(|it| text(it, "child_id") == text(row, column));
            cases.any(|it| self.stands(&agency, text(it, "id")).1)
        };
        let of_referral = || {
            let referral = self.find("referrals", "id", text(row, "referral_id")).expect("a referral");
            self.shown("referrals", referral, me)
        };
        match table {
            "participations"
            | "referrals"
            | "deadlines"
            | "events"
            | "case_matches"
            | "case_links"
            | "transnational_requests"
                if self.barred(&agency, text(row, "case_id")) =>
            {
                false
            }
            "case_links" if self.barred(&agency, text(row, "other_case_id")) => false,
            "access_log" => own || mine(&["agency_id"]),
            "participations" | "case_external_ids" | "escalations" | "restrictions" => mine(&["agency_id"]),
            "transnational_requests" => mine(&["agency_id", "lead_agency_id"]),
            "transnational_messages" => {
                let record = self.find("transnational_requests", "id", text(row, "record_id"));
                record.is_some_and(|it| self.shown("transnational_requests", it, me))
            }
            "idempotency_keys" => text(row, "client") == me.client.0.to_string(),
            "cases" | "case_versions" => part("id"),
            "children" | "child_versions" => of_child("id"),
            "child_tokens" | "child_pseudonyms" | "child_indexes" => of_child("child_id"),
            "concerns" => mine(&["agency_id", "triage_agency_id"]),
            "screenings" => {
                let case = self.find("cases", "screening_id", text(row, "id"));
                mine(&["agency_id"]) || case.is_some_and(|it| self.stands(&agency, text(it, "id")).1)
            }
            "case_links" | "case_acts" => part("case_id") || part("other_case_id"),
            "case_matches" => own,
            "referrals" => {
                own || mine(&["from_agency_id"]) || !row["sent_at"].is_null() && mine(&["to_agency_id"])
            }
            "referral_files" | "referral_messages" => of_referral(),
            // For whoever leads the case, and nobody else who takes part.
            "data_requests" => {
                let case = self.find("cases", "id", text(row, "case_id"));
                own && case.is_some_and(|it| text(it, "lead_agency_id") == agency)
            }
            "emergency_accesses" => own || mine(&["agency_id"]),
            "emergency_reviews" => {
                let access =
                    self.find("emergency_accesses", "id", text(row, "access_id")).expect("an access");
                self.shown("emergency_accesses", access, me)
            }
            "deadlines" => {
                let mut told = self.rows["escalations"].iter();
                own || mine(&["agency_id", "watcher_id", "answers_to_id"])
                    || told.any(|it| {
                        text(it, "deadline_id") == text(row, "id") && text(it, "agency_id") == agency
                    })
            }
            "events" => {
                let audience = row["audience"].as_array().expect("an audience");
                own || mine(&["agency_id"]) || audience.iter().any(|it| it.as_str() == Some(&agency))
            }
            _ => part("case_id"),
        }
    }
}

/// Everything that the database shows, by table.
fn seen(tx: &mut Tx<'_>) -> Result<BTreeMap<&'static str, BTreeSet<String>>, StoreError> {
    let of = |table| Ok((table, rows_shown(tx, table)?.iter().map(Value::to_string).collect()));
    TENANT.into_iter().map(of).collect()
}

/// T-B5: with every filter of the application forgotten, no agency is shown a row that is not its own.
#[test]
fn without_any_filter_an_agency_is_shown_its_own_rows_and_no_others() {
    let house = House::with_a_world();
    let world = World::of(&house);
    let mut shown_at_all = BTreeMap::new();
    for by in house.systems() {
        let seen = house.read(&by, seen).expect("read");
        for (table, rows) in &world.rows {
            let wanted = rows.iter().filter(|it| world.shown(table, it, &by));
            let wanted: BTreeSet<_> = wanted.map(Value::to_string).collect();
            assert_eq!(seen[table], wanted, "{table} for {by:?}");
            assert!(wanted.len() < rows.len(), "{table}: what is hidden tells");
            *shown_at_all.entry(*table).or_insert(0) += wanted.len();
        }
    }
    shown_at_all.retain(|_, count| *count == 0);
    assert_eq!(shown_at_all, BTreeMap::new(), "each table shows something to somebody");
}

/// R-DB2: where nobody has said for whom it is, or that it is for nobody, there are no rows and no error.
#[test]
fn without_a_context_there_are_no_rows() {
    let house = House::with_a_world();
    let mut conn = connect_as(&house.db, "trm_app");
    for context in [
        "SELECT 1",
        "SELECT set_config('trm.' || it, '', false) FROM unnest(ARRAY[\
                     'client', 'agency', 'professional', 'country', 'at', 'barred', 'reach']) AS it",
    ] {
        conn.batch_execute(context).expect("said");
        for table in TENANT {
            let count = format!("SELECT count(*)::text AS word FROM {table}");
            assert_eq!(ask_one(&mut conn, &count), "0", "{table}");
        }
    }
}

/// R-DB3: a context is of one unit of work, whoever had the connection before.
#[test]
fn a_thousand_requests_of_two_agencies_on_two_connections_are_shown_their_own() {
    let house = House::with_pool(2, std::time::Duration::from_secs(20));
    house.db.connection().batch_execute(include_str!("world.sql")).expect("a world");
    let wanted = |by: &Caller| house.read(by, |tx| rows_shown(tx, "cases")).expect("cases");
    let pair = [&house.police, &house.police_abroad].map(|by| (by, wanted(by)));
    assert!(pair.iter().all(|(_, it)| !it.is_empty()) && pair[0].1 != pair[1].1);
    let nobody = Caller { professional: Some(Uuid::max().into()), ..house.police.clone() };
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (house, pair, nobody) = (&house, &pair, &nobody);
            scope.spawn(move || {
                for turn in 0..250 {
                    let (by, wanted) = &pair[(thread + turn) % 2];
                    let work = |tx: &mut Tx<'_>| {
                        let own = tx.concerns(ALL)?.items.len();
                        Ok((own, rows_shown(tx, "concerns")?.len(), rows_shown(tx, "cases")?))
                    };
                    let done = if turn % 5 == 0 { house.change(by, work) } else { house.read(by, work) };
                    let (own, concerns, cases) = done.expect("read");
                    assert_eq!((concerns, &cases), (own, wanted));
                    if turn % 10 == 0 {
                        let refused = house.read(nobody, |tx| rows_shown(tx, "cases"));
                        assert!(matches!(refused, Err(StoreError::CallerInactive)));
                    }
                }
            });
        }
    });
}

/// What reaches further does so for itself alone, whether it finds something or fails.
#[test]
fn a_wider_reach_ends_with_what_needed_it() {
    let house = House::with_a_world();
    let (case, _) = house.given_case();
    let before = house.read(&house.shelter, seen).expect("read");
    let unknown = Reference::from_entropy([9; 8]);
    let work = |tx: &mut Tx<'_>| {
        assert_eq!(tx.case_by_reference(&case.reference)?.id, case.id, "it reaches");
        assert!(matches!(tx.case(case.id), Err(StoreError::NotFound)), "and no longer");
        assert!(matches!(tx.case_by_reference(&unknown), Err(StoreError::NotFound)));
        seen(tx)
    };
    assert_eq!(house.read(&house.shelter, work).expect("read"), before);
    assert_eq!(house.change(&house.shelter, work).expect("read"), before);
    // Cut short in the middle, it is taken back with the transaction.
    let cut = |tx: &mut Tx<'_>| {
        rows_shown(tx, "nothing").map(drop)?;
        Ok(())
    };
    assert!(house.change(&house.shelter, cut).is_err());
    assert_eq!(house.read(&house.shelter, seen).expect("read"), before);
}

/// No agency writes for another country, nor tells as another one.
#[test]
fn rows_of_another_country_and_facts_of_another_agency_cannot_be_written() {
    let house = House::with_a_world();
    let mut conn = connect_as(&house.db, "trm_app");
    let context = format!(
        "SELECT set_config('trm.agency', '{}', false), set_config('trm.country', 'EE', false), \
         set_config('trm.at', '{}', false)",
        house.police.agency.0,
        now()
    );
    conn.batch_execute(&context).expect("a context");
    let fact = |country: &str, agency: &str| {
        format!(
            "INSERT INTO events (id, at, event, subject, subject_id, version, country, audience, client, agency_id, purpose, \
             request_id, payload) VALUES (gen_random_uuid(), now(), 'x', 'case', gen_random_uuid(), 1, '{country}', \
             '{{}}', gen_random_uuid(), '{agency}', 'protection', gen_random_uuid(), '{{}}')"
        )
    };
    let own = house.police.agency.0.to_string();
    conn.batch_execute(&fact("EE", &own)).expect("its own");
    let mut refused = |statement: &str| {
        let error = conn.batch_execute(statement).expect_err(statement).to_string();
        assert!(error.contains("row-level security"), "{error}");
    };
    refused(&fact("LV", &own));
    refused(&fact("EE", &house.shelter.agency.0.to_string()));
    refused(
        "INSERT INTO children (id, country, identity_sealed, identity_version, whereabouts_sealed, whereabouts_version, \
             changed_at) VALUES (gen_random_uuid(), 'LV', '', 1, '', 1, now())",
    );
    refused("UPDATE cases SET country = 'LV'");
    // A forgotten WHERE changes no more than what the agency is shown.
    conn.batch_execute("UPDATE cases SET version = version + 1").expect("changed");
    let of = |which: &str| {
        format!("SELECT coalesce(string_agg(id::text, ' ' ORDER BY id), '') AS word FROM cases {which}")
    };
    let changed = ask_one(&mut house.db.connection(), &of("WHERE version = 2"));
    assert_eq!(changed, ask_one(&mut conn, &of("")));
    assert!(changed.len() < ask_one(&mut house.db.connection(), &of("")).len());
}

/// R-DB6: lists begin at an index of the agency's own, and what the second lock asks of a row goes by a key.
#[test]
fn lists_begin_at_the_agency_and_the_second_lock_walks_through_no_table() {
    let house = House::with_a_world();
    let many = "INSERT INTO children SELECT gen_random_uuid(), 'EE', '', 1, '', 1, now() FROM generate_series(1, 20000); \
        INSERT INTO cases (id, reference, country, child_id, lead_agency_id, opened_by_agency_id, status, \
            identification_status, identification_since, opened_at, version, changed_at) \
        SELECT gen_random_uuid(), 'M' || row_number() OVER (), 'EE', c.id, a.id, a.id, 'open', 'screening', now(), now(), 1, \
               now() FROM children c, (SELECT id FROM agencies WHERE code = 'demo-helpline') a; \
        INSERT INTO participations (agency_id, case_id, country, basis, source_id, classes, since) \
        SELECT lead_agency_id, id, country, 'lead', id, '{}', now() FROM cases ON CONFLICT DO NOTHING; \
        INSERT INTO referrals (id, reference, country, case_id, case_reference, child_id, from_agency_id, urgency, reasons, \
            services, status, drafted_at, status_at, version) \
        SELECT gen_random_uuid(), 'N' || row_number() OVER (), 'EE', id, reference, child_id, lead_agency_id, 'standard', \
               '{}', '{}', 'draft', now(), now(), 1 FROM cases; ANALYZE";
    house.db.connection().batch_execute(many).expect("many");
    let mut conn = connect_as(&house.db, "trm_app");
    let me = house.police.agency.0;
    conn.batch_execute(&format!(
        "SELECT set_config('trm.agency', '{me}', false), set_config('trm.country', 'EE', false), \
         set_config('trm.at', '{}', false)",
        later(0)
    ))
    .expect("a context");
    let lists = [
        (
            "participations_pkey",
            format!(
                "SELECT DISTINCT ON (p.case_id) c.* FROM participations p JOIN cases c ON c.id = p.case_id \
                 WHERE p.agency_id = '{me}' AND p.case_id < '{max}' AND c.country = 'EE' \
                 ORDER BY p.case_id DESC LIMIT 50",
                max = Uuid::max()
            ),
        ),
        (
            "referrals_outbox",
            format!(
                "SELECT * FROM referrals WHERE country = 'EE' AND from_agency_id = '{me}' AND id < '{max}' \
                 ORDER BY id DESC LIMIT 50",
                max = Uuid::max()
            ),
        ),
        (
            "referrals_inbox",
            format!(
                "SELECT * FROM referrals WHERE country = 'EE' AND to_agency_id = '{me}' AND sent_at IS NOT NULL \
             ORDER BY id DESC LIMIT 50"
            ),
        ),
    ];
    for (index, query) in lists {
        let explained = sql_query(format!("EXPLAIN {query}")).load::<Plan>(&mut conn).expect("a plan");
        let plan = explained.into_iter().map(|it| it.line).collect::<Vec<_>>().join("\n");
        assert!(plan.contains(index), "{plan}");
        assert!(!plan.contains("Seq Scan") && !plan.contains("Sort"), "{plan}");
    }
}
