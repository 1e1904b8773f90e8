DROP INDEX access_log_by_country;
DROP INDEX access_log_by_professional;
DROP INDEX access_log_by_case;
CREATE INDEX access_log_by_case ON access_log (case_id, seq) WHERE case_id IS NOT NULL;
DROP INDEX access_log_in_commit_order;
DROP TABLE log_checkpoints;
DROP TABLE log_nodes;
DROP TABLE log_leaves;
