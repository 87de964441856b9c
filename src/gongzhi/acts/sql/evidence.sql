-- The other evidence tables are changed by nobody either.
CREATE TRIGGER acts_refuse_change BEFORE UPDATE OR DELETE ON acts_leaf
    FOR EACH ROW EXECUTE FUNCTION acts_refuse_change();
CREATE TRIGGER acts_refuse_truncate BEFORE TRUNCATE ON acts_leaf
    FOR EACH STATEMENT EXECUTE FUNCTION acts_refuse_change();
CREATE TRIGGER acts_refuse_change BEFORE UPDATE ON acts_content
    FOR EACH ROW EXECUTE FUNCTION acts_refuse_change();
CREATE TRIGGER acts_refuse_change BEFORE UPDATE OR DELETE ON acts_tombstone
    FOR EACH ROW EXECUTE FUNCTION acts_refuse_change();

-- Pending rows live for milliseconds: vacuum by count, not by share.
ALTER TABLE acts_pending SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- The only way to take an act's content away. It leaves a tombstone; the act, its leaf and its proof stay.
-- A content whose act has no position yet is not erased: its seal could never be computed.
CREATE FUNCTION acts_erase(act uuid, eraser text, ground text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF eraser = '' OR ground = '' THEN
        RAISE EXCEPTION 'an erasure names who and why' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM acts_pending WHERE act_id = act) THEN
        RAISE EXCEPTION 'act % is not sealed yet', act USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    DELETE FROM acts_content WHERE act_id = act;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO acts_tombstone (act_id, erased_at, by, reason) VALUES (act, clock_timestamp(), eraser, ground);
    RETURN true;
END $$;
-- A function that runs with its owner's rights must not be led astray by the caller's temporary tables.
DO $$ BEGIN
    EXECUTE format('ALTER FUNCTION acts_erase(uuid, text, text) SET search_path = %I, pg_temp', current_schema());
END $$;
REVOKE ALL ON FUNCTION acts_erase(uuid, text, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION acts_add_months(date, integer) FROM PUBLIC;
