-- Every change of mandates moves the revision, whoever makes it. The sequence never repeats (see places).
CREATE SEQUENCE mandates_revision_number;
INSERT INTO mandates_revision (id, number) VALUES (1, nextval('mandates_revision_number'));

CREATE FUNCTION mandates_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO mandates_revision (id, number) VALUES (1, nextval('mandates_revision_number'))
    ON CONFLICT (id) DO UPDATE SET number = EXCLUDED.number;
    RETURN NULL;
END $$;

CREATE TRIGGER mandates_mandate_moved AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON mandates_mandate
    FOR EACH STATEMENT EXECUTE FUNCTION mandates_moved();

-- An item that a street only assists with, or that the upper level took back, never has a street or community as lead.
CREATE FUNCTION mandates_lists_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ended_at IS NULL AND NEW.role = 'lead' AND NEW.part <> 'basic' AND EXISTS (
        SELECT FROM parties_organisation WHERE id = NEW.organisation_id AND kind IN ('street', 'community')
    ) THEN
        RAISE EXCEPTION 'item % is % and cannot be led by a street or community', NEW.item, NEW.part
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER mandates_lists_kept BEFORE INSERT OR UPDATE ON mandates_mandate
    FOR EACH ROW EXECUTE FUNCTION mandates_lists_kept();

-- A mandate is ended, never rewritten or deleted.
CREATE FUNCTION mandates_only_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL
        OR (to_jsonb(NEW) - 'ended_at') IS DISTINCT FROM (to_jsonb(OLD) - 'ended_at') THEN
        RAISE EXCEPTION 'a mandate is ended and followed by another, never rewritten' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER mandates_only_ended BEFORE UPDATE OR DELETE ON mandates_mandate
    FOR EACH ROW EXECUTE FUNCTION mandates_only_ended();
