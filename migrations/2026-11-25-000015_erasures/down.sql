DROP POLICY erased ON events;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['case_versions', 'child_versions', 'case_entries', 'justifications', 'emergency_accesses',
        'emergency_reviews'] LOOP
        EXECUTE format('DROP TRIGGER %I ON %I', name || '_go_erased', name);
        EXECUTE format('DROP TRIGGER %I ON %I', name || '_append_only', name);
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION logs_are_append_only()', name || '_append_only', name);
    END LOOP;
END $$;
DROP FUNCTION only_what_is_erased_goes();
DROP TABLE erased_cases, erased_subjects, erasures;
