-- How far the log of reads was looked through for whoever is never to know of a case and asked for it: in commit order, so that
-- no line is passed over.
CREATE TABLE shut_out_place (
    one boolean PRIMARY KEY DEFAULT true CONSTRAINT shut_out_place_one CHECK (one),
    xid xid8 NOT NULL,
    seq bigint NOT NULL
);
INSERT INTO shut_out_place (xid, seq) VALUES (pg_current_xact_id(), 0);

GRANT SELECT, UPDATE ON shut_out_place TO trm_worker;
GRANT SELECT ON restrictions TO trm_worker;
-- From which screening and concern a case was taken in, and nothing of what they say.
GRANT SELECT (id, concern_id) ON screenings TO trm_worker;
