-- Reinforcement plans, the jobs that generated them, their files and results.

INSERT INTO plans (
  id, organization_id, teacher_id, subject_id, course_id, title, description, status, difficulty, estimated_days,
  created_at, updated_at
)
SELECT
  id, seed_uuid('school', school_no), seed_uuid('person', school_no, subject_no + 2), seed_uuid('subject', subject_no),
  seed_uuid('course', school_no, course_no), title, description, status, difficulty, days, made_at,
  CASE status WHEN 'completed' THEN made_at + make_interval(days => days + 3) ELSE made_at + interval '2 hours' END
FROM seed_plans()
ORDER BY school_no, plan_no
ON CONFLICT (id) DO NOTHING;

-- Each plan came from a job; a further one waits, and one failed.
WITH jobs AS (
  SELECT school_no, plan_no AS job_no, id AS plan_id, subject_no, made_at, 'completed' AS status, title AS topic FROM seed_plans()
  UNION ALL
  SELECT school_no, 11, NULL, 1, timestamptz '2025-10-20 14:41+00', 'pending', 'Geometría: ángulos y polígonos' FROM seed_schools()
  UNION ALL
  SELECT school_no, 12, NULL, 3, timestamptz '2025-10-14 19:07+00', 'failed', 'Cadenas alimenticias' FROM seed_schools()
)
INSERT INTO plan_jobs (
  id, plan_id, organization_id, teacher_id, status, progress, attempts, request_data, result_data, error_message,
  created_at, updated_at
)
SELECT
  seed_uuid('job', school_no, job_no), plan_id, seed_uuid('school', school_no), seed_uuid('person', school_no, subject_no + 2),
  status, CASE status WHEN 'completed' THEN 100 WHEN 'failed' THEN 35 ELSE 0 END,
  CASE status WHEN 'completed' THEN 1 WHEN 'failed' THEN 3 ELSE 0 END, jsonb_build_object('topic', topic, 'language', 'es'),
  CASE WHEN status = 'completed' THEN jsonb_build_object('activities', seed_number('activities', 5, 14, school_no, job_no)) END,
  CASE WHEN status = 'failed' THEN 'El modelo no respondió en 60 segundos' END,
  made_at - interval '5 minutes', made_at
FROM jobs
ORDER BY school_no, job_no
ON CONFLICT (id) DO NOTHING;

INSERT INTO plan_results (
  id, plan_id, organization_id, student_id, assigned_at, score, completion_percentage, time_spent_minutes, feedback,
  completed_at, created_at, updated_at
)
SELECT
  seed_uuid('result', school_no, plan_no, student_no), seed_uuid('plan', school_no, plan_no), seed_uuid('school', school_no),
  seed_uuid('person', school_no, 8 + student_no), assigned_at, score, completion, minutes,
  CASE
    WHEN score >= 85 THEN 'Excelente avance: ya puede ayudar a un compañero.'
    WHEN score >= 70 THEN 'Buen trabajo. Conviene repasar los ejercicios marcados.'
    WHEN score IS NOT NULL THEN 'Vamos a repetir la segunda parte juntos el jueves.'
  END,
  completed_at, assigned_at, coalesce(completed_at, assigned_at)
FROM seed_results()
ORDER BY school_no, plan_no, student_no
ON CONFLICT (id) DO NOTHING;

INSERT INTO plan_files (id, plan_id, organization_id, file_id, file_role, created_at)
SELECT seed_uuid('plan-file', school_no, file_no), seed_uuid('plan', school_no, plan_no), seed_uuid('school', school_no), id,
  file_role, made_at
FROM seed_files()
WHERE plan_no IS NOT NULL
ORDER BY school_no, file_no
ON CONFLICT (id) DO NOTHING;
