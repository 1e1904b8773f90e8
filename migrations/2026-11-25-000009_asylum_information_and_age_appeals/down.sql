DELETE FROM escalations e USING deadlines d WHERE d.id = e.deadline_id AND d.duty = 'asylum_information';
DELETE FROM deadlines WHERE duty = 'asylum_information';
-- The version of a case is kept once: it is the same one, without what there is no word for any more.
ALTER TABLE cases DISABLE TRIGGER cases_versions_kept;
UPDATE cases SET entitlements_owed = array_remove(entitlements_owed, 'asylum_information'),
    entitlements_given = array_remove(entitlements_given, 'asylum_information');
ALTER TABLE cases ENABLE TRIGGER cases_versions_kept;
ALTER TABLE deadlines
    DROP CONSTRAINT deadlines_duty,
    ADD CONSTRAINT deadlines_duty CHECK (duty IN (
        'triage', 'acknowledge', 'decide', 'first_contact', 'provide_information', 'next_step', 'ask_view', 'feedback',
        'guardian_check', 'safety_plan', 'reflection_offer', 'give_information', 'education', 'formal_decision',
        'act_on_indicator', 'check_sibling', 'report_missing', 'return_interview', 'answer_handover', 'answer_closure',
        'check_match'));

ALTER TABLE age_assessments DROP COLUMN appeal_sealed, DROP COLUMN appealed_at;
