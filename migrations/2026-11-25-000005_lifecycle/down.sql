DELETE FROM escalations e USING deadlines d
 WHERE d.id = e.deadline_id AND d.duty IN ('report_missing', 'return_interview', 'answer_handover', 'answer_closure');
DELETE FROM deadlines WHERE duty IN ('report_missing', 'return_interview', 'answer_handover', 'answer_closure');
ALTER TABLE deadlines
    DROP CONSTRAINT deadlines_duty,
    ADD CONSTRAINT deadlines_duty CHECK (duty IN (
        'triage', 'acknowledge', 'decide', 'first_contact', 'provide_information', 'next_step', 'ask_view', 'feedback',
        'guardian_check', 'safety_plan', 'reflection_offer', 'give_information', 'education', 'formal_decision',
        'act_on_indicator', 'check_sibling'));

DELETE FROM participations WHERE basis = 'handover';
ALTER TABLE participations
    DROP CONSTRAINT participations_basis,
    ADD CONSTRAINT participations_basis CHECK (basis IN ('lead', 'opener', 'referral'));

DROP TABLE handovers;
DROP TABLE missing_episodes;
DROP TABLE case_acts;
