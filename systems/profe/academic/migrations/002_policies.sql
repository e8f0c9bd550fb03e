-- Who may see and change subjects, courses and their members.
-- requires: authz@001

-- migrate:up

-- Everybody reads the shared catalogue; only rows of the organisation are written.
CREATE POLICY tenant_floor_read ON subjects AS RESTRICTIVE FOR SELECT TO app_users
  USING (organization_id IS NULL OR organization_id = (SELECT authz.org()));
CREATE POLICY tenant_floor_insert ON subjects AS RESTRICTIVE FOR INSERT TO app_users
  WITH CHECK (organization_id = (SELECT authz.org()));
CREATE POLICY tenant_floor_update ON subjects AS RESTRICTIVE FOR UPDATE TO app_users
  USING (organization_id = (SELECT authz.org()));
CREATE POLICY tenant_floor_delete ON subjects AS RESTRICTIVE FOR DELETE TO app_users
  USING (organization_id = (SELECT authz.org()));
CREATE POLICY authz_read ON subjects FOR SELECT TO profe_authz_owner
  USING (true);
CREATE POLICY admin_all ON subjects TO app_users
  USING ((SELECT authz.has_role('admin')));
CREATE POLICY member_read ON subjects FOR SELECT TO app_users
  USING ((SELECT authz.has_role('teacher', 'student', 'parent')));

CREATE POLICY tenant_floor ON courses AS RESTRICTIVE TO app_users
  USING (organization_id = (SELECT authz.org()));
CREATE POLICY admin_all ON courses TO app_users
  USING ((SELECT authz.has_role('admin')));
CREATE POLICY teacher_read ON courses FOR SELECT TO app_users
  USING ((SELECT authz.has_role('teacher')));
CREATE POLICY teacher_update ON courses FOR UPDATE TO app_users
  USING (id = ANY (ARRAY(SELECT authz.taught_courses())));
CREATE POLICY student_read ON courses FOR SELECT TO app_users
  USING (id = ANY (ARRAY(SELECT authz.attended_courses())));
CREATE POLICY parent_read ON courses FOR SELECT TO app_users
  USING (id = ANY (ARRAY(SELECT authz.children_courses())));

CREATE POLICY tenant_floor ON course_subjects AS RESTRICTIVE TO app_users
  USING (organization_id = (SELECT authz.org()));
CREATE POLICY admin_all ON course_subjects TO app_users
  USING ((SELECT authz.has_role('admin')))
  WITH CHECK ((SELECT authz.has_role('admin')) AND authz.is_subject_here(subject_id));
CREATE POLICY teacher_read ON course_subjects FOR SELECT TO app_users
  USING ((SELECT authz.has_role('teacher')));
CREATE POLICY teacher_insert ON course_subjects FOR INSERT TO app_users
  WITH CHECK (course_id = ANY (ARRAY(SELECT authz.taught_courses())) AND authz.is_subject_here(subject_id));
CREATE POLICY teacher_delete ON course_subjects FOR DELETE TO app_users
  USING (course_id = ANY (ARRAY(SELECT authz.taught_courses())));
CREATE POLICY student_read ON course_subjects FOR SELECT TO app_users
  USING (course_id = ANY (ARRAY(SELECT authz.attended_courses())));
CREATE POLICY parent_read ON course_subjects FOR SELECT TO app_users
  USING (course_id = ANY (ARRAY(SELECT authz.children_courses())));

-- A teacher enrols students of the school, not anybody: a member's profile is open to his teacher.
CREATE POLICY tenant_floor ON course_members AS RESTRICTIVE TO app_users
  USING (organization_id = (SELECT authz.org()));
CREATE POLICY authz_read ON course_members FOR SELECT TO profe_authz_owner
  USING (true);
CREATE POLICY admin_all ON course_members TO app_users
  USING ((SELECT authz.has_role('admin')));
CREATE POLICY teacher_read ON course_members FOR SELECT TO app_users
  USING (course_id = ANY (ARRAY(SELECT authz.taught_courses())));
CREATE POLICY teacher_insert ON course_members FOR INSERT TO app_users
  WITH CHECK (course_id = ANY (ARRAY(SELECT authz.taught_courses())) AND member_role = 'student' AND authz.is_student_here(user_id));
CREATE POLICY teacher_update ON course_members FOR UPDATE TO app_users
  USING (course_id = ANY (ARRAY(SELECT authz.taught_courses())) AND member_role = 'student')
  WITH CHECK (course_id = ANY (ARRAY(SELECT authz.taught_courses())) AND member_role = 'student' AND authz.is_student_here(user_id));
CREATE POLICY student_read ON course_members FOR SELECT TO app_users
  USING ((user_id = (SELECT authz.uid()) AND (SELECT authz.has_role('student')))
    OR (course_id = ANY (ARRAY(SELECT authz.attended_courses())) AND member_role IN ('teacher', 'assistant')));
CREATE POLICY parent_read ON course_members FOR SELECT TO app_users
  USING (user_id = ANY (ARRAY(SELECT authz.my_children())));

-- migrate:down

DROP POLICY parent_read ON course_members;
DROP POLICY student_read ON course_members;
DROP POLICY teacher_update ON course_members;
DROP POLICY teacher_insert ON course_members;
DROP POLICY teacher_read ON course_members;
DROP POLICY admin_all ON course_members;
DROP POLICY authz_read ON course_members;
DROP POLICY tenant_floor ON course_members;
DROP POLICY parent_read ON course_subjects;
DROP POLICY student_read ON course_subjects;
DROP POLICY teacher_delete ON course_subjects;
DROP POLICY teacher_insert ON course_subjects;
DROP POLICY teacher_read ON course_subjects;
DROP POLICY admin_all ON course_subjects;
DROP POLICY tenant_floor ON course_subjects;
DROP POLICY parent_read ON courses;
DROP POLICY student_read ON courses;
DROP POLICY teacher_update ON courses;
DROP POLICY teacher_read ON courses;
DROP POLICY admin_all ON courses;
DROP POLICY tenant_floor ON courses;
DROP POLICY member_read ON subjects;
DROP POLICY admin_all ON subjects;
DROP POLICY authz_read ON subjects;
DROP POLICY tenant_floor_delete ON subjects;
DROP POLICY tenant_floor_update ON subjects;
DROP POLICY tenant_floor_insert ON subjects;
DROP POLICY tenant_floor_read ON subjects;
