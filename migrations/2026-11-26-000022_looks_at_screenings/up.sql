-- Who opened the screening of a canary is looked for every few seconds.
CREATE INDEX access_log_by_screening ON access_log (subject_id, at)
    WHERE operation IN ('getScreening', 'setAsideScreening');
