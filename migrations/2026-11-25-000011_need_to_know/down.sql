DROP TABLE restrictions;

ALTER TABLE case_entries DISABLE TRIGGER case_entries_append_only;
DELETE FROM case_entries WHERE kind IN ('participant', 'restriction');
ALTER TABLE case_entries ENABLE TRIGGER case_entries_append_only;
ALTER TABLE case_entries
    DROP CONSTRAINT case_entries_kind,
    ADD CONSTRAINT case_entries_kind CHECK (kind IN ('contact', 'movement', 'note', 'document'));

DELETE FROM participations WHERE basis = 'grant';
ALTER TABLE participations
    DROP CONSTRAINT participations_basis,
    ADD CONSTRAINT participations_basis CHECK (basis IN ('lead', 'opener', 'referral', 'handover')),
    DROP COLUMN unit,
    DROP COLUMN professional_id,
    DROP COLUMN role,
    DROP COLUMN writes,
    DROP COLUMN ordered;

DROP TABLE justifications;
