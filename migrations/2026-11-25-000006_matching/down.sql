DELETE FROM escalations e USING deadlines d WHERE d.id = e.deadline_id AND d.duty = 'check_match';
DELETE FROM deadlines WHERE duty = 'check_match';
ALTER TABLE deadlines
    DROP CONSTRAINT deadlines_duty,
    ADD CONSTRAINT deadlines_duty CHECK (duty IN (
        'triage', 'acknowledge', 'decide', 'first_contact', 'provide_information', 'next_step', 'ask_view', 'feedback',
        'guardian_check', 'safety_plan', 'reflection_offer', 'give_information', 'education', 'formal_decision',
        'act_on_indicator', 'check_sibling', 'report_missing', 'return_interview', 'answer_handover', 'answer_closure'));

DROP TABLE case_matches;
DROP TABLE child_indexes;
DROP TABLE child_tokens;
