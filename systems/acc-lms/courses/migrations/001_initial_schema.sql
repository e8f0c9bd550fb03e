-- The catalogue: categories, courses, their sections and lessons.

-- migrate:up

CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

CREATE TABLE categories (
  category_id        uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name               text NOT NULL,
  slug               text NOT NULL,
  parent_category_id uuid,
  created_at         timestamptz NOT NULL DEFAULT now(),
  updated_at         timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT uq_categories_slug UNIQUE (slug),
  CONSTRAINT uq_categories_parent_name UNIQUE NULLS NOT DISTINCT (parent_category_id, name),
  CONSTRAINT fk_categories_parent FOREIGN KEY (parent_category_id) REFERENCES categories (category_id),
  CONSTRAINT chk_categories_parent CHECK (parent_category_id <> category_id),
  CONSTRAINT chk_categories_slug CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$')
);

CREATE TABLE courses (
  course_id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  instructor_id       uuid NOT NULL,
  category_id         uuid NOT NULL,
  title               text NOT NULL,
  slug                text NOT NULL,
  description         text NOT NULL,
  price_cents         integer NOT NULL DEFAULT 0,
  currency            text NOT NULL DEFAULT 'USD',
  difficulty_level    text NOT NULL DEFAULT 'beginner',
  language            text NOT NULL DEFAULT 'es',
  is_published        boolean NOT NULL DEFAULT false,
  published_at        timestamptz,
  average_rating      numeric(3, 2) NOT NULL DEFAULT 0,
  rating_count        integer NOT NULL DEFAULT 0,
  enrollment_count    integer NOT NULL DEFAULT 0,
  requirements        jsonb NOT NULL DEFAULT '[]',
  learning_objectives jsonb NOT NULL DEFAULT '[]',
  target_audience     jsonb NOT NULL DEFAULT '[]',
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz NOT NULL DEFAULT now(),
  deleted_at          timestamptz,
  CONSTRAINT uq_courses_slug UNIQUE (slug),
  CONSTRAINT fk_courses_category FOREIGN KEY (category_id) REFERENCES categories (category_id),
  CONSTRAINT chk_courses_slug CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  CONSTRAINT chk_courses_price CHECK (price_cents >= 0),
  CONSTRAINT chk_courses_currency CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT chk_courses_difficulty_level CHECK (difficulty_level IN ('beginner', 'intermediate', 'advanced')),
  CONSTRAINT chk_courses_published CHECK (NOT is_published OR published_at IS NOT NULL),
  CONSTRAINT chk_courses_rating CHECK (
    average_rating BETWEEN 0 AND 5 AND rating_count >= 0 AND (rating_count = 0) = (average_rating = 0)
  ),
  CONSTRAINT chk_courses_enrollment_count CHECK (enrollment_count >= 0),
  CONSTRAINT chk_courses_lists CHECK (
    jsonb_typeof(requirements) = 'array'
    AND jsonb_typeof(learning_objectives) = 'array'
    AND jsonb_typeof(target_audience) = 'array'
  )
);

CREATE INDEX idx_courses_category ON courses (category_id);
CREATE INDEX idx_courses_instructor ON courses (instructor_id);
CREATE INDEX idx_courses_catalogue ON courses (published_at DESC) WHERE is_published AND deleted_at IS NULL;

COMMENT ON TABLE courses IS 'instructor_id is a user of auth.users; the counters are fed by events (ACC-D14).';
COMMENT ON COLUMN courses.enrollment_count IS 'Enrolments that were not refunded.';
COMMENT ON COLUMN courses.rating_count IS 'Public reviews; average_rating is 0 while there is none.';

CREATE TABLE sections (
  section_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  course_id  uuid NOT NULL,
  title      text NOT NULL,
  sort_order integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_sections_course FOREIGN KEY (course_id) REFERENCES courses (course_id) ON DELETE CASCADE,
  CONSTRAINT uq_sections_course UNIQUE (section_id, course_id),
  -- Deferrable, so that a reordering may pass through equal positions.
  CONSTRAINT uq_sections_sort_order UNIQUE (course_id, sort_order) DEFERRABLE INITIALLY IMMEDIATE,
  CONSTRAINT chk_sections_sort_order CHECK (sort_order > 0)
);

CREATE TABLE lessons (
  lesson_id        uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  section_id       uuid NOT NULL,
  course_id        uuid NOT NULL,
  title            text NOT NULL,
  content_type     text NOT NULL DEFAULT 'video',
  content_ref      text,
  duration_seconds integer NOT NULL DEFAULT 0,
  is_preview       boolean NOT NULL DEFAULT false,
  sort_order       integer NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  deleted_at       timestamptz,
  CONSTRAINT fk_lessons_course FOREIGN KEY (course_id) REFERENCES courses (course_id) ON DELETE CASCADE,
  -- A lesson's course is its section's course (ACC-D11).
  CONSTRAINT fk_lessons_section FOREIGN KEY (section_id, course_id)
    REFERENCES sections (section_id, course_id) ON DELETE CASCADE,
  CONSTRAINT uq_lessons_sort_order UNIQUE (section_id, sort_order) DEFERRABLE INITIALLY IMMEDIATE,
  CONSTRAINT chk_lessons_content_type CHECK (content_type IN ('video', 'article', 'document', 'quiz', 'live')),
  CONSTRAINT chk_lessons_duration CHECK (duration_seconds >= 0),
  CONSTRAINT chk_lessons_sort_order CHECK (sort_order > 0)
);

CREATE INDEX idx_lessons_course ON lessons (course_id);

COMMENT ON COLUMN lessons.content_ref IS 'Key of the content service; null while the lesson has no content.';

CREATE TRIGGER trg_categories_updated_at BEFORE UPDATE ON categories
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_courses_updated_at BEFORE UPDATE ON courses
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_sections_updated_at BEFORE UPDATE ON sections
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_lessons_updated_at BEFORE UPDATE ON lessons
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- migrate:down

DROP TABLE lessons;
DROP TABLE sections;
DROP TABLE courses;
DROP TABLE categories;
DROP FUNCTION set_updated_at();
