DROP TABLE idempotency_keys, access_log, event_positions, events, referral_files, referrals, exploitation_episodes,
    participations, cases, children, screenings, concerns, data_keys, used_assertions, professionals, client_keys, clients,
    services, agencies, countries;
DROP FUNCTION logs_are_append_only;
