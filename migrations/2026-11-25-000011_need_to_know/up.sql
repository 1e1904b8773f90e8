-- Who takes part in a case beyond referrals, who is never to know of it, and why police and justice read.

-- Why the data was needed, in words, where no decision in the agency's books says so; the access log names the row.
CREATE TABLE justifications (
    id uuid PRIMARY KEY,
    country text NOT NULL,
    client uuid NOT NULL REFERENCES clients,
    professional_id uuid NOT NULL REFERENCES professionals,
    given_at timestamptz NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX justifications_by_professional ON justifications (professional_id);
CREATE INDEX justifications_by_client ON justifications (client);
CREATE TRIGGER justifications_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON justifications
    FOR EACH STATEMENT EXECUTE FUNCTION logs_are_append_only();

-- What the lead grants is as narrow as it says: for a unit, a person or a role, to read or to write.
ALTER TABLE participations
    ADD COLUMN unit text,
    ADD COLUMN professional_id uuid REFERENCES professionals,
    ADD COLUMN role text,
    ADD COLUMN writes text[] NOT NULL DEFAULT '{}',
    ADD COLUMN ordered text[] NOT NULL DEFAULT '{}',
    DROP CONSTRAINT participations_basis,
    ADD CONSTRAINT participations_basis CHECK (basis IN ('lead', 'opener', 'referral', 'handover', 'grant'));
CREATE INDEX participations_by_professional ON participations (professional_id) WHERE professional_id IS NOT NULL;

ALTER TABLE case_entries
    DROP CONSTRAINT case_entries_kind,
    ADD CONSTRAINT case_entries_kind CHECK (kind IN (
        'contact', 'movement', 'note', 'document', 'participant', 'restriction'));

-- Agencies and people to whom a case does not exist, whatever relation they have to it.
CREATE TABLE restrictions (
    entry_id uuid PRIMARY KEY,
    country text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases,
    agency_id uuid REFERENCES agencies,
    professional_id uuid REFERENCES professionals,
    since timestamptz NOT NULL,
    until timestamptz,
    CONSTRAINT restrictions_one_party CHECK (num_nonnulls(agency_id, professional_id) = 1)
);
CREATE INDEX restrictions_by_case ON restrictions (case_id);
CREATE INDEX restrictions_by_agency ON restrictions (agency_id, case_id) WHERE until IS NULL;
CREATE INDEX restrictions_by_professional ON restrictions (professional_id, case_id) WHERE until IS NULL;
