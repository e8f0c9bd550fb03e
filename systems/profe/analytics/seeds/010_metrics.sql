-- Four weeks of study, the state of the plans, and the figures of courses and schools.

INSERT INTO user_metrics (id, organization_id, user_id, metric_type, metric_value, recorded_at)
SELECT
  seed_uuid('user-metric', p.school_no, p.member_no, week), seed_uuid('school', p.school_no), p.id, 'study_minutes',
  seed_number('study', 15, 240, p.school_no, p.member_no, week), timestamptz '2025-09-22 05:00+00' + week * interval '7 days'
FROM seed_people() AS p, generate_series(1, 4) AS week
WHERE p.role = 'student'
ORDER BY week, p.school_no, p.member_no
ON CONFLICT (id) DO NOTHING;

WITH figures AS MATERIALIZED (
  SELECT school_no, plan_no, avg(completion) AS completion, avg(score) AS score FROM seed_results() GROUP BY school_no, plan_no
)
INSERT INTO plan_metrics (id, organization_id, plan_id, metric_type, metric_value, recorded_at)
SELECT seed_uuid('plan-metric', school_no, plan_no, m.metric_no), seed_uuid('school', school_no), seed_uuid('plan', school_no, plan_no),
  m.metric_type, round(m.metric_value, 2), timestamptz '2025-10-20 05:00+00'
FROM figures
CROSS JOIN LATERAL (VALUES (1, 'completion_average', completion), (2, 'score_average', score)) AS m (metric_no, metric_type, metric_value)
WHERE m.metric_value IS NOT NULL
ORDER BY school_no, plan_no, m.metric_no
ON CONFLICT (id) DO NOTHING;

-- Attendance by course, the average by subject, and the students of the school.
INSERT INTO academic_metrics (id, organization_id, subject_id, course_id, metric_type, metric_value, recorded_at)
SELECT seed_uuid('course-metric', school_no, course_no), seed_uuid('school', school_no), NULL, id, 'attendance_rate',
  seed_number('attendance', 860, 985, school_no, course_no) / 10.0, timestamptz '2025-10-20 05:00+00'
FROM seed_courses()
UNION ALL
SELECT seed_uuid('subject-metric', school_no, subject_no), id, seed_uuid('subject', subject_no), NULL, 'grade_average',
  seed_number('grade', 31, 46, school_no, subject_no) / 10.0, timestamptz '2025-10-20 05:00+00'
FROM seed_schools(), seed_subjects()
UNION ALL
SELECT seed_uuid('school-metric', school_no), id, NULL, NULL, 'active_students', 23, timestamptz '2025-10-20 05:00+00'
FROM seed_schools()
ON CONFLICT (id) DO NOTHING;
