DROP INDEX case_links_once;
CREATE UNIQUE INDEX case_links_once ON case_links (
    least(case_id, other_case_id), greatest(case_id, other_case_id), relation) WHERE until IS NULL;
