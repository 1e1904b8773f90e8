-- Identification to its end: every act is kept with what was written, a presumption opens entitlements, ages are
-- assessed, and the profiles of countries say who decides.

-- Every act on the identification of a child, in the order of the versions of its case.
CREATE TABLE identification_acts (
    id uuid PRIMARY KEY,
    country text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases,
    version integer NOT NULL,
    act text NOT NULL,
    from_status text NOT NULL,
    to_status text NOT NULL,
    entitlement text,
    at timestamptz NOT NULL,
    -- Nobody's where the mechanism noted it by itself.
    agency_id uuid REFERENCES agencies,
    professional_id uuid REFERENCES professionals,
    sealed bytea,
    CONSTRAINT identification_acts_once UNIQUE (case_id, version)
);

ALTER TABLE cases
    ADD COLUMN appeal_until timestamptz,
    ADD COLUMN negative_proposal_id uuid REFERENCES identification_acts,
    ADD COLUMN turned_18_at timestamptz,
    ADD COLUMN strong_indicator boolean NOT NULL DEFAULT false,
    ADD COLUMN entitlements_owed text[] NOT NULL DEFAULT '{}',
    ADD COLUMN entitlements_given text[] NOT NULL DEFAULT '{}',
    ADD CONSTRAINT cases_proposal_while_undecided CHECK (
        negative_proposal_id IS NULL OR identification_status IN ('formal_assessment', 'under_review'));
CREATE INDEX cases_by_negative_proposal ON cases (negative_proposal_id) WHERE negative_proposal_id IS NOT NULL;

-- The reasons of the last presumption were sealed for the row of their case: their act takes its id.
INSERT INTO identification_acts
    (id, country, case_id, version, act, from_status, to_status, at, agency_id, professional_id, sealed)
SELECT DISTINCT ON (c.id) c.id, c.country, c.id, e.version, 'presume', e.payload ->> 'from', 'presumed_victim', e.at,
       e.agency_id, e.professional_id, c.presumption_sealed
  FROM cases c JOIN events e ON e.case_id = c.id AND e.event = 'identification.presumed'
 ORDER BY c.id, e.seq DESC;
ALTER TABLE cases DROP COLUMN presumption_sealed;

CREATE TABLE age_assessments (
    id uuid PRIMARY KEY,
    country text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases,
    agency_id uuid NOT NULL REFERENCES agencies,
    professional_id uuid REFERENCES professionals,
    recorded_at timestamptz NOT NULL,
    method text NOT NULL CONSTRAINT age_assessments_method CHECK (method IN ('documents', 'psychosocial', 'medical')),
    conclusion text NOT NULL CONSTRAINT age_assessments_conclusion CHECK (
        conclusion IN ('child', 'adult', 'inconclusive')),
    appeal_until timestamptz,
    sealed bytea NOT NULL,
    medical_sealed bytea
);
CREATE INDEX age_assessments_by_case ON age_assessments (case_id, id);

ALTER TABLE deadlines
    DROP CONSTRAINT deadlines_duty,
    ADD CONSTRAINT deadlines_duty CHECK (duty IN (
        'triage', 'acknowledge', 'decide', 'first_contact', 'provide_information', 'next_step', 'ask_view', 'feedback',
        'guardian_check', 'safety_plan', 'reflection_offer', 'give_information', 'education', 'formal_decision',
        'act_on_indicator'));

-- Profiles say who decides, how long it can be appealed and what a presumption opens by when. What is not known of a
-- country is not pretended to be.
CREATE OR REPLACE FUNCTION pg_temp.checked(value jsonb, verification text, source text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('value', value, 'verification', verification, 'source', source)
$$;
UPDATE countries SET profile = profile || jsonb_build_object(
    'mayDecide', CASE code
        WHEN 'EE' THEN pg_temp.checked('["police", "prosecution"]', 'secondary',
            'BSR-TRM country information and lft.ee: identified once criminal proceedings on listed offences have started; the choice of the codes is the project''s')
        WHEN 'LV' THEN pg_temp.checked('["police", "prosecution", "court_criminal", "ngo_mandated"]', 'secondary',
            'BSR-TRM country information: police, prosecutor, court, or a mandated organisation through its commission')
        ELSE pg_temp.checked('[]', 'unverified', 'To be set by the national coordinator') END,
    'secondDecider', pg_temp.checked(
        '["police", "prosecution", "court_criminal", "child_protection", "municipal_social", "ngo_mandated", "immigration"]',
        'proposal', 'Project proposal: whoever is independent of the first decider; to be set by the national coordinator'),
    'appealWithin', pg_temp.checked('{"calendarDays": 30}', 'unverified',
        'National law: a placeholder until the time of appeal is confirmed'),
    'ageAppealWithin', pg_temp.checked('{"calendarDays": 15}', 'unverified',
        'National law: a placeholder until the time of appeal is confirmed'),
    'foreignNoticePresumes', CASE code
        WHEN 'EE' THEN pg_temp.checked('true', 'secondary',
            'BSR-TRM country information and lft.ee: a foreign authority informs the Social Insurance Board')
        ELSE pg_temp.checked('true', 'proposal',
            'Project proposal, in the child''s favour: to be confirmed by the national coordinator') END,
    'recognisesForeignDecisions', pg_temp.checked('true', 'proposal',
        'Project proposal, in the child''s favour: to be confirmed by the national coordinator'),
    'placementExemptRelatives', pg_temp.checked('false', 'unverified',
        'Regulation (EU) 2019/1111 Art. 82(3): what the country has notified was not looked up; until then consent is asked for'),
    'entitlementTimes', pg_temp.checked(
        '{"guardianCheck": {"hours": 24}, "safetyPlan": {"hours": 24}, "reflectionOffer": {"workingDays": 3},
          "information": {"calendarDays": 3}, "education": {"calendarDays": 30}}',
        'proposal', 'Project proposal: no external source sets it'),
    'formalDecision', pg_temp.checked('{"target": {"calendarDays": 30}, "warn": {"calendarDays": 45}}',
        'proposal', 'Project proposal: no external source sets it'));
