-- Subjects, courses and who is in them.
-- requires: auth@001 organizations@001

-- migrate:up

CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

CREATE TABLE subjects (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid,
  code            text NOT NULL,
  name            text NOT NULL,
  grade_level     integer,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_subjects_organization FOREIGN KEY (organization_id) REFERENCES organizations.organizations (id),
  CONSTRAINT uq_subjects_code UNIQUE NULLS NOT DISTINCT (organization_id, code),
  CONSTRAINT chk_subjects_grade_level CHECK (grade_level BETWEEN 0 AND 12)
);

COMMENT ON COLUMN subjects.organization_id IS 'Null: the shared catalogue, which every school reads and none changes.';

CREATE TABLE courses (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  code            text NOT NULL,
  name            text NOT NULL,
  grade_level     integer NOT NULL,
  academic_year   integer NOT NULL,
  description     text,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_courses_organization FOREIGN KEY (organization_id) REFERENCES organizations.organizations (id),
  CONSTRAINT uq_courses_code UNIQUE (organization_id, academic_year, code),
  -- Foreign keys take the organisation along, so that nothing joins rows of two schools.
  CONSTRAINT uq_courses_organization UNIQUE (id, organization_id),
  CONSTRAINT chk_courses_grade_level CHECK (grade_level BETWEEN 0 AND 12),
  CONSTRAINT chk_courses_academic_year CHECK (academic_year BETWEEN 2000 AND 2100)
);

CREATE TABLE course_subjects (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  course_id       uuid NOT NULL,
  subject_id      uuid NOT NULL,
  weekly_hours    integer,
  created_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_course_subjects_course FOREIGN KEY (course_id, organization_id)
    REFERENCES courses (id, organization_id) ON DELETE CASCADE,
  CONSTRAINT fk_course_subjects_subject FOREIGN KEY (subject_id) REFERENCES subjects (id),
  CONSTRAINT uq_course_subjects_subject UNIQUE (course_id, subject_id),
  CONSTRAINT chk_course_subjects_weekly_hours CHECK (weekly_hours BETWEEN 1 AND 20)
);

CREATE INDEX idx_course_subjects_organization ON course_subjects (organization_id);
CREATE INDEX idx_course_subjects_subject ON course_subjects (subject_id);

CREATE TABLE course_members (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  course_id       uuid NOT NULL,
  organization_id uuid NOT NULL,
  user_id         uuid NOT NULL,
  member_role     text NOT NULL,
  is_active       boolean NOT NULL DEFAULT true,
  joined_at       timestamptz NOT NULL DEFAULT now(),
  left_at         timestamptz,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_course_members_course FOREIGN KEY (course_id, organization_id) REFERENCES courses (id, organization_id),
  CONSTRAINT fk_course_members_user FOREIGN KEY (user_id) REFERENCES auth.users (id),
  CONSTRAINT uq_course_members_member UNIQUE (course_id, user_id, member_role),
  CONSTRAINT chk_course_members_role CHECK (member_role IN ('teacher', 'assistant', 'student')),
  CONSTRAINT chk_course_members_left CHECK (left_at >= joined_at AND (left_at IS NULL OR NOT is_active))
);

CREATE INDEX idx_course_members_user ON course_members (user_id, organization_id);
CREATE INDEX idx_course_members_organization ON course_members (organization_id);

COMMENT ON TABLE course_members IS 'Students, teachers and assistants of a course; takes the place of teacher_courses (PRO-D12).';

CREATE TRIGGER trg_subjects_updated_at BEFORE UPDATE ON subjects
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_courses_updated_at BEFORE UPDATE ON courses
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_course_members_updated_at BEFORE UPDATE ON course_members
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- The name of the upstream design. With the rights of whoever asks, so the policies of course_members hold.
CREATE VIEW teacher_courses WITH (security_invoker = true) AS
SELECT id, user_id AS teacher_id, course_id, organization_id, is_active, joined_at, left_at
FROM course_members
WHERE member_role = 'teacher';

-- Closed to every login until 002 brings the policies. FORCE binds the owner too, so seeds, backfills and the
-- functions that run as the owner need a policy of their own.
ALTER TABLE subjects ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON subjects TO profe_academic_owner USING (true) WITH CHECK (true);
ALTER TABLE courses ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON courses TO profe_academic_owner USING (true) WITH CHECK (true);
ALTER TABLE course_subjects ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON course_subjects TO profe_academic_owner USING (true) WITH CHECK (true);
ALTER TABLE course_members ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON course_members TO profe_academic_owner USING (true) WITH CHECK (true);

-- migrate:down

DROP VIEW teacher_courses;
DROP TABLE course_members;
DROP TABLE course_subjects;
DROP TABLE courses;
DROP TABLE subjects;
DROP FUNCTION set_updated_at();
