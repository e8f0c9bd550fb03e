-- Whoever finished the quiz lesson passed the quiz, some at the second attempt; who opened it and did not
-- finish is answering today, or left it. Points come from the answers, and the score is their sum.

CREATE OR REPLACE FUNCTION seed_attempts() RETURNS TABLE (
  person_no integer, course_no integer, attempt integer, status text, wrong integer[], finished_at timestamptz,
  seconds integer
)
LANGUAGE sql STABLE AS $$
  WITH takers AS (
    SELECT
      p.person_no, p.course_no, p.status = 'completed' AS done, p.touched_at,
      CASE WHEN seed_number('second-attempt', 1, 10, p.person_no, p.course_no) <= 3 THEN 2 ELSE 1 END AS attempts
    FROM seed_progress() p
    JOIN seed_lessons() l USING (course_no, lesson_no)
    WHERE l.is_quiz
  ),
  attempts AS (
    SELECT
      t.person_no, t.course_no, n AS attempt, n = t.attempts AS is_last, t.done,
      t.touched_at - (t.attempts - n) * interval '3 hours' AS finished_at,
      seed_number('attempt-seconds', 240, 880, t.person_no, t.course_no, n) AS seconds,
      seed_number('first-slip', 1, 4, t.person_no, t.course_no, n) AS slip
    FROM takers t
    CROSS JOIN LATERAL generate_series(1, t.attempts) AS n
  )
  SELECT
    a.person_no, a.course_no, a.attempt,
    CASE
      WHEN a.done OR NOT a.is_last THEN 'graded'
      WHEN a.finished_at > seed_today() - interval '1 day' THEN 'in_progress'
      ELSE 'abandoned'
    END,
    CASE
      WHEN NOT a.is_last THEN ARRAY[a.slip, a.slip % 4 + 1]
      WHEN seed_number('perfect', 1, 5, a.person_no, a.course_no) <= 2 THEN ARRAY[]::integer[]
      ELSE ARRAY[a.slip]
    END,
    a.finished_at, a.seconds
  FROM attempts a
$$;

INSERT INTO quiz_submissions (
  submission_id, quiz_id, user_id, enrollment_id, attempt_number, status, score, max_score, passed,
  time_spent_seconds, started_at, submitted_at, created_at, updated_at
)
SELECT
  seed_uuid('submission', a.person_no, a.course_no, a.attempt), q.quiz_id, seed_uuid('user', a.person_no),
  seed_uuid('enrollment', a.person_no, a.course_no), a.attempt, a.status,
  CASE WHEN a.status = 'graded' THEN 25 * (4 - cardinality(a.wrong)) END, q.total_points,
  CASE WHEN a.status = 'graded' THEN 25 * (4 - cardinality(a.wrong)) >= q.passing_score_percentage END,
  a.seconds, a.finished_at - a.seconds * interval '1 second',
  CASE WHEN a.status = 'graded' THEN a.finished_at END,
  a.finished_at - a.seconds * interval '1 second', a.finished_at
FROM seed_attempts() a
JOIN quizzes q ON q.quiz_id = seed_uuid('quiz', a.course_no)
ORDER BY a.finished_at, a.person_no
ON CONFLICT (submission_id) DO NOTHING;

-- An attempt that was not handed in has answered the first two questions, ungraded.
INSERT INTO quiz_responses (
  response_id, submission_id, question_id, quiz_id, answer_data, is_correct, points_earned, created_at, updated_at
)
SELECT
  seed_uuid('response', a.person_no, a.course_no, a.attempt, qq.sort_order),
  seed_uuid('submission', a.person_no, a.course_no, a.attempt), qq.question_id, qq.quiz_id,
  jsonb_build_object('selected', CASE
    WHEN qq.sort_order <> ALL (a.wrong) THEN qq.correct_answers
    WHEN jsonb_array_length(qq.correct_answers) > 1 THEN qq.correct_answers - 0
    ELSE jsonb_build_array(wrong_option.id)
  END),
  CASE WHEN a.status = 'graded' THEN qq.sort_order <> ALL (a.wrong) END,
  CASE WHEN a.status = 'graded' AND qq.sort_order <> ALL (a.wrong) THEN qq.points ELSE 0 END,
  answered.at, answered.at
FROM seed_attempts() a
JOIN quiz_questions qq ON qq.quiz_id = seed_uuid('quiz', a.course_no)
  AND (a.status = 'graded' OR qq.sort_order <= 2)
CROSS JOIN LATERAL (
  SELECT o ->> 'id' AS id FROM jsonb_array_elements(qq.options) AS o
  WHERE NOT qq.correct_answers ? (o ->> 'id')
  ORDER BY seed_number('distractor/' || (o ->> 'id'), 1, 999, a.person_no, a.course_no, a.attempt)
  LIMIT 1
) AS wrong_option
CROSS JOIN LATERAL (
  SELECT a.finished_at - (4 - qq.sort_order) * a.seconds / 4 * interval '1 second' AS at
) AS answered
ORDER BY a.finished_at, a.person_no, qq.sort_order
ON CONFLICT (response_id) DO NOTHING;

DROP FUNCTION seed_attempts();
