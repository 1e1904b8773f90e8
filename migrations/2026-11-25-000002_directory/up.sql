-- The directory is kept by its agencies: where they are and whom they serve, when they are open, what their services
-- accept. What an agency writes of itself is public; of a child nothing is written here.

ALTER TABLE agencies
    ADD COLUMN address jsonb,
    ADD COLUMN areas text[] NOT NULL DEFAULT '{}',
    ADD COLUMN opening_hours jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN duty_roster jsonb NOT NULL DEFAULT '[]',
    ADD CONSTRAINT agencies_confidential_without_address CHECK (NOT confidential_location OR address IS NULL),
    ADD CONSTRAINT agencies_areas_of_the_country CHECK (
        array_position(areas, NULL) IS NULL
        AND array_to_string(areas, ' ') ~ ('^(' || country || '-[A-Z0-9]{1,3}( |$))*$'));

ALTER TABLE services
    ADD COLUMN description text,
    ADD COLUMN needs text[] NOT NULL DEFAULT '{}',
    ADD COLUMN urgencies text[] NOT NULL DEFAULT '{}',
    ADD COLUMN areas text[] NOT NULL DEFAULT '{}',
    ADD COLUMN confidential_location boolean NOT NULL DEFAULT false,
    ADD COLUMN address jsonb,
    ADD CONSTRAINT services_confidential_without_address CHECK (NOT confidential_location OR address IS NULL),
    ADD CONSTRAINT services_areas_of_the_country CHECK (
        array_position(areas, NULL) IS NULL
        AND array_to_string(areas, ' ') ~ ('^(' || country || '-[A-Z0-9]{1,3}( |$))*$'));
CREATE INDEX services_by_code ON services (country, service, id);

-- How often the directory of a country has changed: an answer names the version that it was made of. Whoever changes an
-- agency or a service counts it up, operators included.
CREATE TABLE directory_versions (
    country text PRIMARY KEY,
    version bigint NOT NULL CONSTRAINT directory_versions_count CHECK (version > 0)
);
INSERT INTO directory_versions (country, version) SELECT DISTINCT country, 1 FROM agencies;

CREATE FUNCTION directory_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO directory_versions (country, version) VALUES (coalesce(NEW.country, OLD.country), 1)
        ON CONFLICT (country) DO UPDATE SET version = directory_versions.version + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER agencies_change_the_directory AFTER INSERT OR UPDATE OR DELETE ON agencies
    FOR EACH ROW EXECUTE FUNCTION directory_changed();
CREATE TRIGGER services_change_the_directory AFTER INSERT OR UPDATE OR DELETE ON services
    FOR EACH ROW EXECUTE FUNCTION directory_changed();
