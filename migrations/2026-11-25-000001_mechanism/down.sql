-- Back to minutes: 24 hours for each day of a span.
CREATE OR REPLACE FUNCTION pg_temp.in_minutes(span jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT to_jsonb(coalesce((span ->> 'minutes')::int, (span ->> 'hours')::int * 60,
        (coalesce((span ->> 'calendarDays')::int, (span ->> 'workingDays')::int, (span ->> 'months')::int * 30)) * 1440))
$$;
UPDATE countries SET profile = (profile - 'triage' - 'feedbackWithin') || jsonb_build_object(
    'responseTimes', (profile -> 'responseTimes') || jsonb_build_object('value', (
        SELECT jsonb_agg(jsonb_build_object(
            'urgency', it -> 'urgency',
            'acknowledgeMinutes', pg_temp.in_minutes(it -> 'acknowledge'),
            'decideMinutes', pg_temp.in_minutes(it -> 'decide'),
            'firstContactMinutes', pg_temp.in_minutes(it -> 'firstContact')) ORDER BY n)
        FROM jsonb_array_elements(profile -> 'responseTimes' -> 'value') WITH ORDINALITY AS t (it, n))));

DROP TABLE sandbox_clock;

-- What the mechanism did by itself goes with it: the log only grows, so its guard steps aside for the going back.
ALTER TABLE events DISABLE TRIGGER events_append_only;
DELETE FROM event_positions p USING events e WHERE e.seq = p.seq AND e.client IS NULL;
DELETE FROM events WHERE client IS NULL;
ALTER TABLE events ENABLE TRIGGER events_append_only;
ALTER TABLE events
    DROP CONSTRAINT events_actor_whole,
    ALTER COLUMN client SET NOT NULL,
    ALTER COLUMN agency_id SET NOT NULL;

DROP TABLE escalations, deadlines, referral_messages;
ALTER TABLE concerns DROP COLUMN triage_agency_id;

DELETE FROM referral_files f USING referrals r WHERE r.id = f.referral_id AND r.to_agency_id IS NULL;
DROP INDEX referrals_by_origin;
ALTER TABLE referrals
    DROP CONSTRAINT referrals_sent_to_somebody,
    DROP CONSTRAINT referrals_receiver_whole,
    DROP CONSTRAINT referrals_origin_whole,
    DROP COLUMN escalation,
    DROP COLUMN reroutes,
    DROP COLUMN clock_at,
    DROP COLUMN origin_id,
    DROP COLUMN origin;
DELETE FROM referrals WHERE to_agency_id IS NULL;
ALTER TABLE referrals
    ALTER COLUMN to_agency_id SET NOT NULL,
    ALTER COLUMN to_agency_type SET NOT NULL;
