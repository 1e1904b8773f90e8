-- What was given of a child to whom is told by the facts of the acts that gave it; reading it as a log of its own asks for
-- those facts alone.
CREATE INDEX events_that_disclose ON events (country, at, seq) WHERE payload ? 'disclosed';
CREATE INDEX events_that_disclose_by_case ON events (case_id, at, seq) WHERE payload ? 'disclosed';
