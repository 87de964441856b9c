-- Two grants given at once must see each other, so both wait for the account's row.
CREATE FUNCTION grants_grant_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    disabled timestamptz;
    administrators text[] := ARRAY['system_admin', 'security_admin', 'audit_admin'];
BEGIN
    SELECT disabled_at INTO disabled FROM parties_account WHERE id = NEW.account_id FOR NO KEY UPDATE;
    IF TG_OP = 'INSERT' AND disabled IS NOT NULL THEN
        RAISE EXCEPTION 'account % is disabled', NEW.account_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'grants_account_enabled';
    END IF;
    IF NEW.role = ANY (administrators) AND EXISTS (
        SELECT FROM grants_grant other
        WHERE other.account_id = NEW.account_id AND other.id <> NEW.id
          AND other.role = ANY (administrators) AND other.role <> NEW.role
          AND tstzrange(other.valid_from, other.valid_until) && tstzrange(NEW.valid_from, NEW.valid_until)
    ) THEN
        RAISE EXCEPTION 'account % already holds another administrator''s role', NEW.account_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'grants_administrators_apart';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER grants_grant_fits BEFORE INSERT OR UPDATE ON grants_grant
    FOR EACH ROW EXECUTE FUNCTION grants_grant_fits();

-- Disabling ends what is held: a disabled account never keeps a right for the day it is enabled again.
CREATE FUNCTION grants_account_disabled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE grants_grant SET valid_until = GREATEST(valid_from, NEW.disabled_at)
    WHERE account_id = NEW.id AND (valid_until IS NULL OR valid_until > NEW.disabled_at);
    RETURN NULL;
END $$;

CREATE TRIGGER grants_account_disabled AFTER UPDATE OF disabled_at ON parties_account
    FOR EACH ROW WHEN (OLD.disabled_at IS NULL AND NEW.disabled_at IS NOT NULL)
    EXECUTE FUNCTION grants_account_disabled();
