-- Reinforcement plans: what a teacher prepares, a job generates and students work through.
-- requires: auth@001 organizations@001 academic@001 files@001

-- migrate:up

CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

CREATE TABLE plans (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  teacher_id      uuid NOT NULL,
  subject_id      uuid NOT NULL,
  course_id       uuid,
  title           text NOT NULL,
  description     text,
  status          text NOT NULL DEFAULT 'draft',
  difficulty      text NOT NULL DEFAULT 'medium',
  estimated_days  integer NOT NULL DEFAULT 7,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_plans_organization FOREIGN KEY (organization_id) REFERENCES organizations.organizations (id),
  CONSTRAINT fk_plans_teacher FOREIGN KEY (teacher_id) REFERENCES auth.users (id),
  CONSTRAINT fk_plans_subject FOREIGN KEY (subject_id) REFERENCES academic.subjects (id),
  CONSTRAINT fk_plans_course FOREIGN KEY (course_id, organization_id) REFERENCES academic.courses (id, organization_id),
  CONSTRAINT uq_plans_organization UNIQUE (id, organization_id),
  CONSTRAINT chk_plans_title CHECK (title <> ''),
  CONSTRAINT chk_plans_status CHECK (status IN ('draft', 'active', 'completed', 'archived')),
  CONSTRAINT chk_plans_difficulty CHECK (difficulty IN ('easy', 'medium', 'hard')),
  CONSTRAINT chk_plans_estimated_days CHECK (estimated_days BETWEEN 1 AND 365)
);

CREATE INDEX idx_plans_organization ON plans (organization_id, status);
CREATE INDEX idx_plans_teacher ON plans (teacher_id, organization_id);
CREATE INDEX idx_plans_course ON plans (course_id);
CREATE INDEX idx_plans_subject ON plans (subject_id);

CREATE TABLE plan_jobs (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  plan_id         uuid,
  organization_id uuid NOT NULL,
  teacher_id      uuid NOT NULL,
  status          text NOT NULL DEFAULT 'pending',
  progress        integer NOT NULL DEFAULT 0,
  attempts        integer NOT NULL DEFAULT 0,
  lease_until     timestamptz,
  request_data    jsonb NOT NULL DEFAULT '{}',
  result_data     jsonb,
  error_message   text,
  cancelled_at    timestamptz,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_plan_jobs_plan FOREIGN KEY (plan_id, organization_id)
    REFERENCES plans (id, organization_id) ON DELETE SET NULL (plan_id),
  CONSTRAINT fk_plan_jobs_organization FOREIGN KEY (organization_id) REFERENCES organizations.organizations (id),
  CONSTRAINT fk_plan_jobs_teacher FOREIGN KEY (teacher_id) REFERENCES auth.users (id),
  CONSTRAINT chk_plan_jobs_status CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
  CONSTRAINT chk_plan_jobs_progress CHECK (progress BETWEEN 0 AND 100),
  CONSTRAINT chk_plan_jobs_attempts CHECK (attempts >= 0)
);

CREATE INDEX idx_plan_jobs_plan ON plan_jobs (plan_id);
CREATE INDEX idx_plan_jobs_teacher ON plan_jobs (teacher_id);
CREATE INDEX idx_plan_jobs_open ON plan_jobs (organization_id, created_at) WHERE status IN ('pending', 'processing');
CREATE INDEX idx_plan_jobs_organization ON plan_jobs (organization_id);

COMMENT ON COLUMN plan_jobs.plan_id IS 'Null until the plan is generated.';
COMMENT ON COLUMN plan_jobs.cancelled_at IS 'Set by the teacher; the worker then ends the job as failed.';

CREATE TABLE plan_results (
  id                    uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  plan_id               uuid NOT NULL,
  organization_id       uuid NOT NULL,
  student_id            uuid NOT NULL,
  attempt               integer NOT NULL DEFAULT 1,
  assigned_at           timestamptz NOT NULL DEFAULT now(),
  score                 numeric(5, 2),
  completion_percentage numeric(5, 2) NOT NULL DEFAULT 0,
  time_spent_minutes    integer NOT NULL DEFAULT 0,
  feedback              text,
  completed_at          timestamptz,
  created_at            timestamptz NOT NULL DEFAULT now(),
  updated_at            timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_plan_results_plan FOREIGN KEY (plan_id, organization_id) REFERENCES plans (id, organization_id),
  CONSTRAINT fk_plan_results_student FOREIGN KEY (student_id) REFERENCES auth.users (id),
  CONSTRAINT uq_plan_results_attempt UNIQUE (plan_id, student_id, attempt),
  CONSTRAINT chk_plan_results_attempt CHECK (attempt > 0),
  CONSTRAINT chk_plan_results_score CHECK (score BETWEEN 0 AND 100),
  CONSTRAINT chk_plan_results_completion CHECK (completion_percentage BETWEEN 0 AND 100),
  CONSTRAINT chk_plan_results_time CHECK (time_spent_minutes >= 0),
  CONSTRAINT chk_plan_results_completed CHECK ((completed_at IS NOT NULL) = (completion_percentage = 100))
);

CREATE INDEX idx_plan_results_student ON plan_results (student_id, organization_id);
CREATE INDEX idx_plan_results_organization ON plan_results (organization_id);

COMMENT ON TABLE plan_results IS 'A row with completion 0 assigns the plan to the student; the same row becomes the result.';

CREATE TABLE plan_files (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  plan_id         uuid NOT NULL,
  organization_id uuid NOT NULL,
  file_id         uuid NOT NULL,
  file_role       text NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_plan_files_plan FOREIGN KEY (plan_id, organization_id)
    REFERENCES plans (id, organization_id) ON DELETE CASCADE,
  CONSTRAINT fk_plan_files_file FOREIGN KEY (file_id, organization_id) REFERENCES files.files (id, organization_id),
  CONSTRAINT uq_plan_files_file UNIQUE (plan_id, file_id, file_role),
  CONSTRAINT chk_plan_files_role CHECK (file_role IN ('input', 'output', 'template'))
);

CREATE INDEX idx_plan_files_file ON plan_files (file_id);
CREATE INDEX idx_plan_files_organization ON plan_files (organization_id);

CREATE TRIGGER trg_plans_updated_at BEFORE UPDATE ON plans
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_plan_jobs_updated_at BEFORE UPDATE ON plan_jobs
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_plan_results_updated_at BEFORE UPDATE ON plan_results
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- Closed to every login until 002 brings the policies. FORCE binds the owner too, so seeds, backfills and the
-- functions that run as the owner need a policy of their own.
ALTER TABLE plans ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON plans TO profe_plans_owner USING (true) WITH CHECK (true);
ALTER TABLE plan_jobs ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON plan_jobs TO profe_plans_owner USING (true) WITH CHECK (true);
ALTER TABLE plan_results ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON plan_results TO profe_plans_owner USING (true) WITH CHECK (true);
ALTER TABLE plan_files ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON plan_files TO profe_plans_owner USING (true) WITH CHECK (true);

-- migrate:down

DROP TABLE plan_files;
DROP TABLE plan_results;
DROP TABLE plan_jobs;
DROP TABLE plans;
DROP FUNCTION set_updated_at();
