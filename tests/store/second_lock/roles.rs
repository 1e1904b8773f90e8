//! What each role of the database may do.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{Connection as _, PgConnection, connection::SimpleConnection as _};
use persistence::{
    NodeKeys, Settings, Store, StoreError,
    demo::{Demo, DemoLoad},
    testing::{SERVER_VARIABLE, TestDatabase, connect_as},
};
use uuid::Uuid;

use super::{NOT_TENANT, TENANT, tables};
use crate::given::{House, NODE_SECRET, ask, ask_one, now};

/// What the roles may do with each table: `S`elect, `I`nsert, `U`pdate, `D`elete, for trm_app and trm_worker; a new table
/// is decided here. Nobody but the owner may truncate, refer to one or put a trigger on it.
const PRIVILEGES: &[(&str, &str, &str)] = &[
    ("__diesel_schema_migrations", "", "S"),
    ("access_log", "SI", "S"),
    ("age_assessments", "SIU", ""),
    ("agencies", "SU", "S"),
    ("canary_alarms", "", "SI"),
    ("canary_cases", "", "S"),
    ("case_acts", "SI", "SI"),
    ("case_entries", "SI", ""),
    ("case_external_ids", "SI", ""),
    ("case_links", "SIU", "S"),
    ("case_matches", "SIU", "S"),
    ("case_versions", "SI", "SI"),
    ("cases", "SIU", "SU"),
    ("child_indexes", "SIU", "SIU"),
    ("child_pseudonyms", "SI", "SU"),
    ("child_tokens", "SID", "SID"),
    ("child_versions", "SI", "SI"),
    ("children", "SIU", "SU"),
    ("client_keys", "", "S"),
    ("clients", "S", "S"),
    ("concerns", "SI", ""),
    ("countries", "S", "S"),
    ("data_keys", "SI", "SIU"),
    ("data_requests", "SIU", ""),
    ("deadlines", "SIU", "SIU"),
    ("directory_versions", "SIU", "S"),
    ("document_contents", "SI", ""),
    ("emergency_accesses", "SI", ""),
    ("emergency_reviews", "SI", ""),
    ("erased_cases", "", "S"),
    ("erased_subjects", "S", "S"),
    ("erasures", "", "S"),
    ("escalations", "S", "SI"),
    ("event_positions", "S", "SI"),
    ("events", "SI", "SI"),
    ("exploitation_episodes", "SI", "S"),
    ("handovers", "SIU", "SU"),
    ("idempotency_keys", "SI", "SD"),
    ("identification_acts", "SI", "SI"),
    ("justifications", "", "I"),
    ("log_checkpoints", "S", ""),
    ("log_leaves", "S", ""),
    ("log_nodes", "S", ""),
    ("missing_episodes", "SIU", "SIU"),
    ("participations", "SIU", "SIU"),
    ("professionals", "S", "SIU"),
    ("referral_files", "SIU", "SU"),
    ("referral_messages", "SI", ""),
    ("referrals", "SIU", "SU"),
    ("restrictions", "SIU", "S"),
    ("sandbox_clock", "", "SIU"),
    ("screenings", "SIU", ""),
    ("services", "SIU", "S"),
    ("shut_out_place", "", "SU"),
    ("transnational_messages", "SI", "SI"),
    ("transnational_requests", "SIU", "SIU"),
    ("transnational_voids", "", "SI"),
    ("used_assertions", "", "SID"),
];

/// The same for those who come after the logs: trm_sealer and trm_auditor.
const OF_THE_LOGS: &[(&str, &str, &str)] = &[
    ("access_log", "S", "S"),
    ("events", "S", "S"),
    ("log_checkpoints", "SI", "S"),
    ("log_leaves", "SI", "S"),
    ("log_nodes", "SI", "S"),
];

fn privileges(conn: &mut PgConnection, role: &str) -> BTreeMap<String, String> {
    let query = format!(
        "SELECT c.relname || ' ' || string_agg(letter, '' ORDER BY place) AS word FROM pg_class c, \
         (VALUES (1, 'SELECT', 'S'), (2, 'INSERT', 'I'), (3, 'UPDATE', 'U'), (4, 'DELETE', 'D'), (5, 'TRUNCATE', 'T'), \
                 (6, 'REFERENCES', 'R'), (7, 'TRIGGER', 'G')) AS may (place, privilege, letter) \
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') \
           AND has_table_privilege('{role}', c.oid, privilege) GROUP BY c.relname"
    );
    let split =
        |it: String| it.split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned())).expect("two words");
    ask(conn, &query).into_iter().map(split).collect()
}

#[test]
fn each_role_may_do_what_its_work_needs_and_no_more() {
    let db = TestDatabase::new();
    let mut conn = db.connection();
    let wanted = |all: &[(&str, &str, &str)], second: bool| -> BTreeMap<String, String> {
        let of = |it: &(&str, &str, &str)| (it.0.to_owned(), if second { it.2 } else { it.1 }.to_owned());
        all.iter().map(of).filter(|it| !it.1.is_empty()).collect()
    };
    for (role, wanted) in [
        ("trm_app", wanted(PRIVILEGES, false)),
        ("trm_worker", wanted(PRIVILEGES, true)),
        ("trm_sealer", wanted(OF_THE_LOGS, false)),
        ("trm_auditor", wanted(OF_THE_LOGS, true)),
    ] {
        assert_eq!(privileges(&mut conn, role), wanted, "{role}");
        let above = format!(
            "SELECT concat_ws(' ', rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, rolcreatedb, rolreplication) AS word \
             FROM pg_roles WHERE rolname = '{role}'"
        );
        assert_eq!(ask_one(&mut conn, &above), "f f f f f f", "{role}");
        let member =
            format!("SELECT count(*)::text AS word FROM pg_auth_members WHERE member = '{role}'::regrole");
        assert_eq!(ask_one(&mut conn, &member), "0", "{role} is a member of nothing");
    }
    let listed: BTreeSet<_> = PRIVILEGES.iter().map(|it| it.0.to_owned()).collect();
    assert_eq!(listed, tables(&mut conn), "every table is decided");
}

/// R-DB1, and every table is one or the other.
#[test]
fn every_table_of_an_agency_has_row_level_security_which_binds_its_owner() {
    let db = TestDatabase::new();
    let mut conn = db.connection();
    let named: Vec<_> = TENANT.iter().copied().chain(NOT_TENANT.iter().map(|it| it.0)).collect();
    let once: BTreeSet<_> = named.iter().map(|it| (*it).to_owned()).collect();
    assert_eq!((once.len(), &once), (named.len(), &tables(&mut conn)));
    let secured = "SELECT relname AS word FROM pg_class WHERE relnamespace = 'public'::regnamespace \
                   AND relrowsecurity AND relforcerowsecurity ORDER BY 1";
    assert_eq!(ask(&mut conn, secured), TENANT);
    let wide = "SELECT tablename || ' ' || policyname AS word FROM pg_policies WHERE 'trm_app' = ANY (roles) \
                AND permissive = 'PERMISSIVE' AND policyname <> 'written' \
                AND tablename NOT IN ('referral_files', 'idempotency_keys') \
                AND (qual NOT LIKE '%trm_country()%' OR with_check NOT LIKE '%trm_country()%')";
    assert_eq!(ask(&mut conn, wide), [""; 0], "the country is always compared");
}

/// R-DB4: nothing reads in the name of somebody else.
#[test]
fn no_view_and_no_function_lends_its_owners_rights() {
    let db = TestDatabase::new();
    let lent = "SELECT relname AS word FROM pg_class WHERE relnamespace = 'public'::regnamespace \
                AND (relkind = 'm' OR relkind = 'v' AND NOT coalesce(reloptions @> '{security_invoker=true}', false)) \
                UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef";
    assert_eq!(ask(&mut db.connection(), lent), [""; 0]);
}

/// R-DB8 and R-DB9, as the connections of requests have them.
#[test]
fn connections_wait_for_nothing_long_and_say_no_values() {
    let house = House::new();
    let of = |name: &'static str| house.read(&house.police, |tx| persistence::testing::setting(tx, name));
    for (name, value) in [
        ("role", "trm_app"),
        ("statement_timeout", "5s"),
        ("lock_timeout", "2s"),
        ("idle_in_transaction_session_timeout", "10s"),
        ("log_parameter_max_length", "0"),
        ("log_parameter_max_length_on_error", "0"),
        ("log_min_error_statement", "panic"),
        ("log_error_verbosity", "terse"),
    ] {
        assert_eq!(of(name).expect("read"), value, "{name}");
    }
}

/// A database whose owner is no superuser and may make no roles, and a second user who only serves.
struct Plain {
    name: String,
    server: PgConnection,
}

impl Plain {
    fn new() -> Self {
        let url = std::env::var(SERVER_VARIABLE).expect("a server");
        let mut server = PgConnection::establish(&url).expect("the server");
        let name = format!("plain_{}", Uuid::new_v4().simple());
        server
            .batch_execute(&format!("CREATE ROLE {name} LOGIN; CREATE ROLE {name}_serves LOGIN NOINHERIT"))
            .expect("users");
        server.batch_execute(&format!("CREATE DATABASE {name} OWNER {name}")).expect("a database");
        Self { name, server }
    }

    fn url(&self, user: &str) -> String {
        let url = std::env::var(SERVER_VARIABLE).expect("a server");
        let (_, rest) = url.split_once('@').expect("a user");
        let (host, _) = rest.rsplit_once('/').expect("a database");
        format!("postgres://{user}@{host}/{}", self.name)
    }

    /// A connection of the server's administrator.
    fn inside(&self) -> PgConnection {
        let url = std::env::var(SERVER_VARIABLE).expect("a server");
        let (user, _) = url.trim_start_matches("postgres://").split_once('@').expect("a user");
        PgConnection::establish(&self.url(user)).expect("inside")
    }

    fn store(&self, user: &str) -> Store {
        let url = self.url(user);
        let wait = std::time::Duration::from_secs(5);
        let keys = NodeKeys::derive(&NODE_SECRET).expect("keys");
        Store::open(Settings { url, connections: 2, wait }, std::sync::Arc::new(keys))
    }
}

impl Drop for Plain {
    fn drop(&mut self) {
        let name = &self.name;
        for statement in [
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            format!("DROP ROLE IF EXISTS {name}"),
            format!("DROP ROLE IF EXISTS {name}_serves"),
        ] {
            let _ = self.server.batch_execute(&statement);
        }
    }
}

#[test]
fn an_owner_who_may_make_no_roles_is_told_what_an_administrator_runs_and_then_all_works() {
    // The roles are the server's: they are there as soon as any database has been migrated.
    drop(TestDatabase::new());
    let mut plain = Plain::new();
    let (owner, serves) = (plain.name.clone(), format!("{}_serves", plain.name));
    let refused = plain.store(&owner).migrate().expect_err("no roles").to_string();
    let wanted = format!("GRANT trm_app, trm_worker, trm_sealer, trm_auditor TO {owner};");
    assert!(refused.contains("administrator") && refused.contains(&wanted), "{refused}");
    plain.server.batch_execute(&wanted).expect("granted");
    let store = plain.store(&owner);
    assert!(store.migrations_pending().expect("looks"));
    assert!(!store.migrate().expect("migrates").is_empty());
    assert!(!store.migrations_pending().expect("looks"));
    let load = |it: &Store| it.load_demo(&Demo::read().expect("the directory"), |_| None, now());
    assert_eq!(load(&store).expect("loads"), DemoLoad::Loaded);
    store.check_roles().expect("may act");

    let serving = plain.store(&serves);
    assert!(
        matches!(serving.check_roles(), Err(StoreError::Database(_))),
        "not before it may act in the roles"
    );
    plain
        .server
        .batch_execute(&format!("GRANT trm_app, trm_worker, trm_sealer TO {serves}"))
        .expect("granted");
    serving.check_roles().expect("may act");
    assert!(!serving.migrations_pending().expect("looks"));
    serving.ready().expect("serves");
    assert!(serving.client("tallinn-police").expect("reads").is_some());
    assert!(load(&serving).is_err(), "the directory is the owner's to load");
    assert!(serving.migrate().is_err() || serving.migrate().expect("nothing to do").is_empty());
}

/// Row level security binds the owner as well; it erases all the same, a row of everything, and whoever serves cannot.
#[test]
fn the_owner_of_the_tables_erases_and_whoever_serves_cannot() {
    drop(TestDatabase::new());
    let mut plain = Plain::new();
    let (owner, serves) = (plain.name.clone(), format!("{}_serves", plain.name));
    let roles = "trm_app, trm_worker, trm_sealer, trm_auditor";
    plain
        .server
        .batch_execute(&format!("GRANT {roles} TO {owner}; GRANT {roles} TO {serves}"))
        .expect("granted");
    let store = plain.store(&owner);
    store.migrate().expect("migrated");
    store.load_demo(&Demo::read().expect("the directory"), |_| None, now()).expect("loads");
    let mut inside = plain.inside();
    inside.batch_execute(include_str!("world.sql")).expect("a world");
    let found = "SELECT jsonb_build_object('id', gen_random_uuid(), 'at', '2026-11-24T08:30:00Z', 'country', country, \
                 'reason', 'court_order', 'cases', ARRAY[kase], 'children', ARRAY[child], \
                 'screenings', ARRAY[screening], 'concerns', ARRAY[concern])::text AS word FROM lot \
                 ORDER BY EXISTS (SELECT FROM restrictions r WHERE r.case_id = kase) DESC LIMIT 1";
    let erasure: persistence::erasure::Erasure =
        serde_json::from_str(&ask_one(&mut inside, found)).expect("an erasure");
    assert!(plain.store(&serves).erase_again(&erasure, now()).is_err());
    let mut with_rows: BTreeSet<String> = BTreeSet::new();
    let counts = |inside: &mut PgConnection| -> BTreeMap<String, String> {
        let of = |it: &str| (it.to_owned(), format!("SELECT count(*)::text AS word FROM {it}"));
        persistence::erasure::tables_deleted()
            .map(of)
            .map(|(it, query)| (it, ask_one(inside, &query)))
            .collect()
    };
    let before = counts(&mut inside);
    store.erase_again(&erasure, now()).expect("erased");
    for (table, after) in counts(&mut inside) {
        if after != before[&table] {
            with_rows.insert(table);
        }
    }
    let kept: Vec<_> = before.keys().filter(|it| !with_rows.contains(*it)).collect();
    assert_eq!(kept, ["justifications"], "a row of everything else is gone");
}

/// What the application alone would not forgive: the tables that only grow, and those that are not its business.
#[test]
fn the_application_cannot_change_what_only_grows() {
    let house = House::new();
    let mut conn = connect_as(&house.db, "trm_app");
    for statement in [
        "UPDATE events SET purpose = 'x'",
        "DELETE FROM access_log",
        "TRUNCATE events",
        "DELETE FROM case_entries",
        "UPDATE case_versions SET status = 'x'",
        "DELETE FROM cases",
        "UPDATE data_keys SET wrapped = ''",
        "SELECT * FROM client_keys",
        "SELECT case_id FROM canary_cases",
        "SELECT FROM canary_alarms",
        "SET ROLE trm_worker",
        "ALTER TABLE cases DISABLE ROW LEVEL SECURITY",
        "DROP POLICY app ON cases",
    ] {
        let error = conn.batch_execute(statement).expect_err(statement).to_string();
        assert!(
            error.contains("permission denied") || error.contains("must be owner"),
            "{statement}: {error}"
        );
    }
}
