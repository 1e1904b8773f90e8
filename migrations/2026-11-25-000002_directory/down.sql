DROP TRIGGER services_change_the_directory ON services;
DROP TRIGGER agencies_change_the_directory ON agencies;
DROP FUNCTION directory_changed;
DROP TABLE directory_versions;

DROP INDEX services_by_code;
ALTER TABLE services
    DROP COLUMN address,
    DROP COLUMN confidential_location,
    DROP COLUMN areas,
    DROP COLUMN urgencies,
    DROP COLUMN needs,
    DROP COLUMN description;
ALTER TABLE agencies
    DROP COLUMN duty_roster,
    DROP COLUMN opening_hours,
    DROP COLUMN areas,
    DROP COLUMN address;
