-- Erasure: the rows of a child are deleted with the keys that opened them. What stays is that it was done, by whom and why,
-- what it was about by ids that lead to nothing any more, and what can be counted.

-- One row for each erasure; the two people are unknown where only the ledger outside the database was left to tell of it.
CREATE TABLE erasures (
    id uuid PRIMARY KEY,
    country text NOT NULL,
    at timestamptz NOT NULL,
    reason text NOT NULL CONSTRAINT erasures_reason CHECK (
        reason IN ('retention_ended', 'court_order', 'data_subject_request', 'entered_in_error')),
    -- The line of the ledger.
    line jsonb NOT NULL,
    requested_by text,
    approved_by text,
    CONSTRAINT erasures_two_people CHECK (
        (requested_by IS NULL) = (approved_by IS NULL) AND lower(requested_by) <> lower(approved_by))
);

-- Cases, children, concerns, screenings, links and matches that are no more: facts about them are told to nobody.
CREATE TABLE erased_subjects (
    id uuid PRIMARY KEY,
    erasure_id uuid NOT NULL REFERENCES erasures
);
CREATE INDEX erased_subjects_by_erasure ON erased_subjects (erasure_id);

-- What statistics keep of an erased case: no id of it, and no day.
CREATE TABLE erased_cases (
    erasure_id uuid NOT NULL REFERENCES erasures,
    number smallint NOT NULL,
    country text NOT NULL,
    opened_year smallint NOT NULL,
    status text NOT NULL,
    identification_status text NOT NULL,
    exploitation_types text[] NOT NULL,
    PRIMARY KEY (erasure_id, number)
);

CREATE TRIGGER erasures_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON erasures
    FOR EACH STATEMENT EXECUTE FUNCTION logs_are_append_only();
CREATE TRIGGER erased_subjects_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON erased_subjects
    FOR EACH STATEMENT EXECUTE FUNCTION logs_are_append_only();
CREATE TRIGGER erased_cases_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON erased_cases
    FOR EACH STATEMENT EXECUTE FUNCTION logs_are_append_only();

-- What only grows loses a row when, and only when, it is recorded as erased what the row is about. The logs themselves
-- never lose one.
CREATE FUNCTION only_what_is_erased_goes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM erased_subjects e WHERE e.id = (to_jsonb(OLD) ->> TG_ARGV[0])::uuid) THEN
        RAISE EXCEPTION 'the table % only grows', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END $$;
DO $$
DECLARE
    it record;
BEGIN
    FOR it IN SELECT * FROM (VALUES
        ('case_versions', 'id'), ('child_versions', 'id'), ('case_entries', 'case_id'), ('justifications', 'id'),
        ('emergency_accesses', 'id'), ('emergency_reviews', 'access_id')
    ) AS growing (name, about) LOOP
        EXECUTE format('DROP TRIGGER %I ON %I', it.name || '_append_only', it.name);
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION logs_are_append_only()', it.name || '_append_only', it.name);
        EXECUTE format('CREATE TRIGGER %I BEFORE DELETE ON %I
            FOR EACH ROW EXECUTE FUNCTION only_what_is_erased_goes(%L)', it.name || '_go_erased', it.name, it.about);
    END LOOP;
END $$;

-- Which ids are no more is asked by the feed; which erasures there are, when a node starts. Erasing itself is the owner's:
-- no role that serves can delete a case.
GRANT SELECT ON erased_subjects TO trm_app, trm_worker;
GRANT SELECT ON erasures, erased_cases TO trm_worker;
CREATE POLICY erased ON events AS RESTRICTIVE FOR SELECT TO trm_app USING (
    NOT EXISTS (SELECT FROM erased_subjects e WHERE e.id = events.case_id OFFSET 0)
    AND NOT EXISTS (SELECT FROM erased_subjects e WHERE e.id = events.subject_id OFFSET 0));
