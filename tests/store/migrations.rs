//! Each migration can be taken back and done again, on a database in use, and leaves the same schema.

use diesel::PgConnection;
use diesel_migrations::MigrationHarness as _;
use domain::vocabulary::ReferralStatus;
use persistence::{MIGRATIONS, migration_digests};

use crate::given::{House, ask, later};

/// Everything of the schema that PostgreSQL's catalogue knows, a line each.
fn schema(conn: &mut PgConnection) -> Vec<String> {
    let query = "
        SELECT concat_ws(' ', 'column', c.relname,
                         row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname, format_type(a.atttypid, a.atttypmod),
                         a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid)) AS word
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
          LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0
           AND NOT a.attisdropped
        UNION ALL
        SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL
        SELECT concat_ws(' ', 'index', indexdef) FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL
        SELECT concat_ws(' ', 'trigger', tgenabled, pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL
        SELECT concat_ws(' ', 'function', pg_get_functiondef(oid)) FROM pg_proc
         WHERE pronamespace = 'public'::regnamespace
           AND proname NOT LIKE 'diesel%'
        UNION ALL
        SELECT concat_ws(' ', 'policy', tablename, policyname, roles, cmd, qual, with_check) FROM pg_policies
         WHERE schemaname = 'public'
        UNION ALL
        SELECT concat_ws(' ', 'secured', relname, relrowsecurity, relforcerowsecurity, it::text)
          FROM pg_class LEFT JOIN unnest(relacl) AS it ON it::text LIKE 'trm_%'
         WHERE relnamespace = 'public'::regnamespace AND (relrowsecurity OR it IS NOT NULL)
        UNION ALL
        SELECT concat_ws(' ', 'sequence', schemaname, sequencename, data_type) FROM pg_sequences
        UNION ALL
        SELECT concat_ws(' ', 'type', typname, typtype) FROM pg_type
         WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
        ORDER BY 1";
    ask(conn, query)
}

#[test]
fn migrations_go_down_and_up_again_with_rows_present() {
    let house = House::new();
    let concern = house.given_concern(&house.police);
    house.given_screening(&house.police, Some(&concern));
    let (case, _) = house.given_case();
    house.given_episode(&case);
    for status in [ReferralStatus::Completed, ReferralStatus::Rerouted, ReferralStatus::Sent] {
        house.given_referral(&case, status);
    }
    house.given_missing();
    house.store.take_deadline_steps(later(600)).expect("escalated");
    house.position_all();
    let mut conn = house.db.connection();
    let before = schema(&mut conn);
    assert!(before.len() > 200, "{}", before.len());

    let all = migration_digests().expect("the migrations").len();
    for depth in 1..=all {
        for _ in 0..depth {
            conn.revert_last_migration(MIGRATIONS).expect("taken back");
        }
        assert_ne!(schema(&mut conn), before, "{depth} migrations did nothing");
        let done = conn.run_pending_migrations(MIGRATIONS).expect("done again");
        assert_eq!(done.len(), depth);
        assert_eq!(schema(&mut conn), before, "after {depth} migrations down and up");
    }

    conn.revert_all_migrations(MIGRATIONS).expect("taken back");
    let left: Vec<_> =
        schema(&mut conn).into_iter().filter(|it| !it.contains("__diesel_schema_migrations")).collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(house.store.is_blank().expect("looks"));
    assert_eq!(house.store.migrate().expect("migrates").len(), all);
    assert!(!house.store.migrations_pending().expect("looks"));
}
