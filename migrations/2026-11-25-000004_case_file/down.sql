DELETE FROM escalations WHERE deadline_id IN (SELECT id FROM deadlines WHERE duty = 'check_sibling');
DELETE FROM deadlines WHERE duty = 'check_sibling';
ALTER TABLE deadlines
    DROP CONSTRAINT deadlines_duty,
    ADD CONSTRAINT deadlines_duty CHECK (duty IN (
        'triage', 'acknowledge', 'decide', 'first_contact', 'provide_information', 'next_step', 'ask_view', 'feedback',
        'guardian_check', 'safety_plan', 'reflection_offer', 'give_information', 'education', 'formal_decision',
        'act_on_indicator'));
DROP TABLE case_external_ids, case_links, document_contents, case_entries;
DROP TRIGGER cases_versions_kept ON cases;
DROP TRIGGER children_versions_kept ON children;
DROP TABLE case_versions, child_versions;
DROP FUNCTION case_version_is_kept, child_version_is_kept;
ALTER TABLE cases DROP COLUMN changed_at;
ALTER TABLE children DROP COLUMN changed_at;
