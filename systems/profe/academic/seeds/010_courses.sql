-- Subjects, courses and who is in them.

INSERT INTO subjects (id, organization_id, code, name, created_at, updated_at)
SELECT seed_uuid('subject', subject_no), NULL, code, name, timestamptz '2025-01-06 13:00+00', timestamptz '2025-01-06 13:00+00'
FROM seed_subjects()
UNION ALL
SELECT seed_uuid('own-subject', school_no), id, CASE WHEN school_no % 2 = 1 THEN 'EMP' ELSE 'ROB' END,
  CASE WHEN school_no % 2 = 1 THEN 'Emprendimiento' ELSE 'Robótica escolar' END,
  timestamptz '2025-01-09 13:00+00', timestamptz '2025-01-09 13:00+00'
FROM seed_schools()
ON CONFLICT (id) DO NOTHING;

INSERT INTO courses (id, organization_id, code, name, grade_level, academic_year, description, created_at, updated_at)
SELECT
  id, seed_uuid('school', school_no), code, name, grade, 2025,
  'Grupo de ' || lower(split_part(name, ' ', 1)) || ' grado, jornada '
    || (ARRAY['de la mañana', 'de la tarde', 'única'])[seed_number('shift', 1, 3, school_no)],
  timestamptz '2025-01-10 13:00+00', timestamptz '2025-01-10 13:00+00'
FROM seed_courses()
ORDER BY school_no, course_no
ON CONFLICT (id) DO NOTHING;

INSERT INTO course_subjects (id, organization_id, course_id, subject_id, weekly_hours, created_at)
SELECT seed_uuid('course-subject', c.school_no, c.course_no, s.subject_no), seed_uuid('school', c.school_no), c.id,
  CASE WHEN s.subject_no = 7 THEN seed_uuid('own-subject', c.school_no) ELSE seed_uuid('subject', s.subject_no) END,
  s.hours, timestamptz '2025-01-10 14:00+00'
FROM seed_courses() AS c, (VALUES (1, 5), (2, 5), (3, 4), (4, 3), (5, 3), (6, 2), (7, 2)) AS s (subject_no, hours)
-- The school's own subject is for the two upper courses.
WHERE s.subject_no < 7 OR c.course_no > 2
ORDER BY c.school_no, c.course_no, s.subject_no
ON CONFLICT (id) DO NOTHING;

-- Student 12 left in August.
INSERT INTO course_members (
  id, course_id, organization_id, user_id, member_role, is_active, joined_at, left_at, created_at, updated_at
)
SELECT
  seed_uuid('member', p.school_no, p.member_no, c.course_no), c.id, seed_uuid('school', p.school_no), p.id,
  coalesce(t.member_role, 'student'), p.student_no IS DISTINCT FROM 12, p.joined_at,
  CASE WHEN p.student_no = 12 THEN timestamptz '2025-08-15 17:00+00' END, p.joined_at,
  CASE WHEN p.student_no = 12 THEN timestamptz '2025-08-15 17:00+00' ELSE p.joined_at END
FROM seed_people() AS p
JOIN seed_courses() AS c USING (school_no)
LEFT JOIN seed_teaching() AS t ON t.teacher_no = p.teacher_no AND t.course_no = c.course_no
WHERE t.teacher_no IS NOT NULL OR (p.student_no - 1) / 6 + 1 = c.course_no
ORDER BY p.school_no, p.member_no, c.course_no
ON CONFLICT (id) DO NOTHING;
