-- Finding a child that is already known: blind indexes over identities, and matches of two cases.

-- What children are found by: keyed digests, one key for each kind and epoch. They go with the child.
CREATE TABLE child_tokens (
    country text NOT NULL,
    kind text NOT NULL,
    epoch smallint NOT NULL,
    token bigint NOT NULL,
    child_id uuid NOT NULL REFERENCES children ON DELETE CASCADE,
    PRIMARY KEY (country, epoch, kind, token, child_id)
);
CREATE INDEX child_tokens_by_child ON child_tokens (child_id);

-- The epoch of the tokens of a child, who may have none. Identities are sealed, so the program makes them.
CREATE TABLE child_indexes (
    child_id uuid PRIMARY KEY REFERENCES children ON DELETE CASCADE,
    country text NOT NULL,
    epoch smallint NOT NULL
);

-- One side of a match of two cases; both sides of a pair are stored together.
CREATE TABLE case_matches (
    id uuid PRIMARY KEY,
    country text NOT NULL,
    pair_id uuid NOT NULL,
    case_id uuid NOT NULL REFERENCES cases,
    other_case_id uuid NOT NULL REFERENCES cases,
    score smallint NOT NULL CONSTRAINT case_matches_score CHECK (score BETWEEN 0 AND 100),
    reasons text[] NOT NULL,
    found_at timestamptz NOT NULL,
    status text NOT NULL CONSTRAINT case_matches_status CHECK (status IN ('suggested', 'confirmed', 'rejected')),
    verdict text CONSTRAINT case_matches_verdict CHECK (verdict IN ('confirmed', 'rejected')),
    answered_at timestamptz,
    agency_id uuid REFERENCES agencies,
    professional_id uuid REFERENCES professionals,
    sealed bytea,
    version integer NOT NULL,
    CONSTRAINT case_matches_two_cases CHECK (case_id <> other_case_id),
    CONSTRAINT case_matches_answer_whole CHECK (
        (verdict IS NULL) = (answered_at IS NULL) AND (verdict IS NULL) = (agency_id IS NULL)),
    CONSTRAINT case_matches_once UNIQUE (case_id, other_case_id)
);
CREATE INDEX case_matches_by_other ON case_matches (other_case_id);
CREATE INDEX case_matches_by_pair ON case_matches (pair_id);

ALTER TABLE deadlines
    DROP CONSTRAINT deadlines_duty,
    ADD CONSTRAINT deadlines_duty CHECK (duty IN (
        'triage', 'acknowledge', 'decide', 'first_contact', 'provide_information', 'next_step', 'ask_view', 'feedback',
        'guardian_check', 'safety_plan', 'reflection_offer', 'give_information', 'education', 'formal_decision',
        'act_on_indicator', 'check_sibling', 'report_missing', 'return_interview', 'answer_handover', 'answer_closure',
        'check_match'));
