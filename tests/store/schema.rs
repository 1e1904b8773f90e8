//! The schema as the queries know it is the schema of the database; every table keeps the rules of the house.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use diesel::PgConnection;
use persistence::testing::TestDatabase;

use crate::given::ask;

/// Tables that queries reach otherwise than through `schema.rs`.
const UNDECLARED: [&str; 6] = [
    "__diesel_schema_migrations",
    "access_log",
    "log_leaves",
    "log_nodes",
    "log_checkpoints",
    "shut_out_place",
];

/// The type that a query uses for a type of the database.
fn known_as(database: &str) -> &'static str {
    match database {
        "text" => "Text",
        "_text" => "Array<Text>",
        "uuid" => "Uuid",
        "_uuid" => "Array<Uuid>",
        "int2" => "Int2",
        "int4" => "Int4",
        "int8" => "Int8",
        "bool" => "Bool",
        "date" => "Date",
        "timestamptz" => "Timestamptz",
        "jsonb" => "Jsonb",
        "bytea" => "Bytea",
        other => panic!("no column has the type {other} yet"),
    }
}

type Tables = BTreeMap<String, Vec<(String, String)>>;

/// Tables and columns as `schema.rs` declares them, in order.
fn declared() -> Tables {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema.rs");
    let text = fs::read_to_string(file).expect("schema.rs");
    let mut tables = Tables::new();
    for block in text.split("diesel::table! {").skip(1) {
        let block = block.split("\n}").next().unwrap_or_default();
        let (head, columns) = block.trim().split_once('{').expect("a table");
        let name = head.split_whitespace().next().expect("its name").to_owned();
        let columns = columns
            .lines()
            .filter_map(|line| line.trim().trim_end_matches(',').split_once(" -> "))
            .map(|(column, kind)| (column.to_owned(), kind.to_owned()))
            .collect();
        tables.insert(name, columns);
    }
    tables
}

/// Tables and columns as they are, without the transaction ids that only the feed's own statements read.
fn present(conn: &mut PgConnection) -> Tables {
    let query = "
        SELECT concat_ws(' ', table_name, column_name, udt_name, is_nullable) AS word
          FROM information_schema.columns
         WHERE table_schema = 'public' AND udt_name <> 'xid8'
         ORDER BY table_name, ordinal_position";
    let mut tables = Tables::new();
    for line in ask(conn, query) {
        let words: Vec<_> = line.split(' ').collect();
        if UNDECLARED.contains(&words[0]) {
            continue;
        }
        let kind = known_as(words[2]).to_owned();
        let kind = if words[3] == "YES" { format!("Nullable<{kind}>") } else { kind };
        tables.entry(words[0].to_owned()).or_default().push((words[1].to_owned(), kind));
    }
    tables
}

#[test]
fn the_queries_know_the_schema_as_it_is() {
    let db = TestDatabase::new();
    assert_eq!(declared(), present(&mut db.connection()));
}

/// A foreign key without an index makes deleting what it refers to a walk through the table. Agencies, professionals and
/// services are switched off, never deleted, and no query comes from their side: they alone may do without.
#[test]
fn every_foreign_key_has_an_index_or_refers_to_what_is_never_deleted() {
    let db = TestDatabase::new();
    let query = "
        SELECT f.conrelid::regclass || '.' || string_agg(a.attname, ',' ORDER BY a.attnum) AS word
          FROM pg_constraint f JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = ANY (f.conkey)
         WHERE f.contype = 'f' AND f.connamespace = 'public'::regnamespace
           AND f.confrelid::regclass::text NOT IN ('agencies', 'professionals', 'services')
           AND NOT EXISTS (
               SELECT FROM pg_index i
                WHERE i.indrelid = f.conrelid
                  AND (i.indkey::int2[])[0:cardinality(f.conkey) - 1] @> f.conkey)
         GROUP BY f.oid, f.conrelid ORDER BY 1";
    assert_eq!(ask(&mut db.connection(), query), [""; 0]);
}

#[test]
fn instants_have_a_time_zone() {
    let db = TestDatabase::new();
    let query = "
        SELECT table_name || '.' || column_name AS word FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'
           AND data_type IN ('timestamp without time zone', 'time without time zone', 'time with time zone')";
    assert_eq!(ask(&mut db.connection(), query), [""; 0]);
}

#[test]
fn every_table_has_a_primary_key() {
    let db = TestDatabase::new();
    let query = "
        SELECT c.relname AS word FROM pg_class c
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
           AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')";
    assert_eq!(ask(&mut db.connection(), query), [""; 0]);
}

/// Their names reach the callers of this crate: a name that PostgreSQL made up would change with the next column.
#[test]
fn checks_and_unique_constraints_are_named() {
    let db = TestDatabase::new();
    let query = "
        SELECT conrelid::regclass || ' ' || conname AS word FROM pg_constraint
         WHERE connamespace = 'public'::regnamespace
           AND (contype = 'c' AND conname ~ '_check[0-9]*$' OR contype = 'u' AND conname ~ '_key[0-9]*$')";
    assert_eq!(ask(&mut db.connection(), query), [""; 0]);
}

/// Every column that could hold words in the clear, and what it holds instead. Whatever people write is sealed: a new
/// column belongs here only when nobody can write of a child in it.
const IN_THE_CLEAR: &[(&str, &str)] = &[
    ("countries", "code name profile"),
    // What an agency writes of itself is for everybody to read.
    ("agencies", "country code agency_type name duty_phone roles address areas opening_hours duty_roster"),
    ("services", "country service name description sexes languages needs urgencies areas address"),
    ("directory_versions", "country"),
    ("clients", "client_id name scopes"),
    ("client_keys", "kid algorithm public_key_pem"),
    // Pseudonyms and units of the agency's own.
    ("professionals", "country subject role unit"),
    ("used_assertions", "jti"),
    ("data_keys", "section"),
    ("concerns", "country"),
    ("screenings", "country result catalogue_version"),
    ("children", "country"),
    // Tokens are keyed digests.
    ("child_tokens", "country kind"),
    // The pseudonym itself is sealed.
    ("child_pseudonyms", "country other_country"),
    ("child_indexes", "country"),
    ("case_matches", "country reasons status verdict"),
    // External ids are numbers of calling systems, which find their cases by them.
    (
        "cases",
        "reference country status identification_status presumption_grounds external_ids entitlements_owed \
         entitlements_given",
    ),
    (
        "case_versions",
        "reference country status identification_status presumption_grounds external_ids entitlements_owed \
         entitlements_given",
    ),
    ("child_versions", "country"),
    ("case_external_ids", "country issuer value"),
    ("case_entries", "country kind class"),
    ("document_contents", "country"),
    ("case_links", "country relation confidentiality"),
    ("identification_acts", "country act from_status to_status entitlement"),
    ("age_assessments", "country method conclusion"),
    ("canary_alarms", "country"),
    ("canary_cases", "country made_by ended_by"),
    ("case_acts", "country act from_status to_status"),
    ("missing_episodes", "country status"),
    ("handovers", "country status to_country"),
    // A unit is a name of the agency's own.
    ("participations", "country basis classes unit role writes ordered"),
    ("justifications", "country"),
    ("restrictions", "country"),
    ("exploitation_episodes", "country exploitation_types stage"),
    ("referrals", "reference country case_reference to_agency_type urgency reasons services status origin"),
    ("referral_messages", "country"),
    // Codes of offices, types and digests; what was written is sealed.
    (
        "transnational_requests",
        "side country request_type route urgency status reference other_country other_office",
    ),
    ("transnational_messages", "country direction kind digest refused_because"),
    ("transnational_voids", "country"),
    // Codes, ids and times; the computation names a member of the profile and its source.
    ("deadlines", "country duty subject reference urgency computed_from outcome"),
    // Codes; the name of whoever asks and the ground are sealed.
    ("data_requests", "country kind requester status hold verdict outcome"),
    ("emergency_accesses", "country role purpose reason"),
    ("emergency_reviews", "country verdict"),
    ("escalations", "role country"),
    // Codes, ids and times only.
    ("events", "event subject country purpose payload"),
    ("access_log", "operation outcome code sections country role purpose decision_ref"),
    // The two who stand for an erasure; the line holds a code, ids and a time.
    ("erasures", "country reason line requested_by approved_by"),
    ("erased_cases", "country status identification_status exploitation_types"),
    // Names of tables, roots and signatures.
    ("log_leaves", "log"),
    ("log_checkpoints", "note key"),
    ("idempotency_keys", "operation key"),
];

#[test]
fn no_column_holds_free_text_in_the_clear() {
    let db = TestDatabase::new();
    let query = "
        SELECT table_name || '.' || column_name AS word FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'
           AND udt_name NOT IN ('uuid', '_uuid', 'int2', 'int4', 'int8', 'bool', 'date', 'timestamptz', 'bytea', 'xid8')";
    let present: BTreeSet<_> = ask(&mut db.connection(), query).into_iter().collect();
    let listed: BTreeSet<_> = IN_THE_CLEAR
        .iter()
        .flat_map(|(table, columns)| columns.split(' ').map(move |column| format!("{table}.{column}")))
        .collect();
    assert_eq!(present, listed);
}
