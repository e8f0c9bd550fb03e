-- Who studies what, and how far they are.

-- migrate:up

CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

-- Not partitioned by year: the table is small, and a partitioned one could not keep
-- UNIQUE (user_id, course_id) (ACC-D10).
CREATE TABLE enrollments (
  enrollment_id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id               uuid NOT NULL,
  course_id             uuid NOT NULL,
  order_id              uuid,
  status                text NOT NULL DEFAULT 'active',
  progress_percentage   numeric(5, 2) NOT NULL DEFAULT 0,
  started_at            timestamptz,
  completed_at          timestamptz,
  last_accessed_at      timestamptz,
  certificate_issued_at timestamptz,
  expires_at            timestamptz,
  created_at            timestamptz NOT NULL DEFAULT now(),
  updated_at            timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT uq_enrollments_user_course UNIQUE (user_id, course_id),
  CONSTRAINT uq_enrollments_user UNIQUE (enrollment_id, user_id),
  -- order.paid delivered twice makes one enrolment; null for free courses.
  CONSTRAINT uq_enrollments_order UNIQUE (order_id),
  CONSTRAINT chk_enrollments_status CHECK (status IN ('active', 'completed', 'paused', 'refunded', 'expired')),
  CONSTRAINT chk_enrollments_progress CHECK (progress_percentage BETWEEN 0 AND 100),
  CONSTRAINT chk_enrollments_completed
    CHECK (status <> 'completed' OR (completed_at IS NOT NULL AND progress_percentage = 100)),
  CONSTRAINT chk_enrollments_certificate
    CHECK (certificate_issued_at IS NULL OR (completed_at IS NOT NULL AND certificate_issued_at >= completed_at)),
  CONSTRAINT chk_enrollments_dates CHECK (completed_at >= started_at AND last_accessed_at >= started_at)
);

CREATE INDEX idx_enrollments_course_status ON enrollments (course_id, status);
CREATE INDEX idx_enrollments_expires_at ON enrollments (expires_at) WHERE status = 'active';

COMMENT ON TABLE enrollments IS
  'user_id: auth.users, course_id: courses.courses, order_id: payments.orders; no foreign key crosses a schema (ACC-04).';

CREATE TABLE lesson_progress (
  progress_id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  enrollment_id         uuid NOT NULL,
  lesson_id             uuid NOT NULL,
  user_id               uuid NOT NULL,
  status                text NOT NULL DEFAULT 'not_started',
  completion_percentage numeric(5, 2) NOT NULL DEFAULT 0,
  time_spent_seconds    integer NOT NULL DEFAULT 0,
  last_position_seconds integer NOT NULL DEFAULT 0,
  completed_at          timestamptz,
  created_at            timestamptz NOT NULL DEFAULT now(),
  updated_at            timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT uq_lesson_progress_enrollment_lesson UNIQUE (enrollment_id, lesson_id),
  -- The progress is that of the enrolled person.
  CONSTRAINT fk_lesson_progress_enrollment FOREIGN KEY (enrollment_id, user_id)
    REFERENCES enrollments (enrollment_id, user_id) ON DELETE CASCADE,
  CONSTRAINT chk_lesson_progress_status CHECK (status IN ('not_started', 'in_progress', 'completed')),
  CONSTRAINT chk_lesson_progress_percentage CHECK (
    completion_percentage BETWEEN 0 AND 100
    AND (status <> 'completed' OR completion_percentage = 100)
    AND (status <> 'not_started' OR completion_percentage = 0)
  ),
  CONSTRAINT chk_lesson_progress_completed CHECK ((status = 'completed') = (completed_at IS NOT NULL)),
  CONSTRAINT chk_lesson_progress_seconds CHECK (time_spent_seconds >= 0 AND last_position_seconds >= 0)
);

CREATE INDEX idx_lesson_progress_lesson ON lesson_progress (lesson_id);
CREATE INDEX idx_lesson_progress_user ON lesson_progress (user_id, updated_at DESC);

CREATE TRIGGER trg_enrollments_updated_at BEFORE UPDATE ON enrollments
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_lesson_progress_updated_at BEFORE UPDATE ON lesson_progress
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- migrate:down

DROP TABLE lesson_progress;
DROP TABLE enrollments;
DROP FUNCTION set_updated_at();
