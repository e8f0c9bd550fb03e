-- Who may see and change plans, jobs and results.
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
CREATE POLICY tenant_floor ON plans AS RESTRICTIVE TO app_users
  USING (organization_id = (SELECT authz.org()));
CREATE POLICY authz_read ON plans FOR SELECT TO profe_authz_owner
  USING (true);
CREATE POLICY admin_read ON plans FOR SELECT TO app_users
  USING ((SELECT authz.has_role('admin')));
CREATE POLICY admin_update ON plans FOR UPDATE TO app_users
  USING ((SELECT authz.has_role('admin')));
CREATE POLICY teacher_own ON plans TO app_users
  USING (teacher_id = (SELECT authz.uid()) AND (SELECT authz.has_role('teacher')))
  WITH CHECK (teacher_id = (SELECT authz.uid()) AND (SELECT authz.has_role('teacher')) AND authz.is_subject_here(subject_id)
    AND (course_id IS NULL OR course_id = ANY (ARRAY(SELECT authz.taught_courses()))));
CREATE POLICY teacher_read ON plans FOR SELECT TO app_users
  USING (course_id = ANY (ARRAY(SELECT authz.taught_courses())));
CREATE POLICY student_read ON plans FOR SELECT TO app_users
  USING (id = ANY (ARRAY(SELECT authz.assigned_plans())));
CREATE POLICY parent_read ON plans FOR SELECT TO app_users
  USING (id = ANY (ARRAY(SELECT authz.children_plans())));

-- An administrator archives the plan of a teacher and changes nothing else in it.
CREATE FUNCTION refuse_others_plans() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.teacher_id = authz.uid() AND authz.has_role('teacher') THEN
    RETURN NEW;
  END IF;
  IF NEW.status <> 'archived' OR to_jsonb(NEW) - 'status' IS DISTINCT FROM to_jsonb(OLD) - 'status' THEN
    RAISE EXCEPTION 'an administrator only archives plans' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER trg_plans_guard BEFORE UPDATE ON plans
  FOR EACH ROW WHEN (current_user = 'profe_plans_svc')
  EXECUTE FUNCTION refuse_others_plans();

-- The worker acts without a person, in the organisation of the job.
CREATE POLICY tenant_floor ON plan_jobs AS RESTRICTIVE TO app_users
  USING (organization_id = (SELECT authz.org()));
CREATE POLICY service_read ON plan_jobs FOR SELECT TO profe_plans_svc
  USING ((SELECT authz.uid()) IS NULL);
CREATE POLICY service_update ON plan_jobs FOR UPDATE TO profe_plans_svc
  USING ((SELECT authz.uid()) IS NULL);
CREATE POLICY admin_read ON plan_jobs FOR SELECT TO app_users
  USING ((SELECT authz.has_role('admin')));
CREATE POLICY teacher_read ON plan_jobs FOR SELECT TO app_users
  USING (teacher_id = (SELECT authz.uid()) AND (SELECT authz.has_role('teacher')));
CREATE POLICY teacher_insert ON plan_jobs FOR INSERT TO app_users
  WITH CHECK (teacher_id = (SELECT authz.uid()) AND (SELECT authz.has_role('teacher'))
    AND status = 'pending' AND (plan_id IS NULL OR plan_id = ANY (ARRAY(SELECT authz.my_plans()))));
CREATE POLICY teacher_update ON plan_jobs FOR UPDATE TO app_users
  USING (teacher_id = (SELECT authz.uid()) AND (SELECT authz.has_role('teacher')));

CREATE TRIGGER trg_plan_jobs_guard BEFORE UPDATE ON plan_jobs
  FOR EACH ROW WHEN (current_user = 'profe_plans_svc' AND nullif(current_setting('app.user_id', true), '') IS NOT NULL)
  EXECUTE FUNCTION refuse_other_columns('cancelled_at');

CREATE POLICY tenant_floor ON plan_results AS RESTRICTIVE TO app_users
  USING (organization_id = (SELECT authz.org()));
CREATE POLICY authz_read ON plan_results FOR SELECT TO profe_authz_owner
  USING (true);
CREATE POLICY service_insert ON plan_results FOR INSERT TO profe_plans_svc
  WITH CHECK ((SELECT authz.uid()) IS NULL);
CREATE POLICY admin_read ON plan_results FOR SELECT TO app_users
  USING ((SELECT authz.has_role('admin')));
CREATE POLICY teacher_read ON plan_results FOR SELECT TO app_users
  USING (plan_id = ANY (ARRAY(SELECT authz.my_plans())));
CREATE POLICY teacher_insert ON plan_results FOR INSERT TO app_users
  WITH CHECK (plan_id = ANY (ARRAY(SELECT authz.my_plans())) AND student_id = ANY (ARRAY(SELECT authz.my_students()))
    AND completion_percentage = 0 AND score IS NULL);
CREATE POLICY teacher_update ON plan_results FOR UPDATE TO app_users
  USING (plan_id = ANY (ARRAY(SELECT authz.my_plans())));
CREATE POLICY student_read ON plan_results FOR SELECT TO app_users
  USING (student_id = (SELECT authz.uid()) AND (SELECT authz.has_role('student')));
CREATE POLICY parent_read ON plan_results FOR SELECT TO app_users
  USING (student_id = ANY (ARRAY(SELECT authz.my_children())));

CREATE TRIGGER trg_plan_results_guard BEFORE UPDATE ON plan_results
  FOR EACH ROW WHEN (current_user = 'profe_plans_svc' AND nullif(current_setting('app.user_id', true), '') IS NOT NULL)
  EXECUTE FUNCTION refuse_other_columns('feedback', 'score');

-- The only way in which a student changes a result: forward, and never its score.
CREATE FUNCTION record_progress(result_id uuid, completion numeric, minutes integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  UPDATE plan_results AS result
  SET completion_percentage = completion, time_spent_minutes = time_spent_minutes + minutes,
    completed_at = CASE WHEN completion = 100 THEN now() END
  FROM plans AS plan
  WHERE result.id = result_id AND plan.id = result.plan_id AND plan.status = 'active'
    AND result.student_id = authz.uid() AND result.organization_id = authz.org() AND authz.has_role('student')
    AND minutes >= 0 AND completion >= result.completion_percentage AND result.completed_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no result % of an active plan to bring forward to % %%', result_id, completion
      USING ERRCODE = '42501';
  END IF;
END
$$;

-- A teacher attaches files of his own: what is attached is opened to the students of the plan.
CREATE POLICY tenant_floor ON plan_files AS RESTRICTIVE TO app_users
  USING (organization_id = (SELECT authz.org()));
CREATE POLICY authz_read ON plan_files FOR SELECT TO profe_authz_owner
  USING (true);
CREATE POLICY admin_read ON plan_files FOR SELECT TO app_users
  USING ((SELECT authz.has_role('admin')));
CREATE POLICY teacher_read ON plan_files FOR SELECT TO app_users
  USING (plan_id = ANY (ARRAY(SELECT authz.my_plans())));
CREATE POLICY teacher_insert ON plan_files FOR INSERT TO app_users
  WITH CHECK (plan_id = ANY (ARRAY(SELECT authz.my_plans())) AND file_id = ANY (ARRAY(SELECT authz.my_files())));
CREATE POLICY teacher_delete ON plan_files FOR DELETE TO app_users
  USING (plan_id = ANY (ARRAY(SELECT authz.my_plans())));
CREATE POLICY student_read ON plan_files FOR SELECT TO app_users
  USING (plan_id = ANY (ARRAY(SELECT authz.assigned_plans())) AND file_role IN ('output', 'template'));
CREATE POLICY parent_read ON plan_files FOR SELECT TO app_users
  USING (plan_id = ANY (ARRAY(SELECT authz.children_plans())) AND file_role = 'output');

-- migrate:down

DROP POLICY parent_read ON plan_files;
DROP POLICY student_read ON plan_files;
DROP POLICY teacher_delete ON plan_files;
DROP POLICY teacher_insert ON plan_files;
DROP POLICY teacher_read ON plan_files;
DROP POLICY admin_read ON plan_files;
DROP POLICY authz_read ON plan_files;
DROP POLICY tenant_floor ON plan_files;
DROP FUNCTION record_progress;
DROP TRIGGER trg_plan_results_guard ON plan_results;
DROP POLICY parent_read ON plan_results;
DROP POLICY student_read ON plan_results;
DROP POLICY teacher_update ON plan_results;
DROP POLICY teacher_insert ON plan_results;
DROP POLICY teacher_read ON plan_results;
DROP POLICY admin_read ON plan_results;
DROP POLICY service_insert ON plan_results;
DROP POLICY authz_read ON plan_results;
DROP POLICY tenant_floor ON plan_results;
DROP TRIGGER trg_plan_jobs_guard ON plan_jobs;
DROP POLICY teacher_update ON plan_jobs;
DROP POLICY teacher_insert ON plan_jobs;
DROP POLICY teacher_read ON plan_jobs;
DROP POLICY admin_read ON plan_jobs;
DROP POLICY service_update ON plan_jobs;
DROP POLICY service_read ON plan_jobs;
DROP POLICY tenant_floor ON plan_jobs;
DROP TRIGGER trg_plans_guard ON plans;
DROP FUNCTION refuse_others_plans();
DROP POLICY parent_read ON plans;
DROP POLICY student_read ON plans;
DROP POLICY teacher_read ON plans;
DROP POLICY teacher_own ON plans;
DROP POLICY admin_update ON plans;
DROP POLICY admin_read ON plans;
DROP POLICY authz_read ON plans;
DROP POLICY tenant_floor ON plans;
DROP FUNCTION refuse_other_columns();
