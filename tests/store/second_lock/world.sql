-- A small world for the second lock: every agency of Estonia and Latvia leads one case with a row of everything in it,
-- and the next agency of its country has a share of some. Values are of no use but to be seen or not; nothing opens.
CREATE TEMP TABLE lot AS
WITH agency AS (
    SELECT country, id, row_number() OVER (PARTITION BY country ORDER BY id) AS place,
           count(*) OVER (PARTITION BY country) AS all_of_them
      FROM agencies WHERE country IN ('EE', 'LV'))
SELECT a.country, a.id AS agency, n.id AS next, a.place, gen_random_uuid() AS child, gen_random_uuid() AS kase,
       gen_random_uuid() AS referral, gen_random_uuid() AS concern, gen_random_uuid() AS screening,
       gen_random_uuid() AS deadline, '2026-11-24T08:00:00Z'::timestamptz AS at,
       (SELECT c.id FROM clients c WHERE c.agency_id = a.id LIMIT 1) AS client
  FROM agency a JOIN agency n ON n.country = a.country AND n.place = a.place % a.all_of_them + 1;
CREATE TEMP TABLE neighbour AS
SELECT l.*, o.kase AS other FROM lot l JOIN lot o ON o.agency = l.next;

INSERT INTO concerns (id, country, agency_id, received_at, triage_due, danger, content_sealed, version, triage_agency_id)
SELECT concern, country, agency, at, at, false, '\x00', 1, next FROM lot;
INSERT INTO screenings (id, country, agency_id, screened_at, result, catalogue_version, content_sealed, version)
SELECT screening, country, agency, at, 'grounds', '1', '\x00', 1 FROM lot;
INSERT INTO children (id, country, identity_sealed, identity_version, whereabouts_sealed, whereabouts_version, changed_at)
SELECT child, country, '\x00', 1, '\x00', 1, at FROM lot;
INSERT INTO child_tokens (country, kind, epoch, token, child_id) SELECT country, 'name', 1, place, child FROM lot;
INSERT INTO child_pseudonyms (id, country, child_id, other_country, epoch, token, sealed)
SELECT gen_random_uuid(), country, child, CASE country WHEN 'EE' THEN 'LV' ELSE 'EE' END, 1, place, '\x00' FROM lot;
INSERT INTO child_indexes (child_id, country, epoch) SELECT child, country, 1 FROM lot;
INSERT INTO data_keys (subject_id, section, kek_version, wrapped) SELECT child, 'identity', 1, '\x00' FROM lot;
INSERT INTO cases (id, reference, country, child_id, screening_id, lead_agency_id, opened_by_agency_id, status,
                   identification_status, identification_since, opened_at, version, changed_at)
SELECT kase, 'R' || country || place, country, child, screening, agency, agency, 'open', 'screening', at, at, 1, at FROM lot;
-- The next agency takes part now, has taken part, will take part, or never did.
INSERT INTO participations (agency_id, case_id, country, basis, source_id, classes, since, until)
SELECT agency, kase, country, 'lead', kase, '{}'::text[], at, NULL::timestamptz FROM lot
UNION ALL
SELECT next, kase, country, 'referral', referral, '{}',
       at + CASE place % 4 WHEN 2 THEN interval '10 days' ELSE interval '1 second' END,
       CASE place % 4 WHEN 1 THEN at + interval '10 minutes' END
  FROM lot WHERE place % 4 <> 3;
INSERT INTO exploitation_episodes (id, country, case_id, recorded_at, exploitation_types, stage, content_sealed, version)
SELECT gen_random_uuid(), country, kase, at, '{begging}', 'past', '\x00', 1 FROM lot;
INSERT INTO identification_acts (id, country, case_id, version, act, from_status, to_status, at)
SELECT gen_random_uuid(), country, kase, 1, 'presume', 'screening', 'presumed_victim', at FROM lot;
INSERT INTO age_assessments (id, country, case_id, agency_id, recorded_at, method, conclusion, sealed)
SELECT gen_random_uuid(), country, kase, agency, at, 'documents', 'child', '\x00' FROM lot;
INSERT INTO case_entries (id, version, country, case_id, kind, class, recorded_at, agency_id, sealed)
SELECT gen_random_uuid(), 1, country, kase, 'note', 'D14', at, agency, '\x00' FROM lot;
INSERT INTO document_contents (document_id, country, case_id, stored_at, agency_id, sealed)
SELECT gen_random_uuid(), country, kase, at, agency, '\x00' FROM lot;
INSERT INTO case_links (id, country, case_id, other_case_id, relation, confidentiality, since, agency_id, sealed, version)
SELECT gen_random_uuid(), country, kase, other, 'sibling', 'case_team', at, agency, '\x00', 1 FROM neighbour;
INSERT INTO case_external_ids (agency_id, issuer, value, country, case_id)
SELECT agency, 'system', place::text, country, kase FROM lot;
INSERT INTO case_acts (id, country, case_id, version, act, from_status, to_status, at, agency_id, other_case_id, sealed)
SELECT gen_random_uuid(), country, kase, 1, 'merge', 'open', 'merged', at, agency, other, '\x00' FROM neighbour;
INSERT INTO missing_episodes (id, country, case_id, status, agency_id, reported_at, last_seen_at)
SELECT gen_random_uuid(), country, kase, 'reported', agency, at, at FROM lot;
INSERT INTO handovers (id, country, case_id, status, from_agency_id, to_agency_id, proposed_at)
SELECT gen_random_uuid(), country, kase, 'proposed', agency, next, at FROM lot;
INSERT INTO case_matches (id, country, pair_id, case_id, other_case_id, score, reasons, found_at, status, version)
SELECT gen_random_uuid(), country, gen_random_uuid(), kase, other, 90, '{}', at, 'suggested', 1 FROM neighbour;
-- Every second one is a draft still.
INSERT INTO referrals (id, reference, country, case_id, case_reference, child_id, from_agency_id, to_agency_id,
                       to_agency_type, urgency, reasons, services, status, drafted_at, status_at, sent_at, acknowledge_by,
                       decide_by, first_contact_by, version)
SELECT referral, 'F' || country || place, country, kase, 'R' || country || place, child, agency, next, 'shelter', 'standard',
       '{}', '{}', CASE WHEN sent THEN 'sent' ELSE 'draft' END, at, at, t, t, t, t, 1
  FROM (SELECT *, place % 2 = 0 AS sent, CASE WHEN place % 2 = 0 THEN at END AS t FROM lot) AS every;
INSERT INTO referral_files (referral_id, sealed) SELECT referral, '\x00' FROM lot;
INSERT INTO referral_messages (id, referral_id, country, agency_id, at, sealed)
SELECT gen_random_uuid(), referral, country, agency, at, '\x00' FROM lot;
-- A request to the other country for each agency as the office, about the case of the next one; one that came has no case.
INSERT INTO transnational_requests (id, request_id, side, country, agency_id, lead_agency_id, case_id, request_type, route,
                                    urgency, status, suspended, status_at, reference, other_country, other_office,
                                    first_received_at, acknowledged, notices_open, sealed, version)
SELECT concern, screening, 'requesting', country, agency, next, other, 'tr_locate', 'focal_point', 'urgent', 'draft', false, at,
       'T' || country || place, CASE country WHEN 'EE' THEN 'LV' ELSE 'EE' END, 'office', NULL, 0, 0, '\x00'::bytea, 1 FROM neighbour
UNION ALL
SELECT referral, kase, 'requested', country, next, NULL, NULL, 'tr_locate', 'focal_point', 'urgent', 'delivered', false, at,
       'U' || country || place, CASE country WHEN 'EE' THEN 'LV' ELSE 'EE' END, 'office', at, 0, 0, '\x00'::bytea, 1 FROM lot;
INSERT INTO transnational_messages (id, country, record_id, direction, seq, kind, at, digest, refused_because, sealed)
SELECT gen_random_uuid(), country, concern, 'sent', 1, 'sent', at, 'd', NULL, '\x00'::bytea FROM lot
UNION ALL SELECT gen_random_uuid(), country, NULL, 'refused', NULL, NULL, at, 'd', 'message_altered', '\x00'::bytea FROM lot;
INSERT INTO deadlines (id, country, duty, subject, subject_id, case_id, urgency, agency_id, watcher_id, answers_to_id, due_at,
                       computed_from)
SELECT deadline, country, 'decide', 'referral', referral, kase, 'standard', agency,
       CASE WHEN place % 3 = 0 THEN next END, agency, at, '{}' FROM lot;
INSERT INTO escalations (deadline_id, rung, agency_id, role, country, due_at, at)
SELECT deadline, 1, next, 'coordinator', country, at, at FROM lot WHERE place % 3 = 1;
INSERT INTO events (id, at, event, subject, subject_id, version, case_id, country, audience, purpose, request_id, payload)
SELECT gen_random_uuid(), at, 'case.opened', 'case', kase, 1, kase, country,
       CASE WHEN place % 2 = 0 THEN ARRAY[next] ELSE '{}' END, 'protection', gen_random_uuid(), '{}' FROM lot;
INSERT INTO access_log (at, operation, outcome, case_id, sections, country, client, agency_id, purpose, request_id)
SELECT at, 'getCase', 'read', kase, '{}', country, client, agency, 'protection', gen_random_uuid() FROM lot
 WHERE client IS NOT NULL;
INSERT INTO idempotency_keys (client, operation, key, fingerprint, subject_id, created_at)
SELECT client, 'createCase', 'k', '\x00', kase, at FROM lot WHERE client IS NOT NULL;
-- Some agencies are never to know of a case in which they have part; one was, and is no longer.
INSERT INTO restrictions (entry_id, country, case_id, agency_id, since, until)
SELECT gen_random_uuid(), country, kase, next, at, CASE WHEN place % 10 = 0 THEN at END FROM lot WHERE place % 5 = 0
UNION ALL SELECT gen_random_uuid(), country, kase, next, at, NULL FROM lot WHERE place % 4 = 0;
-- A professional of the next agency has opened the case in an emergency, and the lead has reviewed it.
INSERT INTO professionals (id, agency_id, country, subject, role)
SELECT gen_random_uuid(), agency, country, 'on duty', 'duty_officer' FROM lot;
INSERT INTO emergency_accesses (id, country, case_id, agency_id, professional_id, role, purpose, reason, since, until, number,
                                sealed)
SELECT gen_random_uuid(), l.country, l.kase, l.next, p.id, 'duty_officer', 'protection', 'child_found', l.at,
       l.at + interval '30 minutes', 1, '\x00'
  FROM lot l JOIN professionals p ON p.agency_id = l.next AND p.subject = 'on duty';
INSERT INTO emergency_reviews (access_id, country, verdict, agency_id, at, sealed)
SELECT e.id, e.country, 'unclear', l.agency, e.since, '\x00' FROM emergency_accesses e JOIN lot l ON l.kase = e.case_id;
-- Somebody asks for the data of the child, and the request is held.
INSERT INTO data_requests (id, country, case_id, agency_id, recorded_at, kind, requester, received_on, status, hold, sealed, version)
SELECT gen_random_uuid(), country, kase, agency, at, 'access', 'parent', at::date, 'held', 'not_known', '\x00', 1 FROM lot;
-- Some cases are invented, and somebody has opened them.
INSERT INTO canary_cases (case_id, canary_id, country, request_id, made_at, made_by)
SELECT kase, gen_random_uuid(), country, gen_random_uuid(), at, 'Mari Maasikas' FROM lot;
INSERT INTO canary_alarms (case_id, country, client, agency_id, day, opened_at, raised_at)
SELECT kase, country, gen_random_uuid(), next, '2026-11-24', at, at FROM lot;
