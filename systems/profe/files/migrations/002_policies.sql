-- Who may see and change files.
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
CREATE POLICY tenant_floor ON files AS RESTRICTIVE TO app_users
  USING (organization_id = (SELECT authz.org()));
CREATE POLICY authz_read ON files FOR SELECT TO profe_authz_owner
  USING (true);
CREATE POLICY service_read ON files FOR SELECT TO profe_files_svc
  USING ((SELECT authz.uid()) IS NULL);
CREATE POLICY service_update ON files FOR UPDATE TO profe_files_svc
  USING ((SELECT authz.uid()) IS NULL);
CREATE POLICY admin_read ON files FOR SELECT TO app_users
  USING ((SELECT authz.has_role('admin')));
CREATE POLICY admin_update ON files FOR UPDATE TO app_users
  USING ((SELECT authz.has_role('admin')));
CREATE POLICY admin_delete ON files FOR DELETE TO app_users
  USING ((SELECT authz.has_role('admin')));
CREATE POLICY own_read ON files FOR SELECT TO app_users
  USING (uploaded_by = (SELECT authz.uid()) AND (SELECT authz.has_role('teacher', 'student', 'parent')));
CREATE POLICY own_insert ON files FOR INSERT TO app_users
  WITH CHECK (uploaded_by = (SELECT authz.uid()) AND scan_status = 'pending' AND (SELECT authz.has_role('teacher', 'student')));
CREATE POLICY teacher_update ON files FOR UPDATE TO app_users
  USING (uploaded_by = (SELECT authz.uid()) AND (SELECT authz.has_role('teacher')));
CREATE POLICY teacher_delete ON files FOR DELETE TO app_users
  USING (uploaded_by = (SELECT authz.uid()) AND (SELECT authz.has_role('teacher')));
CREATE POLICY granted_read ON files FOR SELECT TO app_users
  USING ((visibility IN ('organization', 'public') AND (SELECT authz.has_role('teacher', 'student'))) OR id = ANY (ARRAY(SELECT authz.granted_files())));
CREATE POLICY student_read ON files FOR SELECT TO app_users
  USING (id = ANY (ARRAY(SELECT authz.assigned_files())));
CREATE POLICY parent_read ON files FOR SELECT TO app_users
  USING (id = ANY (ARRAY(SELECT authz.children_files())));

-- The scanner, which acts without a person, writes its verdict and nothing else; people write everything but it.
CREATE TRIGGER trg_files_guard_scanner BEFORE UPDATE ON files
  FOR EACH ROW WHEN (current_user = 'profe_files_svc' AND nullif(current_setting('app.user_id', true), '') IS NULL)
  EXECUTE FUNCTION refuse_other_columns('scan_status');
CREATE TRIGGER trg_files_guard_people BEFORE UPDATE ON files
  FOR EACH ROW WHEN (current_user = 'profe_files_svc' AND nullif(current_setting('app.user_id', true), '') IS NOT NULL)
  EXECUTE FUNCTION refuse_other_columns('filename', 'metadata', 'visibility');

CREATE POLICY tenant_floor ON file_permissions AS RESTRICTIVE TO app_users
  USING (organization_id = (SELECT authz.org()));
CREATE POLICY authz_read ON file_permissions FOR SELECT TO profe_authz_owner
  USING (true);
CREATE POLICY admin_read ON file_permissions FOR SELECT TO app_users
  USING ((SELECT authz.has_role('admin')));
CREATE POLICY admin_insert ON file_permissions FOR INSERT TO app_users
  WITH CHECK ((SELECT authz.has_role('admin')));
CREATE POLICY admin_delete ON file_permissions FOR DELETE TO app_users
  USING ((SELECT authz.has_role('admin')));
CREATE POLICY own_read ON file_permissions FOR SELECT TO app_users
  USING (file_id = ANY (ARRAY(SELECT authz.my_files())));
CREATE POLICY own_insert ON file_permissions FOR INSERT TO app_users
  WITH CHECK (file_id = ANY (ARRAY(SELECT authz.my_files())) AND (SELECT authz.has_role('teacher', 'student')));
CREATE POLICY own_delete ON file_permissions FOR DELETE TO app_users
  USING (file_id = ANY (ARRAY(SELECT authz.my_files())) AND (SELECT authz.has_role('teacher', 'student')));

-- migrate:down

DROP POLICY own_delete ON file_permissions;
DROP POLICY own_insert ON file_permissions;
DROP POLICY own_read ON file_permissions;
DROP POLICY admin_delete ON file_permissions;
DROP POLICY admin_insert ON file_permissions;
DROP POLICY admin_read ON file_permissions;
DROP POLICY authz_read ON file_permissions;
DROP POLICY tenant_floor ON file_permissions;
DROP TRIGGER trg_files_guard_people ON files;
DROP TRIGGER trg_files_guard_scanner ON files;
DROP POLICY parent_read ON files;
DROP POLICY student_read ON files;
DROP POLICY granted_read ON files;
DROP POLICY teacher_delete ON files;
DROP POLICY teacher_update ON files;
DROP POLICY own_insert ON files;
DROP POLICY own_read ON files;
DROP POLICY admin_delete ON files;
DROP POLICY admin_update ON files;
DROP POLICY admin_read ON files;
DROP POLICY service_update ON files;
DROP POLICY service_read ON files;
DROP POLICY authz_read ON files;
DROP POLICY tenant_floor ON files;
DROP FUNCTION refuse_other_columns();
