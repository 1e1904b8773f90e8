-- Requests of people for the data of a child (R90): kept by the agency that leads the case, and decided on by a data
-- protection officer, who does not read the case, where they are held.
CREATE TABLE data_requests (
    id uuid PRIMARY KEY,
    country text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases,
    agency_id uuid NOT NULL REFERENCES agencies,
    professional_id uuid REFERENCES professionals,
    recorded_at timestamptz NOT NULL,
    kind text NOT NULL,
    requester text NOT NULL,
    -- An entry of the case file, which has many versions.
    contact_id uuid,
    for_agency_id uuid REFERENCES agencies,
    received_on date NOT NULL,
    status text NOT NULL CONSTRAINT data_requests_status CHECK (status IN ('open', 'held', 'refused', 'answered')),
    hold text,
    verdict text,
    reviewed_by uuid REFERENCES professionals,
    reviewed_at timestamptz,
    outcome text,
    answered_on date,
    -- The name of whoever asks and the ground of the decision, under a key of the child.
    sealed bytea NOT NULL,
    version integer NOT NULL,
    CONSTRAINT data_requests_held CHECK (status <> 'held' OR hold IS NOT NULL),
    CONSTRAINT data_requests_reviewed CHECK ((verdict IS NULL) = (reviewed_at IS NULL) AND (verdict IS NULL OR hold IS NOT NULL)),
    CONSTRAINT data_requests_answered CHECK (
        (status = 'answered') = (outcome IS NOT NULL) AND (outcome IS NULL) = (answered_on IS NULL)),
    -- What was held is given only once it was released (R90).
    CONSTRAINT data_requests_given CHECK (
        outcome IS NULL OR outcome = 'refused' OR hold IS NULL OR coalesce(verdict, '') = 'release')
);
CREATE INDEX data_requests_by_case ON data_requests (case_id, id);
CREATE INDEX data_requests_held_ones ON data_requests (country, id) WHERE hold IS NOT NULL;
CREATE INDEX data_requests_by_agency ON data_requests (agency_id);
CREATE INDEX data_requests_by_professional ON data_requests (professional_id);
CREATE INDEX data_requests_by_for_agency ON data_requests (for_agency_id);
CREATE INDEX data_requests_by_reviewer ON data_requests (reviewed_by);

ALTER TABLE deadlines
    DROP CONSTRAINT deadlines_duty,
    ADD CONSTRAINT deadlines_duty CHECK (duty IN (
        'triage', 'acknowledge', 'decide', 'first_contact', 'provide_information', 'next_step', 'ask_view', 'feedback',
        'guardian_check', 'safety_plan', 'reflection_offer', 'give_information', 'education', 'formal_decision',
        'act_on_indicator', 'check_sibling', 'report_missing', 'return_interview', 'answer_handover', 'answer_closure',
        'check_match', 'asylum_information', 'review_emergency_access',
        'acknowledge_request', 'decide_request', 'legal_answer', 'answer_request_questions', 'confirm_arrival',
        'take_over_child', 'follow_up_report', 'close_request', 'acknowledge_notice',
        'review_request', 'plan_transfer', 'answer_plan', 'begin_transfer', 'receive_back', 'warn_of_danger',
        'chase_notice', 'review_data_request', 'answer_data_request'));

-- The second lock (docs/second_lock.md): whoever leads the case, and nobody else who takes part in it.
GRANT SELECT, INSERT, UPDATE ON data_requests TO trm_app;
CREATE POLICY app ON data_requests TO trm_app
    USING (coalesce(country = trm_country() AND (trm_reaches()
        OR EXISTS (SELECT FROM participations p WHERE p.agency_id = trm_agency() AND p.case_id = data_requests.case_id
            AND (p.until IS NULL OR p.until > trm_at()) AND p.basis = 'lead' OFFSET 0)), false))
    WITH CHECK (country = trm_country());
CREATE POLICY worker ON data_requests TO trm_worker USING (true);
ALTER TABLE data_requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE data_requests FORCE ROW LEVEL SECURITY;
