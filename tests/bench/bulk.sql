-- Fills the tables to their size in service: :n referrals over 30 countries with 20 agencies each, skewed as real ones
-- are. What is sealed has the true size and does not open: these rows are counted, listed and changed, never shown.
SET session_replication_role = replica;
SET synchronous_commit = off;
SELECT setseed(0.42);
CREATE SCHEMA bench;

-- Ids in the order of their number, before all that the node makes.
CREATE FUNCTION bench.id(kind int, i bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
    $$ SELECT ('01900000-000' || kind || '-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid $$;
CREATE FUNCTION bench.pick(weights numeric[], choices text[], r float8) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE sum numeric := 0;
BEGIN
    FOR i IN 1 .. array_length(choices, 1) LOOP
        sum := sum + weights[i];
        IF r < sum THEN RETURN choices[i]; END IF;
    END LOOP;
    RETURN choices[array_length(choices, 1)];
END $$;

-- A reference that looks random, as all do, and passes the check of its last symbol.
CREATE FUNCTION bench.reference(kind text, i bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT substr(t, 1, 4) || '-' || substr(t, 5, 4) || '-' || substr(t, 9) FROM (
        SELECT body || substr(symbols, (SELECT sum(p * (strpos(symbols, substr(body, p, 1)) - 1))::int
                                        FROM generate_series(1, 11) p) % 31 + 1, 1) AS t
        FROM (SELECT kind || lpad((i * 2654435761 % 10000000000)::text, 10, '0') AS body,
                     '0123456789ABCDEFGHJKMNPQRSTVWXYZ' AS symbols) given) whole
$$;

-- Number 0 of country 0 is the agency whose inbox is listed.
CREATE TABLE bench.agencies AS
    SELECT c, a, CASE WHEN c = 0 THEN :'country' ELSE chr(65 + c / 10) || chr(65 + c % 10) END AS country,
           CASE WHEN c = 0 AND a = 0 THEN :'inbox'::uuid ELSE bench.id(1, c * 20 + a) END AS id
    FROM generate_series(0, 29) c, generate_series(0, 19) a;
ALTER TABLE bench.agencies ADD PRIMARY KEY (c, a);
INSERT INTO agencies (id, country, code, agency_type, name, roles)
    SELECT id, country, 'bench-' || a, 'ngo_support', 'Invented agency ' || a, '{case_manager}'
    FROM bench.agencies WHERE id <> :'inbox'::uuid;

CREATE TABLE bench.samples AS
    SELECT row_number() OVER () - 1 AS k, f.sealed, c.identity_sealed, c.whereabouts_sealed,
           (SELECT wrapped FROM data_keys d WHERE d.subject_id = c.id AND d.section = 'referral') AS wrapped
    FROM referrals r JOIN referral_files f ON f.referral_id = r.id JOIN children c ON c.id = r.child_id
    ORDER BY r.id LIMIT 50;
ALTER TABLE bench.samples ADD PRIMARY KEY (k);

CREATE TABLE bench.cases AS
    SELECT i, floor(30 * random() ^ 2.2)::int AS c FROM generate_series(0, :n / 2 - 1) i;
ALTER TABLE bench.cases ADD PRIMARY KEY (i);
INSERT INTO children
    SELECT bench.id(2, i), a.country, s.identity_sealed, 1, s.whereabouts_sealed, 1
    FROM bench.cases JOIN bench.agencies a USING (c) JOIN bench.samples s ON s.k = i % 50 WHERE a.a = 0;
INSERT INTO data_keys
    SELECT bench.id(2, i), section, 1, s.wrapped
    FROM bench.cases JOIN bench.samples s ON s.k = i % 50,
         unnest('{identity,narrative,referral,whereabouts}'::text[]) section;
INSERT INTO cases (id, reference, country, child_id, lead_agency_id, opened_by_agency_id, status, identification_status,
                   identification_since, external_ids, opened_at, version)
    SELECT bench.id(3, i), bench.reference('C', i), a.country, bench.id(2, i), a.id, a.id, 'open', 'screening',
           now() - interval '90 days', '[]', now() - interval '90 days', 1
    FROM bench.cases JOIN bench.agencies a USING (c) WHERE a.a = 1;
INSERT INTO participations
    SELECT lead_agency_id, id, country, 'lead', id, '{}', opened_at, NULL FROM cases WHERE id < bench.id(9, 0);

CREATE TABLE bench.referrals AS
    SELECT r.*, c.c FROM (
        SELECT i, floor(:n / 2 * random())::int AS "case", floor(20 * random() ^ 2.5)::int AS "to",
               floor(19 * random())::int AS step, random() AS s, random() AS u
        FROM generate_series(0, :n - 1) i) r
    JOIN bench.cases c ON c.i = r."case";
INSERT INTO referrals
    SELECT bench.id(4, r.i), bench.reference('R', r.i), t.country, bench.id(3, "case"), bench.reference('C', "case"), bench.id(2, "case"),
           f.id, t.id, 'barnahus', NULL,
           bench.pick('{0.05,0.25,0.30}', '{immediate,urgent,priority,standard}', u),
           '{shelter}', '{crisis_psychological,court_support}',
           bench.pick('{0.45,0.15,0.1,0.05,0.1}', '{completed,in_service,accepted,acknowledged,declined,sent}', s),
           at, at, at, at + interval '4 hours', at + interval '1 day', at + interval '2 days', 2
    FROM bench.referrals r JOIN bench.agencies t ON t.c = r.c AND t.a = r."to"
         JOIN bench.agencies f ON f.c = r.c AND f.a = (r."to" + 1 + r.step) % 20,
         LATERAL (SELECT now() - interval '90 days' * (1 - r.i::float8 / :n) AS at) times
    ORDER BY r.i;
INSERT INTO referral_files
    SELECT bench.id(4, i), s.sealed FROM bench.referrals JOIN bench.samples s ON s.k = i % 50 ORDER BY i;
INSERT INTO events (id, at, event, subject, subject_id, version, case_id, country, audience, client, agency_id, purpose,
                    request_id, payload)
    SELECT bench.id(5, r.i), now(), 'referral.sent', 'referral', bench.id(4, r.i), 2, bench.id(3, "case"), a.country,
           ARRAY[a.id], a.id, a.id, 'assistance', a.id, '{}'
    FROM bench.referrals r JOIN bench.agencies a ON a.c = r.c AND a.a = r."to" ORDER BY r.i;
INSERT INTO event_positions (seq, xid) SELECT seq, xid FROM events WHERE purpose = 'assistance' AND client = agency_id ORDER BY seq
    ON CONFLICT DO NOTHING;
RESET session_replication_role;
