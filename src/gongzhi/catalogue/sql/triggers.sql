-- Every change of categories moves the revision, whoever makes it: snapshots in memory ask this one row.
-- The sequence never repeats, so a rolled back change cannot share its number with a later one.
CREATE SEQUENCE catalogue_revision_number;
INSERT INTO catalogue_revision (id, number) VALUES (1, nextval('catalogue_revision_number'));

CREATE FUNCTION catalogue_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalogue_revision (id, number) VALUES (1, nextval('catalogue_revision_number'))
    ON CONFLICT (id) DO UPDATE SET number = EXCLUDED.number;
    RETURN NULL;
END $$;

CREATE TRIGGER catalogue_category_moved AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON catalogue_category
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_moved();

-- What was published is followed by a new version, never changed: running matters stand on it.
CREATE FUNCTION catalogue_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is published and never changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER catalogue_refuse_change BEFORE UPDATE OR DELETE ON catalogue_procedureversion
    FOR EACH ROW EXECUTE FUNCTION catalogue_refuse_change();
CREATE TRIGGER catalogue_refuse_change BEFORE UPDATE OR DELETE ON catalogue_categoryedition
    FOR EACH ROW EXECUTE FUNCTION catalogue_refuse_change();
