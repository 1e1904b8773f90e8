-- The case file: what is known of the child beyond identity and episodes, and how all of it was known at any instant.

-- Every version of a case and of a child's sections, kept by the database whatever wrote it.
ALTER TABLE cases ADD COLUMN changed_at timestamptz;
UPDATE cases c SET changed_at = coalesce(
    (SELECT max(e.at) FROM events e WHERE e.subject_id = c.id AND e.version = c.version), c.opened_at);
ALTER TABLE cases ALTER COLUMN changed_at SET NOT NULL;
CREATE TABLE case_versions (LIKE cases, PRIMARY KEY (id, version));
INSERT INTO case_versions SELECT * FROM cases;
CREATE FUNCTION case_version_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO case_versions SELECT NEW.*;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_versions_kept AFTER INSERT OR UPDATE ON cases
    FOR EACH ROW EXECUTE FUNCTION case_version_is_kept();

ALTER TABLE children ADD COLUMN changed_at timestamptz;
UPDATE children c SET changed_at = (SELECT min(opened_at) FROM cases WHERE child_id = c.id);
ALTER TABLE children ALTER COLUMN changed_at SET NOT NULL;
CREATE TABLE child_versions (LIKE children, PRIMARY KEY (id, identity_version, whereabouts_version));
INSERT INTO child_versions SELECT * FROM children;
CREATE FUNCTION child_version_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO child_versions SELECT NEW.*;
    RETURN NULL;
END $$;
CREATE TRIGGER children_versions_kept AFTER INSERT OR UPDATE ON children
    FOR EACH ROW EXECUTE FUNCTION child_version_is_kept();

-- Contacts, movements, notes and documents: a row for each version of each, sealed under the key of its class.
CREATE TABLE case_entries (
    id uuid NOT NULL,
    version integer NOT NULL,
    country text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases,
    kind text NOT NULL CONSTRAINT case_entries_kind CHECK (kind IN ('contact', 'movement', 'note', 'document')),
    class text NOT NULL,
    recorded_at timestamptz NOT NULL,
    agency_id uuid NOT NULL REFERENCES agencies,
    professional_id uuid REFERENCES professionals,
    sealed bytea NOT NULL,
    PRIMARY KEY (id, version)
);
CREATE INDEX case_entries_by_case ON case_entries (case_id, kind, id, version);
CREATE UNIQUE INDEX case_entries_written_once ON case_entries (id) WHERE kind = 'note';

-- The bytes of a document, sealed, apart from what is said of it.
CREATE TABLE document_contents (
    document_id uuid PRIMARY KEY,
    country text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases,
    stored_at timestamptz NOT NULL,
    agency_id uuid NOT NULL REFERENCES agencies,
    professional_id uuid REFERENCES professionals,
    sealed bytea NOT NULL
);
CREATE INDEX document_contents_by_case ON document_contents (case_id);

-- Cases of children that belong together, each link with a confidentiality of its own.
CREATE TABLE case_links (
    id uuid PRIMARY KEY,
    country text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases,
    other_case_id uuid NOT NULL REFERENCES cases,
    relation text NOT NULL CONSTRAINT case_links_relation CHECK (relation IN (
        'sibling', 'same_household', 'co_victim', 'same_ring')),
    confidentiality text NOT NULL CONSTRAINT case_links_confidentiality CHECK (confidentiality IN (
        'case_team', 'lead_agency', 'criminal_track')),
    since timestamptz NOT NULL,
    until timestamptz,
    agency_id uuid NOT NULL REFERENCES agencies,
    professional_id uuid REFERENCES professionals,
    sealed bytea NOT NULL,
    version integer NOT NULL,
    CONSTRAINT case_links_not_to_itself CHECK (case_id <> other_case_id)
);
CREATE INDEX case_links_by_case ON case_links (case_id, id);
CREATE INDEX case_links_by_other_case ON case_links (other_case_id, id);
CREATE UNIQUE INDEX case_links_once ON case_links (
    least(case_id, other_case_id), greatest(case_id, other_case_id), relation) WHERE until IS NULL;

-- The numbers by which calling systems know a case, for each agency its own.
CREATE TABLE case_external_ids (
    agency_id uuid NOT NULL REFERENCES agencies,
    issuer text NOT NULL,
    value text NOT NULL,
    country text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases,
    PRIMARY KEY (agency_id, issuer, value)
);
CREATE INDEX case_external_ids_by_case ON case_external_ids (case_id);
INSERT INTO case_external_ids (agency_id, issuer, value, country, case_id)
SELECT c.opened_by_agency_id, it ->> 'issuer', it ->> 'value', c.country, c.id
  FROM cases c, jsonb_array_elements(c.external_ids) AS it
    ON CONFLICT DO NOTHING;

CREATE TRIGGER case_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_versions
    FOR EACH STATEMENT EXECUTE FUNCTION logs_are_append_only();
CREATE TRIGGER child_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON child_versions
    FOR EACH STATEMENT EXECUTE FUNCTION logs_are_append_only();
CREATE TRIGGER case_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_entries
    FOR EACH STATEMENT EXECUTE FUNCTION logs_are_append_only();

ALTER TABLE deadlines
    DROP CONSTRAINT deadlines_duty,
    ADD CONSTRAINT deadlines_duty CHECK (duty IN (
        'triage', 'acknowledge', 'decide', 'first_contact', 'provide_information', 'next_step', 'ask_view', 'feedback',
        'guardian_check', 'safety_plan', 'reflection_offer', 'give_information', 'education', 'formal_decision',
        'act_on_indicator', 'check_sibling'));
