-- The roles stay: they are the server's.
DO $$
DECLARE
    it record;
BEGIN
    FOR it IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP POLICY %I ON %I', it.policyname, it.tablename);
        EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', it.tablename);
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', it.tablename);
    END LOOP;
END $$;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM trm_app, trm_worker, trm_sealer, trm_auditor;
REVOKE USAGE ON SCHEMA public FROM trm_app, trm_worker, trm_sealer, trm_auditor;
DROP FUNCTION trm_client(), trm_agency(), trm_professional(), trm_barred(), trm_country(), trm_at(), trm_reaches();
