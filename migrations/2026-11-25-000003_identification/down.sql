UPDATE countries SET profile = profile - 'mayDecide' - 'secondDecider' - 'appealWithin' - 'ageAppealWithin'
    - 'foreignNoticePresumes' - 'recognisesForeignDecisions' - 'placementExemptRelatives' - 'entitlementTimes' - 'formalDecision';

DELETE FROM escalations e USING deadlines d WHERE d.id = e.deadline_id AND d.subject = 'case';
DELETE FROM deadlines WHERE subject = 'case';
ALTER TABLE deadlines
    DROP CONSTRAINT deadlines_duty,
    ADD CONSTRAINT deadlines_duty CHECK (duty IN (
        'triage', 'acknowledge', 'decide', 'first_contact', 'provide_information', 'next_step', 'ask_view', 'feedback'));

DROP TABLE age_assessments;
DELETE FROM data_keys WHERE section = 'health';

-- Only reasons that were sealed for the row of their case open there.
ALTER TABLE cases ADD COLUMN presumption_sealed bytea;
UPDATE cases c SET presumption_sealed = a.sealed FROM identification_acts a WHERE a.id = c.id;
DROP INDEX cases_by_negative_proposal;
ALTER TABLE cases
    DROP CONSTRAINT cases_proposal_while_undecided,
    DROP COLUMN entitlements_given,
    DROP COLUMN entitlements_owed,
    DROP COLUMN strong_indicator,
    DROP COLUMN turned_18_at,
    DROP COLUMN negative_proposal_id,
    DROP COLUMN appeal_until;
DROP TABLE identification_acts;
