DELETE FROM escalations e USING deadlines d WHERE d.id = e.deadline_id AND d.duty = 'review_emergency_access';
DELETE FROM deadlines WHERE duty = 'review_emergency_access';
ALTER TABLE deadlines
    DROP CONSTRAINT deadlines_duty,
    ADD CONSTRAINT deadlines_duty CHECK (duty IN (
        'triage', 'acknowledge', 'decide', 'first_contact', 'provide_information', 'next_step', 'ask_view', 'feedback',
        'guardian_check', 'safety_plan', 'reflection_offer', 'give_information', 'education', 'formal_decision',
        'act_on_indicator', 'check_sibling', 'report_missing', 'return_interview', 'answer_handover', 'answer_closure',
        'check_match', 'asylum_information'));

ALTER TABLE access_log DROP COLUMN break_glass;

DELETE FROM participations WHERE basis = 'emergency';
ALTER TABLE participations
    DROP CONSTRAINT participations_emergency,
    DROP CONSTRAINT participations_basis,
    ADD CONSTRAINT participations_basis CHECK (basis IN ('lead', 'opener', 'referral', 'handover', 'grant'));

DROP TABLE emergency_reviews;
DROP TABLE emergency_accesses;
