-- What is owed for a screening is known to later versions only.
DELETE FROM escalations e USING deadlines d
 WHERE d.id = e.deadline_id AND d.subject = 'screening';
DELETE FROM deadlines WHERE subject = 'screening';
ALTER TABLE screenings DROP COLUMN set_aside_sealed;
