-- Both logs are sealed into one tree (RFC 6962): each sealed row is a leaf, in the order in which the rows were committed.
CREATE TABLE log_leaves (
    index bigint PRIMARY KEY CONSTRAINT log_leaves_index CHECK (index >= 0),
    log text NOT NULL CONSTRAINT log_leaves_log CHECK (log IN ('access_log', 'events')),
    seq bigint NOT NULL,
    hash bytea NOT NULL CONSTRAINT log_leaves_hash CHECK (octet_length(hash) = 32),
    CONSTRAINT log_leaves_once UNIQUE (log, seq)
);

-- Roots of full subtrees of 256, 256² … leaves, so that a proof reads a few hundred hashes whatever the size of the tree.
CREATE TABLE log_nodes (
    level smallint NOT NULL CONSTRAINT log_nodes_level CHECK (level IN (8, 16, 24, 32)),
    index bigint NOT NULL CONSTRAINT log_nodes_index CHECK (index >= 0),
    hash bytea NOT NULL CONSTRAINT log_nodes_hash CHECK (octet_length(hash) = 32),
    PRIMARY KEY (level, index)
);

-- What was signed of the tree, and up to where each log was sealed by then.
CREATE TABLE log_checkpoints (
    size bigint PRIMARY KEY CONSTRAINT log_checkpoints_size CHECK (size >= 0),
    root bytea NOT NULL CONSTRAINT log_checkpoints_root CHECK (octet_length(root) = 32),
    at timestamptz NOT NULL,
    note text NOT NULL,
    key text NOT NULL,
    access_log_xid xid8 NOT NULL,
    access_log_seq bigint NOT NULL,
    events_xid xid8 NOT NULL,
    events_seq bigint NOT NULL
);

CREATE TRIGGER log_leaves_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_leaves
    FOR EACH STATEMENT EXECUTE FUNCTION logs_are_append_only();
CREATE TRIGGER log_nodes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_nodes
    FOR EACH STATEMENT EXECUTE FUNCTION logs_are_append_only();
CREATE TRIGGER log_checkpoints_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION logs_are_append_only();

-- The sealer takes lines in commit order; people read them newest first: of a case, of themselves, of a country.
CREATE INDEX access_log_in_commit_order ON access_log (xid, seq);
DROP INDEX access_log_by_case;
CREATE INDEX access_log_by_case ON access_log (case_id, at, seq) WHERE case_id IS NOT NULL;
CREATE INDEX access_log_by_professional ON access_log (professional_id, at, seq) WHERE professional_id IS NOT NULL;
CREATE INDEX access_log_by_country ON access_log (country, at, seq);
