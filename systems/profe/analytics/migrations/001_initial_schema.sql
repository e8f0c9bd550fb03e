-- Measurements, appended by the analytics service.
-- requires: auth@001 organizations@001 academic@001 plans@001

-- migrate:up

CREATE TABLE user_metrics (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  user_id         uuid NOT NULL,
  metric_type     text NOT NULL,
  metric_value    numeric(14, 4) NOT NULL,
  recorded_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_user_metrics_organization FOREIGN KEY (organization_id) REFERENCES organizations.organizations (id),
  CONSTRAINT fk_user_metrics_user FOREIGN KEY (user_id) REFERENCES auth.users (id),
  CONSTRAINT chk_user_metrics_type CHECK (metric_type ~ '^[a-z][a-z0-9_]*$')
);

-- Rows arrive in the order of time: a BRIN index of a few pages serves ranges of it.
CREATE INDEX idx_user_metrics_recorded_at ON user_metrics USING brin (recorded_at);
CREATE INDEX idx_user_metrics_user ON user_metrics (user_id, organization_id);
CREATE INDEX idx_user_metrics_organization ON user_metrics (organization_id);

CREATE TABLE plan_metrics (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  plan_id         uuid NOT NULL,
  metric_type     text NOT NULL,
  metric_value    numeric(14, 4) NOT NULL,
  recorded_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_plan_metrics_organization FOREIGN KEY (organization_id) REFERENCES organizations.organizations (id),
  CONSTRAINT fk_plan_metrics_plan FOREIGN KEY (plan_id, organization_id)
    REFERENCES plans.plans (id, organization_id) ON DELETE CASCADE,
  CONSTRAINT chk_plan_metrics_type CHECK (metric_type ~ '^[a-z][a-z0-9_]*$')
);

CREATE INDEX idx_plan_metrics_plan ON plan_metrics (plan_id);
CREATE INDEX idx_plan_metrics_organization ON plan_metrics (organization_id);

CREATE TABLE academic_metrics (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  subject_id      uuid,
  course_id       uuid,
  metric_type     text NOT NULL,
  metric_value    numeric(14, 4) NOT NULL,
  recorded_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_academic_metrics_organization FOREIGN KEY (organization_id) REFERENCES organizations.organizations (id),
  CONSTRAINT fk_academic_metrics_subject FOREIGN KEY (subject_id) REFERENCES academic.subjects (id),
  CONSTRAINT fk_academic_metrics_course FOREIGN KEY (course_id, organization_id)
    REFERENCES academic.courses (id, organization_id),
  CONSTRAINT chk_academic_metrics_scope CHECK (num_nonnulls(subject_id, course_id) <= 1),
  CONSTRAINT chk_academic_metrics_type CHECK (metric_type ~ '^[a-z][a-z0-9_]*$')
);

CREATE INDEX idx_academic_metrics_organization ON academic_metrics (organization_id);
CREATE INDEX idx_academic_metrics_subject ON academic_metrics (subject_id);
CREATE INDEX idx_academic_metrics_course ON academic_metrics (course_id);

COMMENT ON TABLE academic_metrics IS 'Of a subject, of a course, or, with neither, of the whole school.';

-- Closed to every login until 002 brings the policies. FORCE binds the owner too, so seeds, backfills and the
-- functions that run as the owner need a policy of their own.
ALTER TABLE user_metrics ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON user_metrics TO profe_analytics_owner USING (true) WITH CHECK (true);
ALTER TABLE plan_metrics ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON plan_metrics TO profe_analytics_owner USING (true) WITH CHECK (true);
ALTER TABLE academic_metrics ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON academic_metrics TO profe_analytics_owner USING (true) WITH CHECK (true);

-- migrate:down

DROP TABLE academic_metrics;
DROP TABLE plan_metrics;
DROP TABLE user_metrics;
