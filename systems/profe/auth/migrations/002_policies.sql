-- Who may see and change accounts and sessions. Without a person the service itself acts: it logs people in.
-- requires: authz@001

-- migrate:up

-- RLS knows rows, not columns. The arguments are the columns that may change; of requests alone, since what runs
-- as the owner (functions, seeds) keeps its own rules.
CREATE FUNCTION refuse_other_columns() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - TG_ARGV IS DISTINCT FROM to_jsonb(OLD) - TG_ARGV THEN
    RAISE EXCEPTION 'only % of %.% may be changed here', array_to_string(TG_ARGV, ', '), TG_TABLE_SCHEMA, TG_TABLE_NAME
      USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END
$$;
CREATE POLICY service_all ON users TO profe_auth_svc
  USING (id BETWEEN (SELECT authz.lowest_id()) AND (SELECT authz.highest_id()));
CREATE POLICY admin_read ON users FOR SELECT TO app_users
  USING (id = ANY (ARRAY(SELECT authz.my_members())));
CREATE POLICY admin_update ON users FOR UPDATE TO app_users
  USING (id = ANY (ARRAY(SELECT authz.my_members())));
CREATE POLICY self_read ON users FOR SELECT TO app_users
  USING (id = (SELECT authz.uid()) AND (SELECT authz.has_role('student', 'parent')));

CREATE TRIGGER trg_users_guard BEFORE UPDATE ON users
  FOR EACH ROW WHEN (current_user = 'profe_auth_svc' AND nullif(current_setting('app.user_id', true), '') IS NOT NULL)
  EXECUTE FUNCTION refuse_other_columns('is_active');

CREATE POLICY service_all ON sessions TO profe_auth_svc
  USING (user_id BETWEEN (SELECT authz.lowest_id()) AND (SELECT authz.highest_id()));
CREATE POLICY own_read ON sessions FOR SELECT TO app_users
  USING (user_id = (SELECT authz.uid()) AND (SELECT authz.has_role('teacher', 'student', 'parent')));
CREATE POLICY own_delete ON sessions FOR DELETE TO app_users
  USING (user_id = (SELECT authz.uid()) AND (SELECT authz.has_role('teacher', 'student', 'parent')));

-- What an administrator sees of the members' sessions, and ends by deleting: everything but the token. A view
-- that runs as its owner and carries the predicate itself.
CREATE VIEW session_overview WITH (security_barrier = true) AS
SELECT id, user_id, parent_id, created_at, expires_at, used_at, revoked_at, revoke_reason, user_agent, ip
FROM sessions
WHERE user_id = ANY (ARRAY(SELECT authz.my_members()));

CREATE POLICY service_all ON password_resets TO profe_auth_svc
  USING ((SELECT authz.uid()) IS NULL)
  WITH CHECK ((SELECT authz.uid()) IS NULL);

-- migrate:down

DROP POLICY service_all ON password_resets;
DROP VIEW session_overview;
DROP POLICY own_delete ON sessions;
DROP POLICY own_read ON sessions;
DROP POLICY service_all ON sessions;
DROP TRIGGER trg_users_guard ON users;
DROP POLICY self_read ON users;
DROP POLICY admin_update ON users;
DROP POLICY admin_read ON users;
DROP POLICY service_all ON users;
DROP FUNCTION refuse_other_columns();
