-- Fills the tables to their size in service: :n referrals over 30 countries with 20 agencies each, skewed as real ones
-- are. What is sealed has the true size and does not open: these rows are counted, listed and changed, never shown.
-- No trigger runs for a row, and the indexes that guard no rule are built when their table is full.
SET session_replication_role = replica;
SET synchronous_commit = off;
SET maintenance_work_mem = '256MB';
SET work_mem = '64MB';
SELECT setseed(0.42);
CREATE SCHEMA bench;

-- Ids in the order of their number, before all that the node makes.
CREATE FUNCTION bench.id(kind int, i bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
    $$ SELECT ('01900000-000' || kind || '-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid $$;

-- A reference that looks random, as all do, and passes the check of its last symbol. Expressions without a FROM, so that
-- the planner puts them in place of the call: five million calls would take minutes.
CREATE FUNCTION bench.symbol(body text, place int) RETURNS int LANGUAGE sql IMMUTABLE AS
    $$ SELECT place * (strpos('0123456789ABCDEFGHJKMNPQRSTVWXYZ', substr(body, place, 1)) - 1) $$;
CREATE FUNCTION bench.checked(body text) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT substr(body, 1, 4) || '-' || substr(body, 5, 4) || '-' || substr(body, 9) || substr(
           '0123456789ABCDEFGHJKMNPQRSTVWXYZ',
           (bench.symbol(body, 1) + bench.symbol(body, 2) + bench.symbol(body, 3) + bench.symbol(body, 4)
            + bench.symbol(body, 5) + bench.symbol(body, 6) + bench.symbol(body, 7) + bench.symbol(body, 8)
            + bench.symbol(body, 9) + bench.symbol(body, 10) + bench.symbol(body, 11)) % 31 + 1, 1) $$;
CREATE FUNCTION bench.reference(kind text, i bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT bench.checked(kind || lpad((i * 2654435761 % 10000000000)::text, 10, '0')) $$;

-- Indexes that guard no rule, taken away and built again.
CREATE TABLE bench.indexes AS
    SELECT c.oid::regclass::text AS name, pg_get_indexdef(c.oid) AS definition
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE NOT i.indisunique AND i.indrelid IN ('cases'::regclass, 'participations'::regclass, 'referrals'::regclass,
                                               'deadlines'::regclass, 'events'::regclass, 'event_positions'::regclass);
DO $$ DECLARE it record;
BEGIN
    FOR it IN SELECT * FROM bench.indexes LOOP EXECUTE 'DROP INDEX ' || it.name; END LOOP;
END $$;

-- Number 0 of country 0 is the agency whose inbox is listed. The directory learns of them in pools.sql: a demo node
-- does not start where others have agencies.
CREATE TABLE bench.agencies AS
    SELECT c, a, CASE WHEN c = 0 THEN :'country' ELSE chr(65 + c / 10) || chr(65 + c % 10) END AS country,
           CASE WHEN c = 0 AND a = 0 THEN :'inbox'::uuid ELSE bench.id(1, c * 20 + a) END AS id
    FROM generate_series(0, 29) c, generate_series(0, 19) a;
ALTER TABLE bench.agencies ADD PRIMARY KEY (c, a);

CREATE TABLE bench.samples AS
    SELECT row_number() OVER () - 1 AS k, f.sealed, c.identity_sealed, c.whereabouts_sealed,
           (SELECT wrapped FROM data_keys d WHERE d.subject_id = c.id AND d.section = 'referral') AS wrapped,
           (SELECT computed_from FROM deadlines d WHERE d.subject_id = r.id AND d.duty = 'decide') AS computed_from
    FROM referrals r JOIN referral_files f ON f.referral_id = r.id JOIN children c ON c.id = r.child_id
    ORDER BY r.id LIMIT 50;
ALTER TABLE bench.samples ADD PRIMARY KEY (k);
DO $$ BEGIN
    IF (SELECT count(*) FROM bench.samples) < 50 THEN RAISE 'too few samples'; END IF;
END $$;

CREATE TABLE bench.cases AS
    SELECT i, floor(30 * random() ^ 2.2)::int AS c FROM generate_series(0, :n / 2 - 1) i;
ALTER TABLE bench.cases ADD PRIMARY KEY (i);
INSERT INTO children
    SELECT bench.id(2, i), a.country, s.identity_sealed, 1, s.whereabouts_sealed, 1, now() - interval '90 days'
    FROM bench.cases JOIN bench.agencies a USING (c) JOIN bench.samples s ON s.k = i % 50 WHERE a.a = 0 ORDER BY i;
INSERT INTO data_keys
    SELECT bench.id(2, i), section, 1, s.wrapped
    FROM bench.cases JOIN bench.samples s ON s.k = i % 50,
         unnest('{identity,narrative,referral,whereabouts}'::text[]) section ORDER BY i, section;
INSERT INTO cases (id, reference, country, child_id, lead_agency_id, opened_by_agency_id, status, identification_status,
                   identification_since, external_ids, opened_at, version, changed_at)
    SELECT bench.id(3, i), bench.reference('C', i), a.country, bench.id(2, i), a.id, a.id, 'open', 'screening',
           now() - interval '90 days', '[]', now() - interval '90 days', 1, now() - interval '90 days'
    FROM bench.cases JOIN bench.agencies a USING (c) WHERE a.a = 1 ORDER BY i;
INSERT INTO participations
    SELECT lead_agency_id, id, country, 'lead', id, '{}', opened_at, NULL FROM cases WHERE id < bench.id(9, 0);

CREATE TABLE bench.referrals AS
    SELECT r.*, c.c, bench.id(4, r.i) AS id, bench.reference('R', r.i) AS reference, t.country, t.id AS to_id,
           f.id AS from_id, now() - interval '90 days' * (1 - r.i::float8 / :n) AS at,
           CASE WHEN s < 0.45 THEN 'completed' WHEN s < 0.60 THEN 'in_service' WHEN s < 0.70 THEN 'accepted'
                WHEN s < 0.75 THEN 'acknowledged' WHEN s < 0.85 THEN 'declined' ELSE 'sent' END AS status,
           CASE WHEN u < 0.05 THEN 'immediate' WHEN u < 0.30 THEN 'urgent' WHEN u < 0.60 THEN 'priority'
                ELSE 'standard' END AS urgency
    FROM (SELECT i, floor(:n / 2 * random())::int AS "case", floor(20 * random() ^ 2.5)::int AS "to",
                 floor(19 * random())::int AS step, random() AS s, random() AS u
          FROM generate_series(0, :n - 1) i) r
         JOIN bench.cases c ON c.i = r."case"
         JOIN bench.agencies t ON t.c = c.c AND t.a = r."to"
         JOIN bench.agencies f ON f.c = c.c AND f.a = (r."to" + 1 + r.step) % 20
    ORDER BY r.i;
INSERT INTO referrals (id, reference, country, case_id, case_reference, child_id, from_agency_id, to_agency_id,
                       to_agency_type, urgency, reasons, services, status, drafted_at, status_at, sent_at,
                       acknowledge_by, decide_by, first_contact_by, version)
    SELECT id, reference, country, bench.id(3, "case"), bench.reference('C', "case"), bench.id(2, "case"), from_id,
           to_id, 'barnahus', urgency, '{shelter}', '{crisis_psychological,court_support}', status,
           at, at, at, at + interval '4 hours', at + interval '1 day', at + interval '2 days', 2
    FROM bench.referrals;
INSERT INTO referral_files SELECT id, s.sealed FROM bench.referrals JOIN bench.samples s ON s.k = i % 50 ORDER BY i;

-- What each owes or owed by its state: open where it waits for that answer, ended where it came. The open ones of the
-- last tenth are due later, so that nothing happens to them now; all who could be told of the others were told.
CREATE TABLE bench.duties (duty text, owed_to text, open_in text[], from_status text[]);
INSERT INTO bench.duties VALUES
    ('acknowledge', 'to', '{sent}', NULL),
    ('decide', 'to', '{sent,acknowledged}', NULL),
    ('first_contact', 'to', '{sent,acknowledged,accepted}', NULL),
    ('next_step', 'from', '{}', '{declined}'),
    ('feedback', 'to', '{}', '{completed}');
INSERT INTO deadlines (id, country, duty, subject, subject_id, case_id, reference, urgency, agency_id, watcher_id,
                       answers_to_id, due_at, computed_from, rung, next_step_at, closed_at, outcome)
    SELECT ('01900000-00' || 60 + d.k || '-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, country, d.duty, 'referral',
           r.id, bench.id(3, "case"), reference, urgency, CASE d.owed_to WHEN 'to' THEN to_id ELSE from_id END,
           CASE d.owed_to WHEN 'to' THEN from_id END, from_id, due, s.computed_from,
           CASE WHEN open AND NOT recent THEN 2 ELSE 0 END, CASE WHEN open AND recent THEN due END,
           CASE WHEN NOT open THEN at + interval '3 hours' END,
           CASE WHEN NOT open THEN CASE WHEN status = 'declined' AND d.duty = 'first_contact' THEN 'lapsed'
                                        ELSE 'fulfilled' END END
    FROM bench.referrals r
         JOIN bench.samples s ON s.k = i % 50
         JOIN (SELECT row_number() OVER () AS k, * FROM bench.duties) d ON coalesce(r.status = ANY (from_status), true),
         LATERAL (SELECT r.status = ANY (open_in) AS open, i > :n * 0.9 AS recent) state,
         LATERAL (SELECT at + interval '4 hours' * d.k + CASE WHEN recent THEN interval '30 days' ELSE '0' END AS due) t
    ORDER BY i;
INSERT INTO events (id, at, event, subject, subject_id, version, case_id, country, audience, client, agency_id, purpose,
                    request_id, payload)
    SELECT bench.id(5, i), now(), 'referral.sent', 'referral', id, 2, bench.id(3, "case"), country,
           ARRAY[to_id], to_id, to_id, 'assistance', to_id, '{}'
    FROM bench.referrals ORDER BY i;
INSERT INTO event_positions (seq, xid)
    SELECT seq, xid FROM events WHERE purpose = 'assistance' AND client = agency_id ORDER BY seq
    ON CONFLICT DO NOTHING;

DO $$ DECLARE it record;
BEGIN
    FOR it IN SELECT * FROM bench.indexes LOOP EXECUTE it.definition; END LOOP;
END $$;
DROP TABLE bench.referrals, bench.cases, bench.indexes, bench.duties;
RESET session_replication_role;
