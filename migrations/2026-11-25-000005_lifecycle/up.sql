-- The life of a case: every act is kept with what was written, and so is when a child was missing and to whom a case was
-- handed over. The state itself is in the row of the case.

-- Every act on the life of a case, in the order of the versions of the case.
CREATE TABLE case_acts (
    id uuid PRIMARY KEY,
    country text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases,
    version integer NOT NULL,
    act text NOT NULL,
    from_status text NOT NULL,
    to_status text NOT NULL,
    at timestamptz NOT NULL,
    agency_id uuid NOT NULL REFERENCES agencies,
    professional_id uuid REFERENCES professionals,
    -- The other one, where two cases of the same child were merged.
    other_case_id uuid REFERENCES cases,
    sealed bytea NOT NULL,
    CONSTRAINT case_acts_once UNIQUE (case_id, version),
    CONSTRAINT case_acts_other_by_merging CHECK ((other_case_id IS NOT NULL) = (act = 'merge'))
);
CREATE INDEX case_acts_by_other ON case_acts (other_case_id) WHERE other_case_id IS NOT NULL;

CREATE TABLE missing_episodes (
    id uuid PRIMARY KEY,
    country text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases,
    status text NOT NULL CONSTRAINT missing_episodes_status CHECK (status IN (
        'reported', 'police_notified', 'alerted', 'long_term', 'found_safe', 'found_exploited', 'found_deceased')),
    -- Whoever reported it.
    agency_id uuid NOT NULL REFERENCES agencies,
    reported_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    police_at timestamptz,
    found_at timestamptz,
    interviewed_at timestamptz,
    CONSTRAINT missing_episodes_found_whole CHECK ((found_at IS NOT NULL) = (status LIKE 'found%'))
);
CREATE INDEX missing_episodes_by_case ON missing_episodes (case_id, reported_at, id);
CREATE UNIQUE INDEX missing_episodes_one_open ON missing_episodes (case_id) WHERE found_at IS NULL;

CREATE TABLE handovers (
    id uuid PRIMARY KEY,
    country text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases,
    status text NOT NULL CONSTRAINT handovers_status CHECK (status IN (
        'proposed', 'confirmed', 'refused', 'withdrawn', 'interrupted')),
    from_agency_id uuid NOT NULL REFERENCES agencies,
    to_agency_id uuid REFERENCES agencies,
    to_country text,
    proposed_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT handovers_one_receiver CHECK ((to_agency_id IS NULL) <> (to_country IS NULL)),
    CONSTRAINT handovers_ended_whole CHECK ((ended_at IS NULL) = (status = 'proposed'))
);
CREATE INDEX handovers_by_case ON handovers (case_id, proposed_at, id);
CREATE UNIQUE INDEX handovers_one_open ON handovers (case_id) WHERE ended_at IS NULL;

-- Whoever is asked to take a case over sees where it stands.
ALTER TABLE participations
    DROP CONSTRAINT participations_basis,
    ADD CONSTRAINT participations_basis CHECK (basis IN ('lead', 'opener', 'referral', 'handover'));

ALTER TABLE deadlines
    DROP CONSTRAINT deadlines_duty,
    ADD CONSTRAINT deadlines_duty CHECK (duty IN (
        'triage', 'acknowledge', 'decide', 'first_contact', 'provide_information', 'next_step', 'ask_view', 'feedback',
        'guardian_check', 'safety_plan', 'reflection_offer', 'give_information', 'education', 'formal_decision',
        'act_on_indicator', 'check_sibling', 'report_missing', 'return_interview', 'answer_handover', 'answer_closure'));
