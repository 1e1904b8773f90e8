-- The spine: directory, access, identification, cases, referrals and the two logs.
-- Singular facts: every tenant-owned row names its country, which leads the indexes that lists use; sealed columns
-- hold what only the application can open; free text is never in the clear.

CREATE TABLE countries (
    code text NOT NULL CONSTRAINT countries_code CHECK (code ~ '^[A-Z]{2}$'),
    valid_from date NOT NULL,
    name text NOT NULL,
    profile jsonb NOT NULL,
    PRIMARY KEY (code, valid_from)
);

CREATE TABLE agencies (
    id uuid PRIMARY KEY,
    country text NOT NULL,
    code text NOT NULL,
    agency_type text NOT NULL,
    name text NOT NULL,
    duty_phone text,
    confidential_location boolean NOT NULL DEFAULT false,
    roles text[] NOT NULL,
    active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT agencies_code_in_country UNIQUE (country, code)
);
CREATE INDEX agencies_by_country ON agencies (country, id);

CREATE TABLE services (
    id uuid PRIMARY KEY,
    agency_id uuid NOT NULL REFERENCES agencies,
    country text NOT NULL,
    service text NOT NULL,
    name text NOT NULL,
    min_age smallint NOT NULL,
    max_age smallint NOT NULL,
    sexes text[] NOT NULL,
    languages text[] NOT NULL,
    capacity smallint,
    capacity_as_of timestamptz,
    active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT services_ages CHECK (0 <= min_age AND min_age <= max_age AND max_age <= 25),
    CONSTRAINT services_capacity_has_its_age CHECK ((capacity IS NULL) = (capacity_as_of IS NULL) AND capacity >= 0)
);
CREATE INDEX services_by_agency ON services (agency_id, id);

-- Who calls.
CREATE TABLE clients (
    id uuid PRIMARY KEY,
    client_id text NOT NULL CONSTRAINT clients_client_id UNIQUE
        CONSTRAINT clients_client_id_form CHECK (client_id ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
    agency_id uuid NOT NULL REFERENCES agencies,
    name text NOT NULL,
    scopes text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    epoch integer NOT NULL DEFAULT 1
);
CREATE INDEX clients_by_agency ON clients (agency_id);

CREATE TABLE client_keys (
    client uuid NOT NULL REFERENCES clients,
    kid text NOT NULL CONSTRAINT client_keys_kid CHECK (kid ~ '^[A-Za-z0-9._-]{1,64}$'),
    algorithm text NOT NULL CONSTRAINT client_keys_algorithm CHECK (algorithm IN ('EdDSA', 'ES256')),
    public_key_pem text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    PRIMARY KEY (client, kid)
);

CREATE TABLE professionals (
    id uuid PRIMARY KEY,
    agency_id uuid NOT NULL REFERENCES agencies,
    country text NOT NULL,
    subject text NOT NULL,
    role text NOT NULL,
    unit text,
    suspended boolean NOT NULL DEFAULT false,
    CONSTRAINT professionals_subject_in_agency UNIQUE (agency_id, subject)
);
CREATE INDEX professionals_by_agency ON professionals (agency_id, id);

CREATE TABLE used_assertions (
    client uuid NOT NULL REFERENCES clients,
    jti text NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (client, jti)
);
CREATE INDEX used_assertions_by_expiry ON used_assertions (expires_at);

-- One data key per subject (a child, a concern, a screening) and section, wrapped by the node's key.
CREATE TABLE data_keys (
    subject_id uuid NOT NULL,
    section text NOT NULL,
    kek_version integer NOT NULL,
    wrapped bytea NOT NULL,
    PRIMARY KEY (subject_id, section)
);

CREATE TABLE concerns (
    id uuid PRIMARY KEY,
    country text NOT NULL,
    agency_id uuid NOT NULL REFERENCES agencies,
    professional_id uuid REFERENCES professionals,
    received_at timestamptz NOT NULL,
    triage_due timestamptz NOT NULL,
    danger boolean NOT NULL,
    content_sealed bytea NOT NULL,
    version integer NOT NULL
);
CREATE INDEX concerns_by_agency ON concerns (country, agency_id, id);

CREATE TABLE screenings (
    id uuid PRIMARY KEY,
    country text NOT NULL,
    agency_id uuid NOT NULL REFERENCES agencies,
    professional_id uuid REFERENCES professionals,
    concern_id uuid REFERENCES concerns,
    screened_at timestamptz NOT NULL,
    result text NOT NULL,
    catalogue_version text NOT NULL,
    content_sealed bytea NOT NULL,
    version integer NOT NULL
);
CREATE INDEX screenings_by_agency ON screenings (country, agency_id, id);
CREATE INDEX screenings_by_concern ON screenings (concern_id) WHERE concern_id IS NOT NULL;

CREATE TABLE children (
    id uuid PRIMARY KEY,
    country text NOT NULL,
    identity_sealed bytea NOT NULL,
    identity_version integer NOT NULL,
    whereabouts_sealed bytea NOT NULL,
    whereabouts_version integer NOT NULL
);

CREATE TABLE cases (
    id uuid PRIMARY KEY,
    reference text NOT NULL CONSTRAINT cases_reference UNIQUE,
    country text NOT NULL,
    child_id uuid NOT NULL REFERENCES children,
    screening_id uuid REFERENCES screenings,
    lead_agency_id uuid NOT NULL REFERENCES agencies,
    opened_by_agency_id uuid NOT NULL REFERENCES agencies,
    status text NOT NULL CONSTRAINT cases_status CHECK (status IN (
        'intake', 'open', 'open_child_missing', 'transfer_pending', 'transferred', 'closure_review', 'closed', 'reopened',
        'merged', 'erroneous')),
    identification_status text NOT NULL CONSTRAINT cases_identification_status CHECK (identification_status IN (
        'concern_logged', 'screening', 'no_grounds', 'presumed_victim', 'formal_assessment', 'identified_victim',
        'negative_decision', 'closed_no_status', 'under_review')),
    identification_since timestamptz NOT NULL,
    presumption_grounds text,
    presumption_sealed bytea,
    external_ids jsonb NOT NULL DEFAULT '[]',
    opened_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT cases_screening_once UNIQUE (screening_id),
    CONSTRAINT cases_presumed_with_grounds CHECK (identification_status <> 'presumed_victim' OR presumption_grounds IS NOT NULL)
);
CREATE INDEX cases_by_child ON cases (child_id);

-- Which agency takes part in which case, and with what: lists start here.
CREATE TABLE participations (
    agency_id uuid NOT NULL REFERENCES agencies,
    case_id uuid NOT NULL REFERENCES cases,
    country text NOT NULL,
    basis text NOT NULL CONSTRAINT participations_basis CHECK (basis IN ('lead', 'opener', 'referral')),
    -- The referral that gave it, or the case itself.
    source_id uuid NOT NULL,
    classes text[] NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz,
    PRIMARY KEY (agency_id, case_id, source_id, basis)
);
CREATE INDEX participations_by_case ON participations (case_id);

CREATE TABLE exploitation_episodes (
    id uuid PRIMARY KEY,
    country text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases,
    professional_id uuid REFERENCES professionals,
    recorded_at timestamptz NOT NULL,
    exploitation_types text[] NOT NULL CONSTRAINT exploitation_episodes_purpose CHECK (cardinality(exploitation_types) > 0),
    stage text NOT NULL,
    content_sealed bytea NOT NULL,
    version integer NOT NULL
);
CREATE INDEX exploitation_episodes_by_case ON exploitation_episodes (case_id, id);

CREATE TABLE referrals (
    id uuid PRIMARY KEY,
    reference text NOT NULL CONSTRAINT referrals_reference UNIQUE,
    country text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases,
    case_reference text NOT NULL,
    child_id uuid NOT NULL REFERENCES children,
    from_agency_id uuid NOT NULL REFERENCES agencies,
    to_agency_id uuid NOT NULL REFERENCES agencies,
    to_agency_type text NOT NULL,
    to_service_id uuid REFERENCES services,
    urgency text NOT NULL CONSTRAINT referrals_urgency CHECK (urgency IN ('immediate', 'urgent', 'priority', 'standard')),
    reasons text[] NOT NULL,
    services text[] NOT NULL,
    status text NOT NULL CONSTRAINT referrals_status CHECK (status IN (
        'draft', 'sent', 'acknowledged', 'info_requested', 'accepted', 'declined', 'rerouted', 'in_service', 'completed',
        'interrupted', 'cancelled', 'expired')),
    drafted_at timestamptz NOT NULL,
    status_at timestamptz NOT NULL,
    sent_at timestamptz,
    acknowledge_by timestamptz,
    decide_by timestamptz,
    first_contact_by timestamptz,
    version integer NOT NULL,
    CONSTRAINT referrals_not_to_itself CHECK (from_agency_id <> to_agency_id),
    CONSTRAINT referrals_sent_with_times CHECK (
        (sent_at IS NULL) = (acknowledge_by IS NULL) AND (sent_at IS NULL) = (decide_by IS NULL)
        AND (sent_at IS NULL) = (first_contact_by IS NULL)
        AND (sent_at IS NOT NULL OR status IN ('draft', 'cancelled')))
);
CREATE INDEX referrals_inbox ON referrals (country, to_agency_id, id) WHERE sent_at IS NOT NULL;
CREATE INDEX referrals_inbox_by_status ON referrals (country, to_agency_id, status, id) WHERE sent_at IS NOT NULL;
CREATE INDEX referrals_outbox ON referrals (country, from_agency_id, id);
CREATE INDEX referrals_outbox_by_status ON referrals (country, from_agency_id, status, id);
CREATE INDEX referrals_by_case ON referrals (case_id, id);
CREATE INDEX referrals_by_child ON referrals (child_id);

-- What was written on the way, apart from the state, so that a transition does not rewrite it.
CREATE TABLE referral_files (
    referral_id uuid PRIMARY KEY REFERENCES referrals,
    sealed bytea NOT NULL
);

-- The log of facts.
CREATE TABLE events (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at timestamptz NOT NULL,
    event text NOT NULL,
    subject text NOT NULL,
    subject_id uuid NOT NULL,
    version integer NOT NULL,
    case_id uuid,
    country text NOT NULL,
    audience uuid[] NOT NULL,
    client uuid NOT NULL,
    professional_id uuid,
    agency_id uuid NOT NULL,
    purpose text NOT NULL,
    request_id uuid NOT NULL,
    payload jsonb NOT NULL
);
CREATE INDEX events_in_commit_order ON events (xid, seq);
CREATE INDEX events_by_case ON events (case_id, seq) WHERE case_id IS NOT NULL;

-- The place of each event in the feed, given once no older transaction can still commit.
CREATE TABLE event_positions (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seq bigint NOT NULL CONSTRAINT event_positions_once UNIQUE REFERENCES events,
    xid xid8 NOT NULL
);
CREATE INDEX event_positions_by_xid ON event_positions (xid DESC, seq DESC);

-- Reads and refusals: who looked at what, which sections, why.
CREATE TABLE access_log (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at timestamptz NOT NULL,
    operation text NOT NULL,
    outcome text NOT NULL CONSTRAINT access_log_outcome CHECK (outcome IN ('read', 'refused', 'not_found')),
    code text,
    subject_id uuid,
    case_id uuid,
    sections text[] NOT NULL,
    country text NOT NULL,
    client uuid NOT NULL,
    professional_id uuid,
    agency_id uuid NOT NULL,
    role text,
    purpose text NOT NULL,
    decision_ref text,
    request_id uuid NOT NULL
);
CREATE INDEX access_log_by_case ON access_log (case_id, seq) WHERE case_id IS NOT NULL;

CREATE FUNCTION logs_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the table % only grows', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION logs_are_append_only();
CREATE TRIGGER access_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_log
    FOR EACH STATEMENT EXECUTE FUNCTION logs_are_append_only();

-- Answers of POST requests, so that a repeated request has no second effect.
CREATE TABLE idempotency_keys (
    client uuid NOT NULL REFERENCES clients,
    operation text NOT NULL,
    key text NOT NULL,
    professional_id uuid,
    fingerprint bytea NOT NULL,
    subject_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (client, operation, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
