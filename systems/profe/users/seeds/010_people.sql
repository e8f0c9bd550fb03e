-- Who people are, what they are in which school, and for whom parents answer.

INSERT INTO user_profiles (user_id, first_name, last_name, phone, date_of_birth, created_at, updated_at)
SELECT
  id, first_name, last_name,
  CASE WHEN role <> 'student'
    THEN '+57 3' || lpad(seed_number('mobile', 0, 999999999, school_no, member_no)::text, 9, '0') END,
  CASE WHEN role = 'student' THEN make_date(
    2014 - (student_no - 1) / 6 - CASE WHEN seed_number('late', 1, 3, school_no, member_no) = 1 THEN 1 ELSE 0 END,
    seed_number('month', 1, 12, school_no, member_no), seed_number('day', 1, 28, school_no, member_no)) END,
  joined_at, joined_at
FROM seed_people()
UNION ALL
SELECT seed_uuid('person', 0, 0), 'Soporte', 'Profe', NULL, NULL, timestamptz '2025-01-06 13:00+00', timestamptz '2025-01-06 13:00+00'
ON CONFLICT (user_id) DO NOTHING;

-- Teacher 1 is also a parent, of student 5. Parent 1 of a school of odd number has a second child, student 24,
-- in the next school, and is a parent there too.
INSERT INTO user_roles (id, user_id, organization_id, role, granted_by, created_at, updated_at)
SELECT seed_uuid('role', school_no, member_no), id, seed_uuid('school', school_no), role,
  CASE WHEN member_no = 1 THEN seed_uuid('person', 0, 0) ELSE seed_uuid('person', school_no, 1) END, joined_at, joined_at
FROM seed_people()
UNION ALL
SELECT seed_uuid('role', school_no, 100), id, seed_uuid('school', school_no), 'parent',
  seed_uuid('person', school_no, 1), joined_at, joined_at
FROM seed_people() WHERE teacher_no = 1
UNION ALL
SELECT seed_uuid('role', school_no, 101), id, seed_uuid('school', school_no + 1), 'parent',
  seed_uuid('person', school_no + 1, 1), joined_at, joined_at
FROM seed_people() WHERE parent_no = 1 AND school_no % 2 = 1
UNION ALL
SELECT seed_uuid('role', 0, 0), seed_uuid('person', 0, 0), NULL, 'admin', NULL,
  timestamptz '2025-01-06 13:00+00', timestamptz '2025-01-06 13:00+00'
ON CONFLICT (id) DO NOTHING;

-- Whoever only administers keeps no preferences (C4: an administrator has no cell there).
INSERT INTO user_preferences (user_id, timezone, theme, notification_settings, created_at, updated_at)
SELECT
  p.id, s.timezone, (ARRAY['light', 'dark', 'system'])[seed_number('theme', 1, 3, p.school_no, p.member_no)],
  jsonb_build_object('email', p.role <> 'student', 'push', seed_number('push', 1, 4, p.school_no, p.member_no) > 1),
  p.joined_at, p.joined_at
FROM seed_people() AS p
JOIN seed_schools() AS s USING (school_no)
WHERE p.role <> 'admin'
ON CONFLICT (user_id) DO NOTHING;

-- Of the sixteen parents, 15 still waits for the school to check the papers, and 16 was revoked.
WITH links AS (
  SELECT school_no, school_no AS at_school, id AS guardian, first_name, parent_no AS link_no, child, parent_no
  FROM seed_people(), LATERAL (VALUES (parent_no), (CASE WHEN parent_no <= 8 THEN parent_no + 16 END)) AS c (child)
  WHERE parent_no IS NOT NULL AND child IS NOT NULL
  UNION ALL
  SELECT school_no, school_no, id, first_name, 100, 5, NULL FROM seed_people() WHERE teacher_no = 1
  UNION ALL
  SELECT school_no, school_no + 1, id, first_name, 101, 24, NULL FROM seed_people() WHERE parent_no = 1 AND school_no % 2 = 1
),
judged AS (
  SELECT l.*, timestamptz '2025-02-17 14:00+00' + make_interval(hours => l.link_no) AS asked_at,
    CASE l.parent_no WHEN 15 THEN 'pending' WHEN 16 THEN 'revoked' ELSE 'verified' END AS status
  FROM links AS l
)
INSERT INTO guardianships (
  id, guardian_id, student_id, organization_id, relation, status, verified_by, verified_at, created_at, updated_at
)
SELECT
  seed_uuid('guardianship', school_no, link_no, child), guardian, seed_uuid('person', at_school, 8 + child),
  seed_uuid('school', at_school),
  CASE
    WHEN seed_number('relation', 1, 12, school_no, link_no) = 1 THEN 'guardian'
    WHEN first_name LIKE '%a' OR first_name IN ('Salomé', 'María José') THEN 'mother'
    ELSE 'father'
  END,
  status, CASE WHEN status <> 'pending' THEN seed_uuid('person', at_school, 2) END,
  CASE WHEN status <> 'pending' THEN asked_at + interval '2 days' END, asked_at, asked_at + interval '2 days'
FROM judged
ORDER BY school_no, link_no, child
ON CONFLICT (id) DO NOTHING;
