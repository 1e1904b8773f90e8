-- The duty to inform a child that may need protection about asylum (R100).
ALTER TABLE deadlines
    DROP CONSTRAINT deadlines_duty,
    ADD CONSTRAINT deadlines_duty CHECK (duty IN (
        'triage', 'acknowledge', 'decide', 'first_contact', 'provide_information', 'next_step', 'ask_view', 'feedback',
        'guardian_check', 'safety_plan', 'reflection_offer', 'give_information', 'education', 'formal_decision',
        'act_on_indicator', 'check_sibling', 'report_missing', 'return_interview', 'answer_handover', 'answer_closure',
        'check_match', 'asylum_information'));

-- The appeal against the decision that a person is an adult; what it says is sealed.
ALTER TABLE age_assessments
    ADD COLUMN appealed_at timestamptz,
    ADD COLUMN appeal_sealed bytea,
    ADD CONSTRAINT age_assessments_appeal_whole CHECK ((appealed_at IS NULL) = (appeal_sealed IS NULL));
