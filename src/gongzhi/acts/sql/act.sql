-- The table of acts. Partitioned by id, not by time: a UUIDv7 carries its time, the primary key stays one column,
-- and a lookup by id is pruned to one partition. There is no DEFAULT partition: it would block later ones.
CREATE TABLE acts_act (
    id uuid NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    at timestamptz NOT NULL,
    by text COLLATE "C" NOT NULL,
    under text NOT NULL DEFAULT '',
    verb text COLLATE "C" NOT NULL,
    subject_kind text COLLATE "C" NOT NULL,
    subject_id text COLLATE "C" NOT NULL,
    area_path text COLLATE "C" NOT NULL DEFAULT '',
    origin text COLLATE "C" NOT NULL,
    request text COLLATE "C" NOT NULL DEFAULT '',
    CONSTRAINT acts_act_pkey PRIMARY KEY (id),
    CONSTRAINT acts_act_named CHECK (by <> '' AND verb <> '' AND subject_kind <> '' AND subject_id <> '' AND origin <> '')
) PARTITION BY RANGE (id);

-- A timeline is one backward walk per partition; partitions are visited newest first and the walk stops at LIMIT.
CREATE INDEX acts_act_subject ON acts_act (subject_kind, subject_id, id DESC);
-- What did this account do: asked by auditors.
CREATE INDEX acts_act_by ON acts_act (by, id DESC);

-- The timeline of a subject between two ids, newest first. Planning over all months takes longer (4 ms) than running:
-- here the plan is kept and the months are pruned when it starts (1 ms).
CREATE FUNCTION acts_timeline(kind text, what text, low uuid, high uuid, most integer) RETURNS SETOF acts_act
LANGUAGE plpgsql STABLE ROWS 50 SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY SELECT * FROM acts_act a
        WHERE a.subject_kind = kind AND a.subject_id = what AND a.id >= low AND a.id < high
        ORDER BY a.id DESC LIMIT most;
END $$;

CREATE FUNCTION acts_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: evidence is only ever added to', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER acts_refuse_change BEFORE UPDATE OR DELETE ON acts_act
    FOR EACH ROW EXECUTE FUNCTION acts_refuse_change();
CREATE TRIGGER acts_refuse_truncate BEFORE TRUNCATE ON acts_act
    FOR EACH STATEMENT EXECUTE FUNCTION acts_refuse_change();

-- The smallest UUID of a UTC instant, as a partition bound.
CREATE FUNCTION acts_floor(instant timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT (lpad(to_hex((extract(epoch FROM instant) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- Creates the missing monthly partitions of `months` months from the month of `first` (UTC); returns how many it made.
CREATE FUNCTION acts_add_months(first date, months integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    month date;
    child text;
    made integer := 0;
BEGIN
    FOR i IN 0 .. months - 1 LOOP
        month := (date_trunc('month', first::timestamp) + make_interval(months => i))::date;
        child := 'acts_act_' || to_char(month, 'YYYY_MM');
        CONTINUE WHEN to_regclass(quote_ident(child)) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I PARTITION OF acts_act FOR VALUES FROM (%L) TO (%L)', child,
            acts_floor(month::timestamp AT TIME ZONE 'UTC'),
            acts_floor((month + interval '1 month') AT TIME ZONE 'UTC'));
        -- Row triggers are inherited by partitions, TRUNCATE triggers are not.
        EXECUTE format('CREATE TRIGGER acts_refuse_truncate BEFORE TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION acts_refuse_change()', child);
        -- Reading and writing go through the parent.
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'gongzhi_app') THEN
            EXECUTE format('REVOKE ALL ON %I FROM gongzhi_app', child);
        END IF;
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;

-- One month back for clocks that differ, ten years ahead.
SELECT acts_add_months((now() AT TIME ZONE 'UTC' - interval '1 month')::date, 122);
