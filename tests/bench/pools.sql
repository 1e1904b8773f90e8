-- What pgbench takes its ids from; the look-up is measured by itself and taken off.
SET synchronous_commit = off;
INSERT INTO agencies (id, country, code, agency_type, name, roles)
    SELECT id, country, 'bench-' || a, 'ngo_support', 'Invented agency ' || a, '{case_manager}'
    FROM bench.agencies WHERE id <> :'inbox'::uuid;

-- Who acts for them, under the same id: row level security asks for whom a transaction is.
INSERT INTO clients (id, client_id, agency_id, name, scopes)
    SELECT id, 'bench-' || c || '-' || a, id, 'Invented system', '' FROM bench.agencies WHERE id <> :'inbox'::uuid;
INSERT INTO professionals (id, agency_id, country, subject, role)
    SELECT id, id, country, 'bench', 'case_manager' FROM bench.agencies WHERE id <> :'inbox'::uuid;

CREATE FUNCTION bench.uuid7(i bigint) RETURNS uuid LANGUAGE sql VOLATILE AS
    $$ SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint + i / 16), 12, '0') || '7'
               || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid $$;

-- W1: ten referrals a row, with the line of the access log that each leaves.
CREATE TABLE bench.shown AS
    SELECT row_number() OVER (ORDER BY r.id) - 1 AS k, r.id,
           jsonb_build_array((to_jsonb(l) - 'seq' - 'xid')
               || jsonb_build_object('subject_id', r.id, 'case_id', r.case_id))::text AS line
    FROM (SELECT * FROM referrals WHERE from_agency_id = :'sender'::uuid ORDER BY id LIMIT :shown) r,
         (SELECT * FROM access_log WHERE operation = 'getReferral' ORDER BY seq DESC LIMIT 1) l;
ALTER TABLE bench.shown ADD PRIMARY KEY (k);
CREATE TABLE bench.reads AS
    SELECT n, r[1] AS r0, r[2] AS r1, r[3] AS r2, r[4] AS r3, r[5] AS r4, r[6] AS r5, r[7] AS r6, r[8] AS r7, r[9] AS r8,
           r[10] AS r9, l[1] AS l0, l[2] AS l1, l[3] AS l2, l[4] AS l3, l[5] AS l4, l[6] AS l5, l[7] AS l6, l[8] AS l7,
           l[9] AS l8, l[10] AS l9
    FROM (SELECT n, array_agg(s.id) AS r, array_agg(s.line) AS l
          FROM generate_series(1, 1000) n, generate_series(1, 10) x
               JOIN LATERAL (SELECT floor(random() * (SELECT count(*) FROM bench.shown))::bigint AS k, x) k ON true
               JOIN bench.shown s ON s.k = k.k
          GROUP BY n) all_of;
ALTER TABLE bench.reads ADD PRIMARY KEY (n);

-- W3: one new referral a row, with ids for its deadlines and facts.
CREATE SEQUENCE bench.creations CACHE 32;
CREATE TABLE bench.to_create AS
    SELECT n, c.id AS case_id, c.reference AS case_reference, c.child_id, bench.uuid7(n) AS id,
           bench.uuid7(n) AS d1, bench.uuid7(n) AS d2, bench.uuid7(n) AS d3, bench.uuid7(n) AS d4,
           bench.reference('N', n) AS reference, 'pgbench-' || n AS key
    FROM generate_series(1, :creations) n
         JOIN (SELECT row_number() OVER () - 1 AS k, count(*) OVER () AS of, * FROM cases
               WHERE opened_by_agency_id = :'sender'::uuid) c ON c.k = n % c.of;
ALTER TABLE bench.to_create ADD PRIMARY KEY (n);
CREATE INDEX ON bench.to_create (id);

-- W4: the latest referrals, as those are that wait for an answer. They go back and forth, so that each change meets the
-- version that it expects. Each has an open deadline to end; those that were ended are opened again before each round,
-- by the ids that bulk.sql gave them.
CREATE SEQUENCE bench.acts CACHE 32;
CREATE TABLE bench.to_act AS
    SELECT row_number() OVER (ORDER BY md5(id::text)) - 1 AS n, id, case_id, country, to_agency_id AS to_id, sent_at,
           ARRAY[from_agency_id, to_agency_id]::text AS audience,
           ('01900000-0061-7000-8000-' || right(id::text, 12))::uuid AS deadline_id
    FROM (SELECT * FROM referrals
          WHERE version = 2 AND id < bench.id(9, 0) AND to_agency_id <> :'inbox'::uuid
                AND status IN ('sent', 'in_service', 'completed')
          ORDER BY id DESC LIMIT :acts) chosen;
ALTER TABLE bench.to_act ADD PRIMARY KEY (n);
CREATE FUNCTION bench.open_again() RETURNS void LANGUAGE sql AS $$
    UPDATE deadlines d SET closed_at = NULL, outcome = NULL, next_step_at = now() + interval '30 days'
    FROM bench.to_act p WHERE d.id = p.deadline_id AND d.closed_at IS NOT NULL
$$;

-- Ends all but the newest referrals that wait between two agencies and can be shown; answers with the ids of those.
CREATE FUNCTION bench.retire(by_agency uuid, to_agency uuid, most int) RETURNS SETOF uuid LANGUAGE sql AS $$
    WITH waiting AS MATERIALIZED (
        SELECT id FROM referrals r
        WHERE from_agency_id = by_agency AND to_agency_id = to_agency AND status = 'sent'
              AND NOT EXISTS (SELECT FROM bench.to_create c WHERE c.id = r.id)
        ORDER BY id DESC LIMIT most),
    retired AS (
        UPDATE referrals SET status = 'completed'
        WHERE from_agency_id = by_agency AND to_agency_id = to_agency AND status IN ('sent', 'acknowledged')
              AND id NOT IN (SELECT id FROM waiting))
    SELECT id FROM waiting
$$;

-- pgbench works as the serving role.
GRANT USAGE ON SCHEMA bench TO trm_app;
GRANT SELECT ON ALL TABLES IN SCHEMA bench TO trm_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA bench TO trm_app;
