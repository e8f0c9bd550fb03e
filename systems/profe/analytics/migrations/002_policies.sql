-- Who may read measurements. The service appends without a person, in the organisation measured; the reporting
-- login has policies of its own instead of BYPASSRLS.
-- requires: authz@001

-- migrate:up

CREATE POLICY tenant_floor ON user_metrics AS RESTRICTIVE TO app_users
  USING (organization_id = (SELECT authz.org()));
CREATE POLICY service_insert ON user_metrics FOR INSERT TO profe_analytics_svc
  WITH CHECK ((SELECT authz.uid()) IS NULL);
CREATE POLICY reports_read ON user_metrics FOR SELECT TO profe_reports
  USING (true);
CREATE POLICY admin_read ON user_metrics FOR SELECT TO app_users
  USING ((SELECT authz.has_role('admin')));
CREATE POLICY own_read ON user_metrics FOR SELECT TO app_users
  USING (user_id = (SELECT authz.uid()) AND (SELECT authz.has_role('teacher', 'student')));
CREATE POLICY teacher_read ON user_metrics FOR SELECT TO app_users
  USING (user_id = ANY (ARRAY(SELECT authz.my_students())));
CREATE POLICY parent_read ON user_metrics FOR SELECT TO app_users
  USING (user_id = ANY (ARRAY(SELECT authz.my_children())));

CREATE POLICY tenant_floor ON plan_metrics AS RESTRICTIVE TO app_users
  USING (organization_id = (SELECT authz.org()));
CREATE POLICY service_insert ON plan_metrics FOR INSERT TO profe_analytics_svc
  WITH CHECK ((SELECT authz.uid()) IS NULL);
CREATE POLICY reports_read ON plan_metrics FOR SELECT TO profe_reports
  USING (true);
CREATE POLICY admin_read ON plan_metrics FOR SELECT TO app_users
  USING ((SELECT authz.has_role('admin')));
CREATE POLICY teacher_read ON plan_metrics FOR SELECT TO app_users
  USING (plan_id = ANY (ARRAY(SELECT authz.my_plans())));

CREATE POLICY tenant_floor ON academic_metrics AS RESTRICTIVE TO app_users
  USING (organization_id = (SELECT authz.org()));
CREATE POLICY service_insert ON academic_metrics FOR INSERT TO profe_analytics_svc
  WITH CHECK ((SELECT authz.uid()) IS NULL);
CREATE POLICY reports_read ON academic_metrics FOR SELECT TO profe_reports
  USING (true);
CREATE POLICY admin_read ON academic_metrics FOR SELECT TO app_users
  USING ((SELECT authz.has_role('admin')));
CREATE POLICY teacher_read ON academic_metrics FOR SELECT TO app_users
  USING (course_id = ANY (ARRAY(SELECT authz.taught_courses())));

-- migrate:down

DROP POLICY teacher_read ON academic_metrics;
DROP POLICY admin_read ON academic_metrics;
DROP POLICY reports_read ON academic_metrics;
DROP POLICY service_insert ON academic_metrics;
DROP POLICY tenant_floor ON academic_metrics;
DROP POLICY teacher_read ON plan_metrics;
DROP POLICY admin_read ON plan_metrics;
DROP POLICY reports_read ON plan_metrics;
DROP POLICY service_insert ON plan_metrics;
DROP POLICY tenant_floor ON plan_metrics;
DROP POLICY parent_read ON user_metrics;
DROP POLICY teacher_read ON user_metrics;
DROP POLICY own_read ON user_metrics;
DROP POLICY admin_read ON user_metrics;
DROP POLICY reports_read ON user_metrics;
DROP POLICY service_insert ON user_metrics;
DROP POLICY tenant_floor ON user_metrics;
