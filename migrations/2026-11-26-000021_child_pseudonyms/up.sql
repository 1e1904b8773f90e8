-- By which pseudonyms a child is named between this country and another: a second request about it is known to be about
-- the same child. The token is a keyed digest, as those of names are; the pseudonym itself is sealed under a key of the
-- child, so that the token can be made anew when a secret is replaced, and the child keeps its pseudonym.
CREATE TABLE child_pseudonyms (
    id uuid PRIMARY KEY,
    country text NOT NULL,
    child_id uuid NOT NULL REFERENCES children ON DELETE CASCADE,
    other_country text NOT NULL,
    epoch smallint NOT NULL,
    token bigint NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT child_pseudonyms_abroad CHECK (country <> other_country)
);
CREATE INDEX child_pseudonyms_by_token ON child_pseudonyms (country, other_country, epoch, token);
CREATE INDEX child_pseudonyms_by_child ON child_pseudonyms (child_id);
CREATE INDEX child_pseudonyms_by_epoch ON child_pseudonyms (epoch);

-- The second lock (docs/second_lock.md): whoever is shown the child, as with its other tokens.
GRANT SELECT, INSERT ON child_pseudonyms TO trm_app;
GRANT SELECT, UPDATE ON child_pseudonyms TO trm_worker;
CREATE POLICY app ON child_pseudonyms TO trm_app
    USING (coalesce(country = trm_country() AND (trm_reaches()
        OR EXISTS (SELECT FROM cases c WHERE c.child_id = child_pseudonyms.child_id OFFSET 0)), false))
    WITH CHECK (country = trm_country());
CREATE POLICY worker ON child_pseudonyms TO trm_worker USING (true);
ALTER TABLE child_pseudonyms ENABLE ROW LEVEL SECURITY;
ALTER TABLE child_pseudonyms FORCE ROW LEVEL SECURITY;
