-- Who may see and change people, roles and the links between parents and students.
-- requires: authz@001

-- migrate:up

CREATE POLICY admin_read ON user_profiles FOR SELECT TO app_users
  USING (user_id = ANY (ARRAY(SELECT authz.my_members())));
CREATE POLICY admin_update ON user_profiles FOR UPDATE TO app_users
  USING (user_id = ANY (ARRAY(SELECT authz.my_members())));
CREATE POLICY own_read ON user_profiles FOR SELECT TO app_users
  USING (user_id = (SELECT authz.uid()) AND (SELECT authz.has_role('teacher', 'student', 'parent')));
CREATE POLICY own_update ON user_profiles FOR UPDATE TO app_users
  USING (user_id = (SELECT authz.uid()) AND (SELECT authz.has_role('teacher', 'student', 'parent')));
CREATE POLICY teacher_read ON user_profiles FOR SELECT TO app_users
  USING (user_id = ANY (ARRAY(SELECT authz.my_students())) OR user_id = ANY (ARRAY(SELECT authz.my_colleagues())));
CREATE POLICY student_read ON user_profiles FOR SELECT TO app_users
  USING (user_id = ANY (ARRAY(SELECT authz.my_teachers())));
CREATE POLICY parent_read ON user_profiles FOR SELECT TO app_users
  USING (user_id = ANY (ARRAY(SELECT authz.my_children())) OR user_id = ANY (ARRAY(SELECT authz.children_teachers())));

-- One's own roles are visible everywhere: they are needed to choose an organisation. Rows of the platform
-- have no organisation, so no administrator of a school reaches them.
CREATE POLICY tenant_floor ON user_roles AS RESTRICTIVE TO app_users
  USING (organization_id = (SELECT authz.org()) OR user_id = (SELECT authz.uid()));
CREATE POLICY authz_read ON user_roles FOR SELECT TO profe_authz_owner
  USING (true);
CREATE POLICY admin_all ON user_roles TO app_users
  USING (organization_id = (SELECT authz.org()) AND (SELECT authz.has_role('admin')));
CREATE POLICY own_read ON user_roles FOR SELECT TO app_users
  USING (user_id = (SELECT authz.uid()));
CREATE POLICY parent_read ON user_roles FOR SELECT TO app_users
  USING (user_id = ANY (ARRAY(SELECT authz.my_children())));

CREATE POLICY own_read ON user_preferences FOR SELECT TO app_users
  USING (user_id = (SELECT authz.uid()) AND (SELECT authz.has_role('teacher', 'student', 'parent')));
CREATE POLICY own_insert ON user_preferences FOR INSERT TO app_users
  WITH CHECK (user_id = (SELECT authz.uid()) AND (SELECT authz.has_role('teacher', 'student', 'parent')));
CREATE POLICY own_update ON user_preferences FOR UPDATE TO app_users
  USING (user_id = (SELECT authz.uid()) AND (SELECT authz.has_role('teacher', 'student', 'parent')));

CREATE POLICY tenant_floor ON guardianships AS RESTRICTIVE TO app_users
  USING (organization_id = (SELECT authz.org()) OR guardian_id = (SELECT authz.uid()) OR student_id = (SELECT authz.uid()));
CREATE POLICY authz_read ON guardianships FOR SELECT TO profe_authz_owner
  USING (true);
CREATE POLICY admin_all ON guardianships TO app_users
  USING (organization_id = (SELECT authz.org()) AND (SELECT authz.has_role('admin')));
CREATE POLICY own_read ON guardianships FOR SELECT TO app_users
  USING (guardian_id = (SELECT authz.uid()) OR student_id = (SELECT authz.uid()));
CREATE POLICY teacher_read ON guardianships FOR SELECT TO app_users
  USING (student_id = ANY (ARRAY(SELECT authz.my_students())));
CREATE POLICY parent_insert ON guardianships FOR INSERT TO app_users
  WITH CHECK (guardian_id = (SELECT authz.uid()) AND organization_id = (SELECT authz.org()) AND (SELECT authz.has_role('parent'))
    AND status = 'pending' AND verified_by IS NULL AND verified_at IS NULL);

-- At registration nobody is logged in, and no policy lets anybody insert a profile.
CREATE FUNCTION create_profile(user_id uuid, first_name text, last_name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  IF authz.uid() IS NOT NULL THEN
    RAISE EXCEPTION 'profiles are made at registration, without a person' USING ERRCODE = '42501';
  END IF;
  INSERT INTO user_profiles (user_id, first_name, last_name)
  VALUES (create_profile.user_id, create_profile.first_name, create_profile.last_name);
END
$$;

-- migrate:down

DROP FUNCTION create_profile;
DROP POLICY parent_insert ON guardianships;
DROP POLICY teacher_read ON guardianships;
DROP POLICY own_read ON guardianships;
DROP POLICY admin_all ON guardianships;
DROP POLICY authz_read ON guardianships;
DROP POLICY tenant_floor ON guardianships;
DROP POLICY own_update ON user_preferences;
DROP POLICY own_insert ON user_preferences;
DROP POLICY own_read ON user_preferences;
DROP POLICY parent_read ON user_roles;
DROP POLICY own_read ON user_roles;
DROP POLICY admin_all ON user_roles;
DROP POLICY authz_read ON user_roles;
DROP POLICY tenant_floor ON user_roles;
DROP POLICY parent_read ON user_profiles;
DROP POLICY student_read ON user_profiles;
DROP POLICY teacher_read ON user_profiles;
DROP POLICY own_update ON user_profiles;
DROP POLICY own_read ON user_profiles;
DROP POLICY admin_update ON user_profiles;
DROP POLICY admin_read ON user_profiles;
