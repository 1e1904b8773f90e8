REVOKE SELECT ON access_log FROM trm_worker;
DROP TABLE canary_alarms, canary_cases;
