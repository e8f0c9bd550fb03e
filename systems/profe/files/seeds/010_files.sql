-- Guides, worksheets, a calendar and a photo of homework, and who may open them.

INSERT INTO files (
  id, organization_id, uploaded_by, object_key, filename, original_filename, size_bytes, mime_type, sha256, metadata,
  visibility, scan_status, created_at, updated_at
)
SELECT
  id, seed_uuid('school', school_no), seed_uuid('person', school_no, uploader),
  'escuelas/' || school_no || '/' || id || '/' || filename, filename, replace(initcap(replace(split_part(filename, '.', 1), '-', ' ')), ' De ', ' de ')
    || '.' || split_part(filename, '.', 2),
  seed_number('size', 18000, 2400000, school_no, file_no), mime_type, seed_digest('file', school_no, file_no),
  CASE WHEN mime_type = 'application/pdf' THEN jsonb_build_object('pages', seed_number('pages', 2, 14, school_no, file_no), 'language', 'es')
    WHEN mime_type = 'image/jpeg' THEN '{"width": 3024, "height": 4032}' ELSE '{"language": "es"}' END,
  visibility, 'clean', made_at, made_at
FROM seed_files()
ORDER BY school_no, file_no
ON CONFLICT (id) DO NOTHING;

-- The first guide is open to a course, the second to a student, the calendar to parents.
INSERT INTO file_permissions (id, file_id, organization_id, user_id, role, course_id, permission, created_at)
SELECT
  seed_uuid('permission', f.school_no, f.file_no), f.id, seed_uuid('school', f.school_no),
  CASE WHEN f.file_no = 2 THEN seed_uuid('person', f.school_no, 27) END,
  CASE WHEN f.file_no = 21 THEN 'parent' END,
  CASE WHEN f.file_no = 1 THEN seed_uuid('course', f.school_no, 1) END, 'read', f.made_at + interval '1 day'
FROM seed_files() AS f
WHERE f.file_no IN (1, 2, 21)
ORDER BY f.school_no, f.file_no
ON CONFLICT (id) DO NOTHING;
