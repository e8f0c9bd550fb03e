-- Who somebody is and what that person may reach, for the policies of every schema.
--
-- Policies must not read other policied tables: each would apply the other's policy without end. So they call
-- these functions, which run as the owner of this schema; it has SELECT, and a policy for it, on exactly the
-- tables named here. Those of sets take no argument: a policy writes them as
-- `(SELECT authz.uid())` or `= ANY (ARRAY(SELECT authz.my_courses()))`, which is evaluated once per query.
--
-- The context of a transaction: app.user_id, app.organization_id. The setting app.role says what an application
-- displays; it opens nothing, since roles are read from users.user_roles.
--
-- requires: users@001 organizations@001 academic@001 files@001 plans@001

-- migrate:up

CREATE FUNCTION uid() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('app.user_id', true), '')::uuid
$$;

CREATE FUNCTION org() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('app.organization_id', true), '')::uuid
$$;

COMMENT ON FUNCTION uid() IS 'The person of the transaction; null: a service by itself.';
COMMENT ON FUNCTION org() IS 'The organisation that the person has chosen; null: none, and so no tenant''s row.';

-- `(SELECT authz.uid()) IS NULL` as one of several policies makes every query of a person read the whole table,
-- since no index serves it: 8 ms for a row of 50,000. A range of ids does the same and is passed over: 0.8 ms.
CREATE FUNCTION lowest_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN authz.uid() IS NULL THEN '00000000-0000-0000-0000-000000000000'::uuid END
$$;

CREATE FUNCTION highest_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN authz.uid() IS NULL THEN 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid END
$$;

COMMENT ON FUNCTION lowest_id() IS 'Where the ids begin that a service by itself may reach; null for a person.';
COMMENT ON FUNCTION highest_id() IS 'Where the ids end that a service by itself may reach; null for a person.';

CREATE FUNCTION is_platform_admin() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' AS $$
  SELECT EXISTS (
    SELECT FROM users.user_roles
    WHERE user_id = authz.uid() AND organization_id IS NULL AND role = 'admin' AND is_active
  )
$$;

COMMENT ON FUNCTION is_platform_admin IS 'Administers the platform. Reaches rows only through has_role, in the organisation chosen.';

CREATE FUNCTION has_role(VARIADIC roles text[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' AS $$
  SELECT EXISTS (
    SELECT FROM users.user_roles
    WHERE user_id = authz.uid() AND is_active AND role = ANY (roles) AND authz.org() IS NOT NULL
      -- An administrator of the platform is one of every organisation, but of one at a time.
      AND (organization_id = authz.org() OR organization_id IS NULL)
  )
$$;

COMMENT ON FUNCTION has_role IS 'Whether the person holds one of the roles in the chosen organisation, now.';

CREATE FUNCTION my_members() RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' ROWS 200 AS $$
  SELECT DISTINCT user_id FROM users.user_roles
  WHERE organization_id = authz.org() AND authz.has_role('admin')
$$;

COMMENT ON FUNCTION my_members IS 'Everybody of the organisation, suspended roles included; of an administrator.';

CREATE FUNCTION taught_courses() RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' ROWS 10 AS $$
  SELECT course_id FROM academic.course_members
  WHERE user_id = authz.uid() AND organization_id = authz.org() AND is_active
    AND member_role IN ('teacher', 'assistant') AND authz.has_role('teacher')
$$;

COMMENT ON FUNCTION taught_courses IS 'Courses that the person teaches or assists.';

CREATE FUNCTION attended_courses() RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' ROWS 10 AS $$
  SELECT course_id FROM academic.course_members
  WHERE user_id = authz.uid() AND organization_id = authz.org() AND is_active
    AND member_role = 'student' AND authz.has_role('student')
$$;

COMMENT ON FUNCTION attended_courses IS 'Courses that the person studies in.';

CREATE FUNCTION my_courses() RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' ROWS 10 AS $$
  SELECT authz.taught_courses() UNION SELECT authz.attended_courses()
$$;

COMMENT ON FUNCTION my_courses IS 'Courses that the person teaches or studies in.';

CREATE FUNCTION my_students() RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' ROWS 50 AS $$
  SELECT DISTINCT member.user_id
  FROM academic.course_members AS member
  -- Whoever was enrolled by mistake and is no student of this school stays out of sight.
  JOIN users.user_roles AS held ON held.user_id = member.user_id AND held.organization_id = member.organization_id
    AND held.role = 'student' AND held.is_active
  WHERE member.course_id = ANY (ARRAY(SELECT authz.taught_courses()))
    AND member.member_role = 'student' AND member.is_active
$$;

COMMENT ON FUNCTION my_students IS 'Students of the courses that the person teaches.';

CREATE FUNCTION my_colleagues() RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' ROWS 50 AS $$
  SELECT DISTINCT user_id FROM users.user_roles
  WHERE organization_id = authz.org() AND role IN ('admin', 'teacher') AND is_active AND authz.has_role('teacher')
$$;

COMMENT ON FUNCTION my_colleagues IS 'Teachers and administrators of the organisation; of a teacher.';

CREATE FUNCTION my_teachers() RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' ROWS 10 AS $$
  SELECT DISTINCT user_id FROM academic.course_members
  WHERE course_id = ANY (ARRAY(SELECT authz.attended_courses()))
    AND member_role IN ('teacher', 'assistant') AND is_active
$$;

COMMENT ON FUNCTION my_teachers IS 'Teachers of the courses that the person studies in.';

CREATE FUNCTION my_children() RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' ROWS 5 AS $$
  SELECT student_id FROM users.guardianships
  WHERE guardian_id = authz.uid() AND organization_id = authz.org() AND status = 'verified'
    AND authz.has_role('parent')
$$;

COMMENT ON FUNCTION my_children IS 'Students for whom the person answers, by a verified link in the organisation.';

CREATE FUNCTION children_courses() RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' ROWS 10 AS $$
  SELECT DISTINCT course_id FROM academic.course_members
  WHERE user_id = ANY (ARRAY(SELECT authz.my_children())) AND organization_id = authz.org()
    AND member_role = 'student' AND is_active
$$;

COMMENT ON FUNCTION children_courses IS 'Courses that a child studies in.';

CREATE FUNCTION children_teachers() RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' ROWS 10 AS $$
  SELECT DISTINCT user_id FROM academic.course_members
  WHERE course_id = ANY (ARRAY(SELECT authz.children_courses()))
    AND member_role IN ('teacher', 'assistant') AND is_active
$$;

COMMENT ON FUNCTION children_teachers IS 'Teachers of the courses that a child studies in.';

CREATE FUNCTION my_plans() RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' ROWS 50 AS $$
  SELECT id FROM plans.plans
  WHERE teacher_id = authz.uid() AND organization_id = authz.org() AND authz.has_role('teacher')
$$;

COMMENT ON FUNCTION my_plans IS 'Plans that the person made as a teacher.';

CREATE FUNCTION assigned_plans() RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' ROWS 10 AS $$
  SELECT DISTINCT plan.id
  FROM plans.plan_results AS result
  JOIN plans.plans AS plan ON plan.id = result.plan_id
  WHERE result.student_id = authz.uid() AND result.organization_id = authz.org()
    AND plan.status IN ('active', 'completed') AND authz.has_role('student')
$$;

COMMENT ON FUNCTION assigned_plans IS 'Plans assigned to the person as a student, under way or done.';

CREATE FUNCTION children_plans() RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' ROWS 10 AS $$
  SELECT DISTINCT plan.id
  FROM plans.plan_results AS result
  JOIN plans.plans AS plan ON plan.id = result.plan_id
  WHERE result.student_id = ANY (ARRAY(SELECT authz.my_children())) AND result.organization_id = authz.org()
    AND plan.status <> 'draft'
$$;

COMMENT ON FUNCTION children_plans IS 'Plans assigned to a child, drafts excepted.';

CREATE FUNCTION my_files() RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' ROWS 50 AS $$
  SELECT id FROM files.files
  WHERE uploaded_by = authz.uid() AND organization_id = authz.org()
    AND authz.has_role('teacher', 'student', 'parent')
$$;

COMMENT ON FUNCTION my_files IS 'Files that the person uploaded.';

CREATE FUNCTION granted_files() RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' ROWS 50 AS $$
  SELECT permission.file_id
  FROM files.file_permissions AS permission
  WHERE permission.organization_id = authz.org() AND authz.has_role('teacher', 'student')
    AND (
      permission.user_id = authz.uid()
      OR permission.role = ANY (ARRAY(
        SELECT role FROM users.user_roles
        WHERE user_id = authz.uid() AND organization_id = authz.org() AND is_active))
      OR permission.course_id = ANY (ARRAY(SELECT authz.my_courses()))
    )
$$;

COMMENT ON FUNCTION granted_files IS 'Files opened to the person, to a role held or to a course; of teachers and students.';

CREATE FUNCTION assigned_files() RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' ROWS 50 AS $$
  SELECT file_id FROM plans.plan_files
  WHERE plan_id = ANY (ARRAY(SELECT authz.assigned_plans())) AND file_role IN ('output', 'template')
$$;

COMMENT ON FUNCTION assigned_files IS 'Files that a student works with: outputs and templates of the plans assigned.';

CREATE FUNCTION children_files() RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' ROWS 50 AS $$
  SELECT file_id FROM plans.plan_files
  WHERE plan_id = ANY (ARRAY(SELECT authz.children_plans())) AND file_role = 'output'
$$;

COMMENT ON FUNCTION children_files IS 'Outputs of the plans of a child.';

CREATE FUNCTION parents_see_chats() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' AS $$
  SELECT EXISTS (
    SELECT FROM organizations.organization_configs
    WHERE organization_id = authz.org() AND config_key = 'chat.parent_visibility' AND config_value = 'true'
  )
$$;

COMMENT ON FUNCTION parents_see_chats IS 'Whether the organisation lets parents read the chats of their children. Default: no.';

CREATE FUNCTION is_student_here(person uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' AS $$
  SELECT EXISTS (
    SELECT FROM users.user_roles
    WHERE user_id = person AND organization_id = authz.org() AND role = 'student' AND is_active
  )
$$;

COMMENT ON FUNCTION is_student_here IS 'Whether somebody studies in the organisation: asked of a single row that is written.';

CREATE FUNCTION is_subject_here(subject uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' AS $$
  SELECT EXISTS (
    SELECT FROM academic.subjects
    WHERE id = subject AND (organization_id IS NULL OR organization_id = authz.org())
  )
$$;

COMMENT ON FUNCTION is_subject_here IS 'Whether a subject is of the organisation or shared: asked of a single row that is written.';

-- migrate:down

DROP FUNCTION is_subject_here;
DROP FUNCTION is_student_here;
DROP FUNCTION parents_see_chats;
DROP FUNCTION children_files;
DROP FUNCTION assigned_files;
DROP FUNCTION granted_files;
DROP FUNCTION my_files;
DROP FUNCTION children_plans;
DROP FUNCTION assigned_plans;
DROP FUNCTION my_plans;
DROP FUNCTION children_teachers;
DROP FUNCTION children_courses;
DROP FUNCTION my_children;
DROP FUNCTION my_teachers;
DROP FUNCTION my_colleagues;
DROP FUNCTION my_students;
DROP FUNCTION my_courses;
DROP FUNCTION attended_courses;
DROP FUNCTION taught_courses;
DROP FUNCTION my_members;
DROP FUNCTION has_role;
DROP FUNCTION is_platform_admin;
DROP FUNCTION highest_id;
DROP FUNCTION lowest_id;
DROP FUNCTION org;
DROP FUNCTION uid;
