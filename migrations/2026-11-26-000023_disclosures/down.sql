DROP INDEX events_that_disclose_by_case;
DROP INDEX events_that_disclose;
