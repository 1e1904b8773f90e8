DROP TABLE transnational_messages;
DROP TABLE transnational_requests;
DELETE FROM escalations e USING deadlines d WHERE d.id = e.deadline_id AND d.subject = 'transnational_request';
DELETE FROM deadlines WHERE subject = 'transnational_request';
DROP INDEX deadlines_one_open;
CREATE UNIQUE INDEX deadlines_one_open ON deadlines (subject_id, duty) WHERE closed_at IS NULL;
ALTER TABLE deadlines
    DROP CONSTRAINT deadlines_duty,
    ADD CONSTRAINT deadlines_duty CHECK (duty IN (
        'triage', 'acknowledge', 'decide', 'first_contact', 'provide_information', 'next_step', 'ask_view', 'feedback',
        'guardian_check', 'safety_plan', 'reflection_offer', 'give_information', 'education', 'formal_decision',
        'act_on_indicator', 'check_sibling', 'report_missing', 'return_interview', 'answer_handover', 'answer_closure',
        'check_match', 'asylum_information', 'review_emergency_access')),
    DROP CONSTRAINT deadlines_rung,
    ADD CONSTRAINT deadlines_rung CHECK (rung BETWEEN 0 AND 2);
REVOKE SELECT, INSERT, UPDATE ON missing_episodes FROM trm_worker;
REVOKE UPDATE ON handovers FROM trm_worker;
REVOKE SELECT, INSERT ON case_acts FROM trm_worker;
