-- Requests between countries: one row for each side, in its own country, joined by nothing but messages.
CREATE TABLE transnational_requests (
    id uuid PRIMARY KEY,
    -- The same on both sides.
    request_id uuid NOT NULL,
    side text NOT NULL CONSTRAINT transnational_requests_side CHECK (side IN ('requesting', 'requested')),
    country text NOT NULL,
    -- The office at this end of the route, and the agency that has the case here.
    agency_id uuid NOT NULL REFERENCES agencies,
    lead_agency_id uuid REFERENCES agencies,
    case_id uuid REFERENCES cases,
    request_type text NOT NULL,
    route text NOT NULL,
    urgency text NOT NULL,
    status text NOT NULL CONSTRAINT transnational_requests_status CHECK (status IN (
        'draft', 'national_review', 'sent', 'undeliverable', 'delivered', 'acknowledged', 'forwarded', 'info_requested',
        'under_assessment', 'answered', 'accepted', 'accepted_partly', 'accepted_conditionally', 'declined', 'withdrawn',
        'transfer_planned', 'in_transit', 'arrived', 'handed_over', 'follow_up', 'closed')),
    suspended boolean NOT NULL,
    status_at timestamptz NOT NULL,
    reference text NOT NULL CONSTRAINT transnational_requests_reference UNIQUE,
    other_country text NOT NULL,
    other_office text NOT NULL,
    sent_at timestamptz,
    first_received_at timestamptz,
    acknowledged integer NOT NULL,
    -- Own notices that nobody there has acknowledged.
    notices_open smallint NOT NULL,
    -- When what is not receipted is carried again; null where nothing waits.
    carry_at timestamptz,
    sealed bytea NOT NULL,
    identity_sealed bytea,
    version integer NOT NULL,
    CONSTRAINT transnational_requests_one_side UNIQUE (request_id, country),
    CONSTRAINT transnational_requests_abroad CHECK (country <> other_country),
    CONSTRAINT transnational_requests_received CHECK (side = 'requesting' OR first_received_at IS NOT NULL)
);
CREATE INDEX transnational_requests_by_office ON transnational_requests (country, agency_id, id);
CREATE INDEX transnational_requests_by_lead ON transnational_requests (country, lead_agency_id, id)
    WHERE lead_agency_id IS NOT NULL;
CREATE INDEX transnational_requests_by_case ON transnational_requests (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX transnational_requests_to_carry ON transnational_requests (carry_at, id) WHERE carry_at IS NOT NULL;

-- What a side wrote and what it was sent, byte for byte, and as evidence what it refused.
CREATE TABLE transnational_messages (
    id uuid PRIMARY KEY,
    country text NOT NULL,
    -- None where a message was refused before there was a record.
    record_id uuid REFERENCES transnational_requests,
    direction text NOT NULL CONSTRAINT transnational_messages_direction CHECK (direction IN ('sent', 'received', 'refused')),
    seq integer CONSTRAINT transnational_messages_seq CHECK (seq > 0),
    kind text,
    at timestamptz NOT NULL,
    -- SHA-256 of the bytes, in hexadecimal digits.
    digest text NOT NULL,
    refused_because text,
    sealed bytea NOT NULL,
    CONSTRAINT transnational_messages_whole CHECK ((direction = 'refused') = (refused_because IS NOT NULL)),
    CONSTRAINT transnational_messages_of_record CHECK (
        direction = 'refused' OR (record_id IS NOT NULL AND seq IS NOT NULL AND kind IS NOT NULL))
);
CREATE UNIQUE INDEX transnational_messages_once ON transnational_messages (record_id, direction, seq)
    WHERE direction <> 'refused';
-- With the child they go: deleting is the owner's.
CREATE TRIGGER transnational_messages_append_only BEFORE UPDATE OR TRUNCATE ON transnational_messages
    FOR EACH STATEMENT EXECUTE FUNCTION logs_are_append_only();

-- Both sides of a request keep the same duties on their own clocks, and its ladder has five rungs.
ALTER TABLE deadlines
    DROP CONSTRAINT deadlines_duty,
    ADD CONSTRAINT deadlines_duty CHECK (duty IN (
        'triage', 'acknowledge', 'decide', 'first_contact', 'provide_information', 'next_step', 'ask_view', 'feedback',
        'guardian_check', 'safety_plan', 'reflection_offer', 'give_information', 'education', 'formal_decision',
        'act_on_indicator', 'check_sibling', 'report_missing', 'return_interview', 'answer_handover', 'answer_closure',
        'check_match', 'asylum_information', 'review_emergency_access',
        'acknowledge_request', 'decide_request', 'legal_answer', 'answer_request_questions', 'confirm_arrival',
        'take_over_child', 'follow_up_report', 'close_request', 'acknowledge_notice')),
    DROP CONSTRAINT deadlines_rung,
    ADD CONSTRAINT deadlines_rung CHECK (rung BETWEEN 0 AND 5);
DROP INDEX deadlines_one_open;
CREATE UNIQUE INDEX deadlines_one_open ON deadlines (subject_id, duty, country) WHERE closed_at IS NULL;

GRANT SELECT, INSERT, UPDATE ON transnational_requests TO trm_app, trm_worker;
GRANT SELECT, INSERT ON transnational_messages TO trm_app, trm_worker;
-- The mechanism carries messages and, where a child does not arrive, reports it missing.
GRANT SELECT, INSERT, UPDATE ON missing_episodes TO trm_worker;
GRANT UPDATE ON handovers TO trm_worker;
GRANT SELECT, INSERT ON case_acts TO trm_worker;

CREATE POLICY app ON transnational_requests TO trm_app
    USING (coalesce(country = trm_country() AND (trm_reaches() OR agency_id = trm_agency() OR lead_agency_id = trm_agency()), false))
    WITH CHECK (country = trm_country());
CREATE POLICY app ON transnational_messages TO trm_app
    USING (coalesce(country = trm_country() AND (trm_reaches() OR EXISTS (
        SELECT FROM transnational_requests r WHERE r.id = transnational_messages.record_id OFFSET 0)), false))
    WITH CHECK (country = trm_country());
CREATE POLICY barred ON transnational_requests AS RESTRICTIVE TO trm_app
    USING ((case_id = ANY (trm_barred())) IS NOT TRUE);
CREATE POLICY worker ON transnational_requests TO trm_worker USING (true);
CREATE POLICY worker ON transnational_messages TO trm_worker USING (true);
ALTER TABLE transnational_requests ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE transnational_messages ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
