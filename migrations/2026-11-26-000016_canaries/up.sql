-- Canaries: invented cases that nobody has a reason to open. Which cases these are is told to no role that serves requests.
CREATE TABLE canary_cases (
    case_id uuid PRIMARY KEY REFERENCES cases,
    -- What the log knows it by, so that the log does not tell which case it is.
    canary_id uuid NOT NULL CONSTRAINT canary_cases_once UNIQUE,
    country text NOT NULL,
    -- The request of its own facts: they are no act of anybody.
    request_id uuid NOT NULL,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    ended_at timestamptz,
    ended_by text,
    CONSTRAINT canary_cases_ended CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);

-- Who opened one: once for each professional, or client without one, and day (UTC).
CREATE TABLE canary_alarms (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES canary_cases,
    country text NOT NULL,
    client uuid NOT NULL,
    agency_id uuid NOT NULL,
    professional_id uuid,
    day date NOT NULL,
    opened_at timestamptz NOT NULL,
    raised_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX canary_alarms_once ON canary_alarms
    (case_id, client, coalesce(professional_id, '00000000-0000-0000-0000-000000000000'), day);

-- The worker looks for them in both logs; nobody who serves requests can.
GRANT SELECT ON canary_cases, access_log TO trm_worker;
GRANT SELECT, INSERT ON canary_alarms TO trm_worker;
