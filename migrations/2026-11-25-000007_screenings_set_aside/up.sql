-- A screening that shows grounds is followed by a case, or a second person writes down why not.
ALTER TABLE screenings ADD COLUMN set_aside_sealed bytea;
