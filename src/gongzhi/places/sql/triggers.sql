-- Every change of areas or names moves the revision, whoever makes it: snapshots in memory ask this one row.
-- The sequence never repeats, so a rolled back change cannot share its number with a later one.
-- SECURITY INVOKER on purpose: a role that may change areas may move the number.
CREATE SEQUENCE places_revision_number;
INSERT INTO places_revision (id, number) VALUES (1, nextval('places_revision_number'));

CREATE FUNCTION places_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO places_revision (id, number) VALUES (1, nextval('places_revision_number'))
    ON CONFLICT (id) DO UPDATE SET number = EXCLUDED.number;
    RETURN NULL;
END $$;

CREATE TRIGGER places_area_moved AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON places_area
    FOR EACH STATEMENT EXECUTE FUNCTION places_moved();
CREATE TRIGGER places_name_moved AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON places_placename
    FOR EACH STATEMENT EXECUTE FUNCTION places_moved();

-- A child is of a narrower level and its path continues its parent's: what the tree promises to every prefix filter.
CREATE FUNCTION places_area_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above record;
    levels text[] := ARRAY['province', 'city', 'district', 'street', 'community', 'grid', 'micro_grid'];
BEGIN
    IF NEW.parent_id IS NULL THEN
        IF NEW.path <> NEW.code || '/' THEN
            RAISE EXCEPTION 'area % has no parent but path %', NEW.code, NEW.path USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    SELECT path, level INTO above FROM places_area WHERE id = NEW.parent_id;
    IF above.path IS NOT NULL AND NEW.path <> above.path || NEW.code || '/' THEN
        RAISE EXCEPTION 'area % has path %, not below %', NEW.code, NEW.path, above.path
            USING ERRCODE = 'check_violation';
    END IF;
    IF array_position(levels, NEW.level) <= array_position(levels, above.level) THEN
        RAISE EXCEPTION 'area % (%) cannot lie in a %', NEW.code, NEW.level, above.level
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER places_area_fits BEFORE INSERT OR UPDATE OF parent_id, path, level, code ON places_area
    FOR EACH ROW EXECUTE FUNCTION places_area_fits();
