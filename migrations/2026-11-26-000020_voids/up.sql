-- Requests of other countries that were declared void before they came: they are taken in no more. Nothing of the child.
CREATE TABLE transnational_voids (
    country text NOT NULL,
    request_id uuid NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (country, request_id)
);

-- At the door alone.
GRANT SELECT, INSERT ON transnational_voids TO trm_worker;
