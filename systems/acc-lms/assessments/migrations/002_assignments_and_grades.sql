-- Quizzes, their questions, attempts and answers. The document's file name is kept, though it names
-- assignments and grades, which the document does not describe (ACC-D09).

-- migrate:up

CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

CREATE TABLE quizzes (
  quiz_id                  uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  course_id                uuid NOT NULL,
  lesson_id                uuid,
  title                    text NOT NULL,
  description              text,
  instructions             text,
  total_points             integer NOT NULL DEFAULT 0,
  passing_score_percentage numeric(5, 2) NOT NULL DEFAULT 70,
  time_limit_minutes       integer,
  max_attempts             integer,
  shuffle_questions        boolean NOT NULL DEFAULT false,
  show_correct_answers     boolean NOT NULL DEFAULT true,
  is_published             boolean NOT NULL DEFAULT false,
  created_at               timestamptz NOT NULL DEFAULT now(),
  updated_at               timestamptz NOT NULL DEFAULT now(),
  deleted_at               timestamptz,
  CONSTRAINT chk_quizzes_total_points CHECK (total_points >= 0),
  CONSTRAINT chk_quizzes_passing_score CHECK (passing_score_percentage BETWEEN 0 AND 100),
  CONSTRAINT chk_quizzes_limits CHECK (time_limit_minutes > 0 AND max_attempts > 0)
);

CREATE INDEX idx_quizzes_course ON quizzes (course_id);
CREATE INDEX idx_quizzes_lesson ON quizzes (lesson_id) WHERE lesson_id IS NOT NULL;

COMMENT ON TABLE quizzes IS
  'course_id: courses.courses, lesson_id: courses.lessons, without foreign keys (ACC-04); null limits mean none.';

CREATE TABLE quiz_questions (
  question_id     uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  quiz_id         uuid NOT NULL,
  question_text   text NOT NULL,
  question_type   text NOT NULL,
  points          integer NOT NULL DEFAULT 1,
  sort_order      integer NOT NULL,
  explanation     text,
  options         jsonb NOT NULL DEFAULT '[]',
  correct_answers jsonb NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_quiz_questions_quiz FOREIGN KEY (quiz_id) REFERENCES quizzes (quiz_id) ON DELETE CASCADE,
  CONSTRAINT uq_quiz_questions_quiz UNIQUE (question_id, quiz_id),
  CONSTRAINT uq_quiz_questions_sort_order UNIQUE (quiz_id, sort_order) DEFERRABLE INITIALLY IMMEDIATE,
  CONSTRAINT chk_quiz_questions_type
    CHECK (question_type IN ('single_choice', 'multiple_choice', 'true_false', 'short_answer')),
  CONSTRAINT chk_quiz_questions_points CHECK (points > 0),
  CONSTRAINT chk_quiz_questions_options CHECK (
    jsonb_typeof(options) = 'array' AND (question_type = 'short_answer' OR jsonb_array_length(options) >= 2)
  ),
  CONSTRAINT chk_quiz_questions_correct_answers
    CHECK (jsonb_typeof(correct_answers) = 'array' AND jsonb_array_length(correct_answers) > 0)
);

COMMENT ON COLUMN quiz_questions.options IS '[{"id": "a", "text": "…"}, …]; correct_answers lists ids, or accepted texts.';

CREATE TABLE quiz_submissions (
  submission_id      uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  quiz_id            uuid NOT NULL,
  user_id            uuid NOT NULL,
  enrollment_id      uuid NOT NULL,
  attempt_number     integer NOT NULL DEFAULT 1,
  status             text NOT NULL DEFAULT 'in_progress',
  score              numeric(8, 2),
  max_score          numeric(8, 2) NOT NULL,
  passed             boolean,
  time_spent_seconds integer NOT NULL DEFAULT 0,
  started_at         timestamptz NOT NULL DEFAULT now(),
  submitted_at       timestamptz,
  created_at         timestamptz NOT NULL DEFAULT now(),
  updated_at         timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_quiz_submissions_quiz FOREIGN KEY (quiz_id) REFERENCES quizzes (quiz_id),
  CONSTRAINT uq_quiz_submissions_attempt UNIQUE (quiz_id, user_id, attempt_number),
  CONSTRAINT uq_quiz_submissions_quiz UNIQUE (submission_id, quiz_id),
  CONSTRAINT chk_quiz_submissions_attempt CHECK (attempt_number > 0),
  CONSTRAINT chk_quiz_submissions_status CHECK (status IN ('in_progress', 'submitted', 'graded', 'abandoned')),
  CONSTRAINT chk_quiz_submissions_score CHECK (max_score >= 0 AND score BETWEEN 0 AND max_score),
  CONSTRAINT chk_quiz_submissions_graded
    CHECK (status <> 'graded' OR (score IS NOT NULL AND passed IS NOT NULL AND submitted_at IS NOT NULL)),
  CONSTRAINT chk_quiz_submissions_time CHECK (time_spent_seconds >= 0 AND submitted_at >= started_at)
);

-- One attempt at a time: opening a second while the first is open is refused.
CREATE UNIQUE INDEX uq_quiz_submissions_open ON quiz_submissions (quiz_id, user_id) WHERE status = 'in_progress';
CREATE INDEX idx_quiz_submissions_user ON quiz_submissions (user_id, submitted_at DESC);
CREATE INDEX idx_quiz_submissions_enrollment ON quiz_submissions (enrollment_id);

COMMENT ON TABLE quiz_submissions IS 'enrollment_id: enrollments.enrollments, read through the declared cell (ACC-16).';

CREATE TABLE quiz_responses (
  response_id   uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  submission_id uuid NOT NULL,
  question_id   uuid NOT NULL,
  quiz_id       uuid NOT NULL,
  answer_data   jsonb NOT NULL,
  is_correct    boolean,
  points_earned numeric(8, 2) NOT NULL DEFAULT 0,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT uq_quiz_responses_submission_question UNIQUE (submission_id, question_id),
  -- quiz_id is there for these two: an answer belongs to a question of the quiz that was attempted.
  CONSTRAINT fk_quiz_responses_submission FOREIGN KEY (submission_id, quiz_id)
    REFERENCES quiz_submissions (submission_id, quiz_id) ON DELETE CASCADE,
  CONSTRAINT fk_quiz_responses_question FOREIGN KEY (question_id, quiz_id)
    REFERENCES quiz_questions (question_id, quiz_id),
  CONSTRAINT chk_quiz_responses_points
    CHECK (points_earned >= 0 AND (is_correct IS DISTINCT FROM false OR points_earned = 0))
);

CREATE INDEX idx_quiz_responses_question ON quiz_responses (question_id, quiz_id);

CREATE TRIGGER trg_quizzes_updated_at BEFORE UPDATE ON quizzes
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_quiz_questions_updated_at BEFORE UPDATE ON quiz_questions
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_quiz_submissions_updated_at BEFORE UPDATE ON quiz_submissions
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_quiz_responses_updated_at BEFORE UPDATE ON quiz_responses
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- migrate:down

DROP TABLE quiz_responses;
DROP TABLE quiz_submissions;
DROP TABLE quiz_questions;
DROP TABLE quizzes;
DROP FUNCTION set_updated_at();
