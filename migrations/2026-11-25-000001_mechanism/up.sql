-- The national mechanism: what follows from a referral, messages, deadlines with their ladder of escalation, and the
-- clock of a sandbox node.

-- A draft can wait for its receiver; what follows from another referral keeps its first clock.
ALTER TABLE referrals
    ALTER COLUMN to_agency_id DROP NOT NULL,
    ALTER COLUMN to_agency_type DROP NOT NULL,
    ADD COLUMN origin text CONSTRAINT referrals_origin CHECK (origin IN ('rerouted', 'rest')),
    ADD COLUMN origin_id uuid REFERENCES referrals,
    ADD COLUMN clock_at timestamptz,
    ADD COLUMN reroutes smallint NOT NULL DEFAULT 0,
    ADD COLUMN escalation smallint NOT NULL DEFAULT 0,
    ADD CONSTRAINT referrals_origin_whole CHECK (
        (origin IS NULL) = (origin_id IS NULL) AND (origin IS NULL) = (clock_at IS NULL)),
    ADD CONSTRAINT referrals_receiver_whole CHECK (
        (to_agency_id IS NULL) = (to_agency_type IS NULL) AND (to_agency_id IS NOT NULL OR to_service_id IS NULL)),
    ADD CONSTRAINT referrals_sent_to_somebody CHECK (sent_at IS NULL OR to_agency_id IS NOT NULL);
CREATE INDEX referrals_by_origin ON referrals (origin_id) WHERE origin_id IS NOT NULL;

CREATE TABLE referral_messages (
    id uuid PRIMARY KEY,
    referral_id uuid NOT NULL REFERENCES referrals,
    country text NOT NULL,
    agency_id uuid NOT NULL REFERENCES agencies,
    professional_id uuid REFERENCES professionals,
    at timestamptz NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX referral_messages_by_referral ON referral_messages (referral_id, id);

-- Duties with a time limit: one row each from its beginning to its end.
CREATE TABLE deadlines (
    id uuid PRIMARY KEY,
    country text NOT NULL,
    duty text NOT NULL CONSTRAINT deadlines_duty CHECK (duty IN (
        'triage', 'acknowledge', 'decide', 'first_contact', 'provide_information', 'next_step', 'ask_view', 'feedback')),
    subject text NOT NULL,
    subject_id uuid NOT NULL,
    case_id uuid REFERENCES cases,
    reference text,
    urgency text NOT NULL,
    agency_id uuid NOT NULL REFERENCES agencies,
    professional_id uuid REFERENCES professionals,
    watcher_id uuid REFERENCES agencies,
    answers_to_id uuid NOT NULL REFERENCES agencies,
    due_at timestamptz NOT NULL,
    computed_from jsonb NOT NULL,
    rung smallint NOT NULL DEFAULT 0 CONSTRAINT deadlines_rung CHECK (rung BETWEEN 0 AND 2),
    next_step_at timestamptz,
    closed_at timestamptz,
    outcome text CONSTRAINT deadlines_outcome CHECK (outcome IN ('fulfilled', 'missed', 'lapsed')),
    CONSTRAINT deadlines_closed_whole CHECK ((closed_at IS NULL) = (outcome IS NULL)),
    CONSTRAINT deadlines_closed_rest CHECK (closed_at IS NULL OR next_step_at IS NULL)
);
CREATE UNIQUE INDEX deadlines_one_open ON deadlines (subject_id, duty) WHERE closed_at IS NULL;
CREATE INDEX deadlines_next_step ON deadlines (next_step_at, id) WHERE next_step_at IS NOT NULL;
CREATE INDEX deadlines_by_agency ON deadlines (country, agency_id, due_at, id);
CREATE INDEX deadlines_by_watcher ON deadlines (country, watcher_id, due_at, id) WHERE watcher_id IS NOT NULL;
CREATE INDEX deadlines_by_case ON deadlines (case_id, due_at, id) WHERE case_id IS NOT NULL;

-- Who was told on which rung; once each.
CREATE TABLE escalations (
    deadline_id uuid NOT NULL REFERENCES deadlines,
    rung smallint NOT NULL,
    agency_id uuid NOT NULL REFERENCES agencies,
    role text NOT NULL,
    country text NOT NULL,
    due_at timestamptz NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (deadline_id, rung, agency_id, role)
);
CREATE INDEX escalations_by_agency ON escalations (country, agency_id, due_at, deadline_id);

-- A concern of an agency that screens no children is for child protection to look at.
ALTER TABLE concerns ADD COLUMN triage_agency_id uuid REFERENCES agencies;
UPDATE concerns SET triage_agency_id = agency_id;
ALTER TABLE concerns ALTER COLUMN triage_agency_id SET NOT NULL;
CREATE INDEX concerns_by_triage ON concerns (country, triage_agency_id, id);

-- What the mechanism does by itself has no client and no agency behind it.
ALTER TABLE events
    ALTER COLUMN client DROP NOT NULL,
    ALTER COLUMN agency_id DROP NOT NULL,
    ADD CONSTRAINT events_actor_whole CHECK ((client IS NULL) = (agency_id IS NULL));

-- The standing clock of a sandbox node; without a row the machine's clock counts.
CREATE TABLE sandbox_clock (
    one boolean PRIMARY KEY DEFAULT true CONSTRAINT sandbox_clock_one CHECK (one),
    at timestamptz NOT NULL
);

-- Response times become spans, which know working days.
UPDATE countries SET profile = profile || jsonb_build_object(
    'responseTimes', (profile -> 'responseTimes') || jsonb_build_object('value', (
        SELECT jsonb_agg(jsonb_build_object(
            'urgency', it -> 'urgency',
            'acknowledge', jsonb_build_object('minutes', it -> 'acknowledgeMinutes'),
            'decide', jsonb_build_object('minutes', it -> 'decideMinutes'),
            'firstContact', jsonb_build_object('minutes', it -> 'firstContactMinutes'),
            'information', jsonb_build_object('minutes', it -> 'acknowledgeMinutes'),
            'nextStep', jsonb_build_object('minutes', it -> 'acknowledgeMinutes'),
            'escalate', jsonb_build_object('minutes', it -> 'acknowledgeMinutes'),
            'expire', jsonb_build_object('minutes', it -> 'decideMinutes')) ORDER BY n)
        FROM jsonb_array_elements(profile -> 'responseTimes' -> 'value') WITH ORDINALITY AS t (it, n))),
    'triage', '{"value": {"danger": {"hours": 2}, "otherwise": {"workingDays": 1}}, "verification": "proposal",
                "source": "Project proposal: no external source sets it"}'::jsonb,
    'feedbackWithin', '{"value": {"workingDays": 5}, "verification": "proposal",
                        "source": "Project proposal: no external source sets it"}'::jsonb);
