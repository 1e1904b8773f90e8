-- The database as second lock: roles with no more than their work needs, and row level security by the agency for which
-- a unit of work is (docs/second_lock.md). The first lock is the filter of each query; this one catches the forgotten.

-- Roles are the server's, not the database's: another database of it may have made them, or be making them now.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['trm_app', 'trm_worker', 'trm_sealer', 'trm_auditor'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;
            END;
        END IF;
        -- A superuser may act in every role.
        IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AND NOT pg_has_role(
            current_user, wanted, CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'USAGE' ELSE 'SET' END)
        THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
        END IF;
    END LOOP;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'the user % may not make the roles of TRM; let an administrator run: %', current_user, (
        SELECT string_agg(it, ' ') FROM (
            SELECT format('CREATE ROLE %I NOLOGIN;', name) FROM unnest(
                ARRAY['trm_app', 'trm_worker', 'trm_sealer', 'trm_auditor']) AS name
             WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
            UNION ALL
            SELECT format('GRANT trm_app, trm_worker, trm_sealer, trm_auditor TO %I;', current_user)) AS statement (it));
END $$;

-- For whom a unit of work is; nothing where nobody has said so.
CREATE FUNCTION trm_client() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('trm.client', true), '')::uuid
$$;
CREATE FUNCTION trm_agency() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('trm.agency', true), '')::uuid
$$;
CREATE FUNCTION trm_country() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('trm.country', true), '')
$$;
CREATE FUNCTION trm_professional() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('trm.professional', true), '')::uuid
$$;
-- The cases of which it is never to know, whatever its relation.
CREATE FUNCTION trm_barred() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('trm.barred', true), '')::uuid[]
$$;
-- The instant of the request, which ends participations and begins them.
CREATE FUNCTION trm_at() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('trm.at', true), '')::timestamptz
$$;
-- Whether the mechanism reaches beyond the agency, to all of its country.
CREATE FUNCTION trm_reaches() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT current_setting('trm.reach', true) = 'country'
$$;

GRANT USAGE ON SCHEMA public TO trm_app, trm_worker, trm_sealer, trm_auditor;
GRANT SELECT ON __diesel_schema_migrations TO trm_worker;

-- The directory, and who calls.
GRANT SELECT ON countries, agencies, services, directory_versions, clients, professionals TO trm_app, trm_worker;
GRANT UPDATE ON agencies TO trm_app;
GRANT INSERT, UPDATE ON services, directory_versions TO trm_app;
GRANT SELECT ON client_keys TO trm_worker;
GRANT SELECT, INSERT, DELETE ON used_assertions TO trm_worker;
GRANT INSERT, UPDATE ON professionals TO trm_worker;
GRANT SELECT, INSERT, UPDATE ON sandbox_clock TO trm_worker;

-- What only grows.
GRANT SELECT, INSERT ON
    events, access_log, case_versions, child_versions, case_entries, document_contents, identification_acts, case_acts,
    exploitation_episodes, referral_messages, concerns, data_keys, case_external_ids, idempotency_keys
    TO trm_app;
-- What has a state.
GRANT SELECT, INSERT, UPDATE ON
    age_assessments, restrictions, screenings, children, cases, participations, case_links, case_matches, missing_episodes, handovers, referrals,
    referral_files, deadlines, child_indexes
    TO trm_app;
GRANT SELECT, INSERT, DELETE ON child_tokens TO trm_app;
GRANT SELECT ON escalations, event_positions TO trm_app;

-- What the mechanism does by itself: the ladder, expiry, birthdays, places in the feed, indexes, keys wrapped anew.
GRANT SELECT, INSERT, UPDATE ON deadlines, participations, child_indexes TO trm_worker;
GRANT SELECT, INSERT ON escalations, events, event_positions, identification_acts, case_versions, child_versions TO trm_worker;
GRANT SELECT, UPDATE ON referrals, referral_files, cases, children, data_keys TO trm_worker;
-- Why police and justice read, which comes with the request for a token.
GRANT INSERT ON justifications, data_keys TO trm_worker;
GRANT SELECT, INSERT, DELETE ON child_tokens TO trm_worker;
GRANT SELECT, DELETE ON idempotency_keys TO trm_worker;
-- Whatever else it reads to do so.
GRANT SELECT ON exploitation_episodes, case_matches, case_links, handovers TO trm_worker;

-- The logs and their seal.
GRANT SELECT ON events, access_log, log_leaves, log_nodes, log_checkpoints TO trm_sealer, trm_auditor;
GRANT INSERT ON log_leaves, log_nodes, log_checkpoints TO trm_sealer;
GRANT SELECT ON log_leaves, log_nodes, log_checkpoints TO trm_app;

-- Row level security. For trm_app a row is there when its country is that of the caller and either the agency has a
-- relation to it or the mechanism reaches; the same with the rows that it writes, but for the relation: what an act tells
-- or gives to another agency is that agency's.
-- What belongs to a case asks for the agency's participation in it, which whoever leads or opened it has as well: one look
-- into an index that begins with the agency. When it began is not asked of those two: clocks of two instances differ.
-- Two things are for the planner. OFFSET 0 keeps it from hashing a whole table instead of looking; and what is inside
-- coalesce it cannot take for a second condition beside that of the query, for which it would expect too few rows.
DO $$
DECLARE
    takes_part constant text := 'SELECT FROM participations p WHERE p.agency_id = trm_agency() AND p.case_id = %s
        AND (p.until IS NULL OR p.until > trm_at())';
    part constant text := 'EXISTS (' || takes_part || '
        AND (p.since <= trm_at() OR p.basis IN (''lead'', ''opener'')) OFFSET 0)';
    own constant text := 'EXISTS (' || takes_part || ' AND p.basis IN (''lead'', ''opener'') OFFSET 0)';
    led constant text := 'EXISTS (' || takes_part || ' AND p.basis = ''lead'' OFFSET 0)';
    child constant text := 'EXISTS (SELECT FROM cases c WHERE c.child_id = %s OFFSET 0)';
    it record;
BEGIN
    FOR it IN SELECT * FROM (VALUES
        ('participations', 'agency_id = trm_agency()'),
        ('restrictions', 'agency_id = trm_agency() OR professional_id = trm_professional()'),
        ('cases', 'lead_agency_id = trm_agency() OR opened_by_agency_id = trm_agency() OR ' || format(part, 'cases.id')),
        ('case_versions', format(part, 'case_versions.id')),
        ('children', format(child, 'children.id')),
        ('child_versions', format(child, 'child_versions.id')),
        ('child_tokens', format(child, 'child_tokens.child_id')),
        ('child_indexes', format(child, 'child_indexes.child_id')),
        ('concerns', 'trm_agency() IN (agency_id, triage_agency_id)'),
        ('screenings', 'agency_id = trm_agency()
            OR EXISTS (SELECT FROM cases c WHERE c.screening_id = screenings.id OFFSET 0)'),
        ('exploitation_episodes', format(part, 'exploitation_episodes.case_id')),
        ('identification_acts', format(part, 'identification_acts.case_id')),
        ('age_assessments', format(part, 'age_assessments.case_id')),
        ('case_entries', format(part, 'case_entries.case_id')),
        ('document_contents', format(part, 'document_contents.case_id')),
        ('missing_episodes', format(part, 'missing_episodes.case_id')),
        ('handovers', format(part, 'handovers.case_id')),
        ('case_acts', format(part, 'case_acts.case_id') || ' OR ' || format(part, 'case_acts.other_case_id')),
        ('case_links', format(part, 'case_links.case_id') || ' OR ' || format(part, 'case_links.other_case_id')),
        ('case_external_ids', 'agency_id = trm_agency()'),
        ('case_matches', format(led, 'case_matches.case_id')),
        ('referrals', 'from_agency_id = trm_agency() OR (to_agency_id = trm_agency() AND sent_at IS NOT NULL)
            OR ' || format(own, 'referrals.case_id')),
        ('referral_messages', 'EXISTS (SELECT FROM referrals r WHERE r.id = referral_messages.referral_id OFFSET 0)'),
        ('escalations', 'agency_id = trm_agency()'),
        ('deadlines', 'agency_id = trm_agency() OR watcher_id = trm_agency() OR answers_to_id = trm_agency()
            OR EXISTS (SELECT FROM escalations e WHERE e.deadline_id = deadlines.id AND e.agency_id = trm_agency() OFFSET 0)
            OR ' || format(own, 'deadlines.case_id')),
        ('events', 'agency_id = trm_agency() OR trm_agency() = ANY (audience) OR ' || format(led, 'events.case_id')),
        ('access_log', 'agency_id = trm_agency() OR ' || format(led, 'access_log.case_id'))
    ) AS tenant (name, related) LOOP
        EXECUTE format('CREATE POLICY app ON %I TO trm_app
            USING (coalesce(country = trm_country() AND (trm_reaches() OR %s), false))
            WITH CHECK (country = trm_country())', it.name, it.related);
    END LOOP;
END $$;

-- What happened is told by whoever did it, and by nobody else.
ALTER POLICY app ON events WITH CHECK (country = trm_country() AND agency_id = trm_agency());
-- Its country is that of its referral.
CREATE POLICY app ON referral_files TO trm_app
    USING (EXISTS (SELECT FROM referrals r WHERE r.id = referral_files.referral_id OFFSET 0))
    WITH CHECK (trm_country() IS NOT NULL);
CREATE POLICY app ON idempotency_keys TO trm_app USING (client = trm_client());
-- Lines of many callers are written at once, by a connection that is nobody's.
CREATE POLICY written ON access_log FOR INSERT TO trm_app WITH CHECK (true);
-- Whoever is never to know of a case knows nothing of it by another way either: as a side of a referral, as the one who
-- owes, waits or is told, as the agency of a participation.
CREATE POLICY barred ON cases AS RESTRICTIVE TO trm_app USING ((id = ANY (trm_barred())) IS NOT TRUE);
CREATE POLICY barred ON case_links AS RESTRICTIVE TO trm_app
    USING ((case_id = ANY (trm_barred()) OR other_case_id = ANY (trm_barred())) IS NOT TRUE);
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['participations', 'referrals', 'deadlines', 'events', 'case_matches'] LOOP
        EXECUTE format('CREATE POLICY barred ON %I AS RESTRICTIVE TO trm_app
            USING ((case_id = ANY (trm_barred())) IS NOT TRUE)', name);
    END LOOP;
END $$;

DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT DISTINCT tablename FROM pg_policies WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY worker ON %I TO trm_worker USING (true)', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['events', 'access_log'] LOOP
        EXECUTE format('CREATE POLICY log ON %I FOR SELECT TO trm_sealer, trm_auditor USING (true)', name);
    END LOOP;
END $$;
