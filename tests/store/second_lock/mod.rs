//! The database as second lock (docs/second_lock.md): what each role may do, and which rows it is shown.

mod roles;
mod rows;

use std::collections::BTreeSet;

use diesel::PgConnection;

use crate::given::ask;

/// Tables in which rows are an agency's, so that row level security decides who is shown them.
pub const TENANT: [&str; 35] = [
    "access_log",
    "age_assessments",
    "case_acts",
    "case_entries",
    "case_external_ids",
    "case_links",
    "case_matches",
    "case_versions",
    "cases",
    "child_indexes",
    "child_pseudonyms",
    "child_tokens",
    "child_versions",
    "children",
    "concerns",
    "data_requests",
    "deadlines",
    "document_contents",
    "emergency_accesses",
    "emergency_reviews",
    "escalations",
    "events",
    "exploitation_episodes",
    "handovers",
    "idempotency_keys",
    "identification_acts",
    "missing_episodes",
    "participations",
    "referral_files",
    "referral_messages",
    "referrals",
    "restrictions",
    "screenings",
    "transnational_messages",
    "transnational_requests",
];

/// Tables whose rows are everybody's, or nobody's, and why.
pub const NOT_TENANT: &[(&str, &str)] = &[
    ("__diesel_schema_migrations", "which migrations ran"),
    ("countries", "profiles of countries are public"),
    ("agencies", "the directory is for all who refer"),
    ("services", "the directory is for all who refer"),
    ("directory_versions", "a count for each country"),
    ("clients", "read before it is known who calls; no secret, nothing of a child"),
    ("client_keys", "public keys, for the worker only"),
    ("professionals", "pseudonyms, read before it is known who calls; nothing of a child"),
    ("canary_cases", "which cases are invented, for the owner and the worker; no request is told"),
    ("canary_alarms", "who opened one, for the owner and the worker; no request is told"),
    ("used_assertions", "random ids, for the worker only"),
    (
        "data_keys",
        "wrapped keys under random ids: without a sealed row and the node's secret they open nothing",
    ),
    ("erasures", "who erased, and ids of what is no more; for the owner and the worker"),
    ("erased_subjects", "ids of what is no more, which keep facts about it from everybody"),
    ("erased_cases", "counts of what is no more, for the worker"),
    ("event_positions", "numbers of events; what happened is in the events"),
    ("justifications", "sealed words, written by the worker and read by nobody"),
    ("transnational_voids", "ids of requests that never came, for the worker only"),
    ("log_leaves", "hashes of rows"),
    ("log_nodes", "hashes of hashes"),
    ("log_checkpoints", "what was signed of the tree is public"),
    ("sandbox_clock", "one row, for the worker only"),
    ("shut_out_place", "one row, for the worker only"),
];

/// The tables of a database.
fn tables(conn: &mut PgConnection) -> BTreeSet<String> {
    let all = "SELECT relname AS word FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')";
    ask(conn, all).into_iter().collect()
}
