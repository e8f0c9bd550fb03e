-- The record of what people and the platform did: append-only, a partition for each month (ORB-12).
--
-- The organization may be missing: a failed sign-in of an unknown account is nobody's, and is seen by the
-- platform alone (ORB-D25). So the table is shared for row tenancy, and two policies of its own stand beside
-- those that Panal generates.

-- migrate:up

CREATE TABLE audit_logs (
  id                     uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id        uuid,
  former_organization_id uuid, -- whose it was, once the organization is deleted
  user_id                uuid,
  action                 varchar(100) NOT NULL,
  entity_type            varchar(100) NOT NULL,
  entity_id              uuid,
  old_values             jsonb,
  new_values             jsonb,
  ip_address             varchar(45),
  user_agent             text,
  created_at             timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, created_at), -- a key of a partitioned table holds what it is partitioned by (ORB-D24)
  -- Not CASCADE: the record outlives what it tells of (ORB-D12).
  CONSTRAINT fk_audit_logs_organization
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE SET NULL,
  CONSTRAINT fk_audit_logs_user FOREIGN KEY (organization_id, user_id)
    REFERENCES users (organization_id, id) ON DELETE SET NULL (user_id),
  CONSTRAINT chk_audit_logs_user CHECK (organization_id IS NOT NULL OR user_id IS NULL)
) PARTITION BY RANGE (created_at);
CREATE INDEX idx_audit_logs_organization_id ON audit_logs (organization_id, created_at DESC);
CREATE INDEX idx_audit_logs_user_id ON audit_logs (organization_id, user_id);
CREATE INDEX idx_audit_logs_action ON audit_logs (organization_id, action);
CREATE INDEX idx_audit_logs_entity ON audit_logs (organization_id, entity_type, entity_id);
CREATE INDEX idx_audit_logs_created_at ON audit_logs USING brin (created_at);

-- An entry of a month that nobody prepared is kept here rather than refused.
CREATE TABLE audit_logs_default PARTITION OF audit_logs DEFAULT;

-- For nobody, the owner included. The one change comes from the foreign keys, when what they name is deleted;
-- Panal's owner is the only one who can make a trigger, and so the only one who could come from within one.
CREATE FUNCTION keep_audit_log() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN
    IF NEW.organization_id IS NULL AND OLD.organization_id IS NOT NULL THEN
      NEW.former_organization_id := OLD.organization_id;
      NEW.user_id := NULL;
    END IF;
    RETURN NEW;
  END IF;
  RAISE 'audit entries are neither changed nor deleted'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_logs_append_only', TABLE = 'audit_logs';
END
$$;
CREATE TRIGGER keep_audit_log BEFORE UPDATE OR DELETE ON audit_logs
  FOR EACH ROW EXECUTE FUNCTION keep_audit_log();
CREATE TRIGGER keep_audit_logs BEFORE TRUNCATE ON audit_logs
  FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_log();

-- Row tenancy shows rows without an organization to everybody: here to nobody who works for one.
CREATE POLICY audit_logs_own_only ON audit_logs AS RESTRICTIVE FOR SELECT TO orbit_app
  USING (organization_id = (SELECT nullif(current_setting('app.current_organization', true), '')::uuid));
CREATE POLICY audit_logs_platform_entry ON audit_logs FOR INSERT TO orbit_app
  WITH CHECK (organization_id IS NULL AND former_organization_id IS NULL);

-- Makes the partitions of the month of `first_day` and the `following` ones, and gives their names; those that
-- stand are passed over. Entries that wait in audit_logs_default move into theirs. Months are those of UTC, in the
-- name and in the bounds, whoever calls. Definer: a login may call it nightly without a right to make tables.
CREATE FUNCTION ensure_audit_partitions(first_day date DEFAULT current_date, following integer DEFAULT 3)
RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  month     timestamp := date_trunc('month', first_day::timestamp);
  partition text;
BEGIN
  IF (following BETWEEN 0 AND 60) IS NOT TRUE OR first_day IS NULL THEN
    RAISE 'from a day on, with 0 to 60 months after its own'
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  FOR _ IN 0 .. following LOOP
    partition := 'audit_logs_' || to_char(month, 'YYYY_MM');
    IF to_regclass(partition) IS NULL THEN
      PERFORM make_audit_partition(partition, month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
      RETURN NEXT partition;
    END IF;
    month := month + interval '1 month';
  END LOOP;
END
$$;

-- Made beside the table and then attached: what waits in the default partition would refuse a new one outright.
-- Runs as the caller, so only within the function above.
CREATE FUNCTION make_audit_partition(partition text, lower_bound timestamptz, upper_bound timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  EXECUTE format('CREATE TABLE %I (LIKE audit_logs INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition);
  ALTER TABLE audit_logs_default DISABLE TRIGGER keep_audit_log;
  EXECUTE format(
    'WITH waiting AS (DELETE FROM audit_logs WHERE tableoid = %L::regclass AND created_at >= %L AND created_at < %L RETURNING *)
     INSERT INTO %I SELECT * FROM waiting', 'audit_logs_default', lower_bound, upper_bound, partition);
  ALTER TABLE audit_logs_default ENABLE TRIGGER keep_audit_log;
  EXECUTE format('ALTER TABLE audit_logs ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', partition, lower_bound, upper_bound);
  -- Nobody has a right on it: it is reached through its parent and the parent's policies.
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', partition);
END
$$;

SELECT ensure_audit_partitions();

-- migrate:down

DROP FUNCTION ensure_audit_partitions(date, integer), make_audit_partition(text, timestamptz, timestamptz);
DROP TABLE audit_logs;
DROP FUNCTION keep_audit_log();
