-- Draft and send in one request: row, file, facts, idempotency record.
SELECT p.case_id, p.case_reference, p.child_id, p.id, p.reference, p.key
FROM (SELECT nextval('bench.creations') AS v) s JOIN bench.to_create p ON p.n = s.v
\gset
BEGIN;
SELECT "clients"."active", "agencies"."active", "clients"."epoch", "professionals"."suspended" FROM (("clients" INNER JOIN "agencies" ON ("agencies"."id" = "clients"."agency_id")) LEFT OUTER JOIN "professionals" ON ("professionals"."id" = :professional)) WHERE ("clients"."id" = :client) LIMIT :one;
INSERT INTO "idempotency_keys" ("client", "operation", "key", "professional_id", "fingerprint", "subject_id", "created_at") VALUES (:client, :op_create, :key, :professional, :fingerprint, :id, :now) ON CONFLICT DO NOTHING;
SELECT "cases"."id", "cases"."reference", "cases"."country", "cases"."child_id", "cases"."screening_id", "cases"."lead_agency_id", "cases"."opened_by_agency_id", "cases"."status", "cases"."identification_status", "cases"."identification_since", "cases"."presumption_grounds", "cases"."external_ids", "cases"."opened_at", "cases"."version" FROM "cases" WHERE ("cases"."id" = :case_id) LIMIT :one;
SELECT "agencies"."id", "agencies"."country", "agencies"."code", "agencies"."agency_type", "agencies"."name", "agencies"."duty_phone", "agencies"."confidential_location", "agencies"."roles", "agencies"."active", "agencies"."version" FROM "agencies" WHERE ("agencies"."id" = :receiver) LIMIT :one;
SELECT "children"."identity_sealed", "children"."identity_version", "children"."whereabouts_sealed", "children"."whereabouts_version" FROM "children" WHERE ("children"."id" = :child_id) LIMIT :one;
SELECT "data_keys"."section", "data_keys"."wrapped" FROM "data_keys" WHERE (("data_keys"."subject_id" = :child_id) AND (("data_keys"."section" = :identity) OR ("data_keys"."section" = :whereabouts)));
SELECT "countries"."code", "countries"."valid_from", "countries"."name", "countries"."profile" FROM "countries" WHERE (("countries"."code" = :country) AND ("countries"."valid_from" <= :today)) ORDER BY "countries"."valid_from" DESC LIMIT :one;
SELECT "data_keys"."wrapped" FROM "data_keys" WHERE (("data_keys"."subject_id" = :child_id) AND ("data_keys"."section" = :section)) LIMIT :one;
INSERT INTO "referrals" ("id", "reference", "country", "case_id", "case_reference", "child_id", "from_agency_id", "to_agency_id", "to_agency_type", "to_service_id", "urgency", "reasons", "services", "status", "drafted_at", "status_at", "sent_at", "acknowledge_by", "decide_by", "first_contact_by", "version") VALUES (:id, :reference, :country, :case_id, :case_reference, :child_id, :agency, :receiver, :receiver_type, DEFAULT, :new_urgency, :reasons, :services, :sent, :now, :now, :now, :now, :now, :now, :two);
INSERT INTO "referral_files" ("referral_id", "sealed") VALUES (:id, :sealed);
INSERT INTO "events" ("id", "at", "event", "subject", "subject_id", "version", "case_id", "country", "audience", "client", "professional_id", "agency_id", "purpose", "request_id", "payload") VALUES (:id, :now, :drafted, :subject, :id, :one, :case_id, :country, :own, :client, :professional, :agency, :purpose, :id, :empty);
INSERT INTO "events" ("id", "at", "event", "subject", "subject_id", "version", "case_id", "country", "audience", "client", "professional_id", "agency_id", "purpose", "request_id", "payload") VALUES (:id, :now, :was_sent, :subject, :id, :two, :case_id, :country, :both, :client, :professional, :agency, :purpose, :id, :payload);
COMMIT;
