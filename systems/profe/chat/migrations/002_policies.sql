-- Who may read and write chats.
-- requires: authz@001

-- migrate:up

CREATE POLICY tenant_floor ON chat_sessions AS RESTRICTIVE TO app_users
  USING (organization_id = (SELECT authz.org()));
CREATE POLICY own_read ON chat_sessions FOR SELECT TO app_users
  USING (user_id = (SELECT authz.uid()) AND (SELECT authz.has_role('teacher', 'student')));
CREATE POLICY teacher_read ON chat_sessions FOR SELECT TO app_users
  USING (shared_with_teacher AND user_id = ANY (ARRAY(SELECT authz.my_students())));
CREATE POLICY student_insert ON chat_sessions FOR INSERT TO app_users
  WITH CHECK (user_id = (SELECT authz.uid()) AND (SELECT authz.has_role('student'))
    AND (plan_id IS NULL OR plan_id = ANY (ARRAY(SELECT authz.assigned_plans()))));
CREATE POLICY student_update ON chat_sessions FOR UPDATE TO app_users
  USING (user_id = (SELECT authz.uid()) AND (SELECT authz.has_role('student')))
  WITH CHECK (user_id = (SELECT authz.uid()) AND (SELECT authz.has_role('student'))
    AND (plan_id IS NULL OR plan_id = ANY (ARRAY(SELECT authz.assigned_plans()))));
CREATE POLICY parent_read ON chat_sessions FOR SELECT TO app_users
  USING (user_id = ANY (ARRAY(SELECT authz.my_children())) AND (SELECT authz.parents_see_chats()));

-- Whoever sees a session sees what it holds: the subquery is under the policies of chat_sessions.
CREATE POLICY tenant_floor ON chat_messages AS RESTRICTIVE TO app_users
  USING (organization_id = (SELECT authz.org()));
CREATE POLICY session_read ON chat_messages FOR SELECT TO app_users
  USING (session_id = ANY (ARRAY(SELECT id FROM chat_sessions)));
CREATE POLICY student_insert ON chat_messages FOR INSERT TO app_users
  WITH CHECK (session_id = ANY (ARRAY(SELECT id FROM chat_sessions WHERE user_id = (SELECT authz.uid()))) AND (SELECT authz.has_role('student')));

CREATE POLICY tenant_floor ON chat_files AS RESTRICTIVE TO app_users
  USING (organization_id = (SELECT authz.org()));
CREATE POLICY session_read ON chat_files FOR SELECT TO app_users
  USING (session_id = ANY (ARRAY(SELECT id FROM chat_sessions)));
CREATE POLICY student_insert ON chat_files FOR INSERT TO app_users
  WITH CHECK (session_id = ANY (ARRAY(SELECT id FROM chat_sessions WHERE user_id = (SELECT authz.uid()))) AND (SELECT authz.has_role('student'))
    AND file_id = ANY (ARRAY(SELECT authz.my_files())));

-- What an administrator sees of chats: that they took place. A view that runs as its owner and carries the
-- predicate itself.
CREATE VIEW session_overview WITH (security_barrier = true) AS
SELECT s.id, s.organization_id, s.user_id, s.app_name, s.plan_id, s.shared_with_teacher, s.status, s.created_at, s.updated_at
FROM chat_sessions AS s
WHERE s.organization_id = (SELECT authz.org()) AND (SELECT authz.has_role('admin'));

-- migrate:down

DROP VIEW session_overview;
DROP POLICY student_insert ON chat_files;
DROP POLICY session_read ON chat_files;
DROP POLICY tenant_floor ON chat_files;
DROP POLICY student_insert ON chat_messages;
DROP POLICY session_read ON chat_messages;
DROP POLICY tenant_floor ON chat_messages;
DROP POLICY parent_read ON chat_sessions;
DROP POLICY student_update ON chat_sessions;
DROP POLICY student_insert ON chat_sessions;
DROP POLICY teacher_read ON chat_sessions;
DROP POLICY own_read ON chat_sessions;
DROP POLICY tenant_floor ON chat_sessions;
