-- Emergency access (R94): what is given and what a second person says of it are rows that nobody changes.
CREATE TABLE emergency_accesses (
    id uuid PRIMARY KEY,
    country text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases,
    agency_id uuid NOT NULL REFERENCES agencies,
    professional_id uuid NOT NULL REFERENCES professionals,
    role text NOT NULL,
    purpose text NOT NULL,
    reason text NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    -- The how manieth of this professional: of two that are asked for at once, one comes first.
    number integer NOT NULL CONSTRAINT emergency_accesses_number CHECK (number > 0),
    -- The justification, under a key of the professional: it is kept as long as the log that names the access.
    sealed bytea NOT NULL,
    CONSTRAINT emergency_accesses_hour CHECK (until > since AND until <= since + interval '60 minutes'),
    CONSTRAINT emergency_accesses_once UNIQUE (professional_id, number)
);
CREATE INDEX emergency_accesses_by_case ON emergency_accesses (case_id, id);
CREATE INDEX emergency_accesses_by_agency ON emergency_accesses (agency_id);
CREATE TABLE emergency_reviews (
    access_id uuid PRIMARY KEY REFERENCES emergency_accesses,
    country text NOT NULL,
    verdict text NOT NULL,
    agency_id uuid NOT NULL REFERENCES agencies,
    professional_id uuid REFERENCES professionals,
    at timestamptz NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX emergency_reviews_by_agency ON emergency_reviews (agency_id);
CREATE INDEX emergency_reviews_by_professional ON emergency_reviews (professional_id);
CREATE TRIGGER emergency_accesses_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON emergency_accesses
    FOR EACH STATEMENT EXECUTE FUNCTION logs_are_append_only();
CREATE TRIGGER emergency_reviews_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON emergency_reviews
    FOR EACH STATEMENT EXECUTE FUNCTION logs_are_append_only();

ALTER TABLE participations
    DROP CONSTRAINT participations_basis,
    ADD CONSTRAINT participations_basis CHECK (basis IN ('lead', 'opener', 'referral', 'handover', 'grant', 'emergency')),
    ADD CONSTRAINT participations_emergency CHECK (
        basis <> 'emergency' OR (until IS NOT NULL AND professional_id IS NOT NULL AND role IS NOT NULL AND writes = '{}'));

-- By which emergency access something was read or refused.
ALTER TABLE access_log ADD COLUMN break_glass uuid;

ALTER TABLE deadlines
    DROP CONSTRAINT deadlines_duty,
    ADD CONSTRAINT deadlines_duty CHECK (duty IN (
        'triage', 'acknowledge', 'decide', 'first_contact', 'provide_information', 'next_step', 'ask_view', 'feedback',
        'guardian_check', 'safety_plan', 'reflection_offer', 'give_information', 'education', 'formal_decision',
        'act_on_indicator', 'check_sibling', 'report_missing', 'return_interview', 'answer_handover', 'answer_closure',
        'check_match', 'asylum_information', 'review_emergency_access'));

-- The second lock (docs/second_lock.md): whose access it is, and whoever leads the case. Its own is counted also where the
-- case has been shut to it since.
GRANT SELECT, INSERT ON emergency_accesses, emergency_reviews TO trm_app;
CREATE POLICY app ON emergency_accesses TO trm_app
    USING (coalesce(country = trm_country() AND (trm_reaches() OR agency_id = trm_agency()
        OR EXISTS (SELECT FROM participations p WHERE p.agency_id = trm_agency() AND p.case_id = emergency_accesses.case_id
            AND (p.until IS NULL OR p.until > trm_at()) AND p.basis = 'lead' OFFSET 0)), false))
    WITH CHECK (country = trm_country() AND agency_id = trm_agency());
CREATE POLICY app ON emergency_reviews TO trm_app
    USING (coalesce(country = trm_country() AND (trm_reaches()
        OR EXISTS (SELECT FROM emergency_accesses e WHERE e.id = emergency_reviews.access_id OFFSET 0)), false))
    WITH CHECK (country = trm_country() AND agency_id = trm_agency());
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['emergency_accesses', 'emergency_reviews'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY worker ON %I TO trm_worker USING (true)', name);
    END LOOP;
END $$;
