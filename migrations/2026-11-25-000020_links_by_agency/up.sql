-- A link that is hidden from an agency must not keep it from making the same one: the refusal would tell of it.
DROP INDEX case_links_once;
CREATE UNIQUE INDEX case_links_once ON case_links (
    least(case_id, other_case_id), greatest(case_id, other_case_id), relation, agency_id) WHERE until IS NULL;
