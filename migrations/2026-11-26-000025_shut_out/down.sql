REVOKE SELECT ON restrictions FROM trm_worker;
DROP TABLE shut_out_place;
