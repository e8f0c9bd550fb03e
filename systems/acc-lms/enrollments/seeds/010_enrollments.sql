-- Enrolments and the lessons that were opened. A paid course has the order that opened it; ids of orders
-- are those of the service payments.

INSERT INTO enrollments (
  enrollment_id, user_id, course_id, order_id, status, progress_percentage, started_at, completed_at,
  last_accessed_at, certificate_issued_at, expires_at, created_at, updated_at
)
SELECT
  seed_uuid('enrollment', e.person_no, e.course_no), seed_uuid('user', e.person_no),
  seed_uuid('course', e.course_no),
  CASE WHEN c.price_cents > 0 THEN seed_uuid('order', e.person_no, e.course_no) END,
  e.status, round(100.0 * e.lessons_done / e.lesson_count, 2), e.started_at, e.completed_at, e.last_accessed_at,
  e.completed_at + interval '1 minute', e.expires_at, e.enrolled_at, coalesce(e.last_accessed_at, e.enrolled_at)
FROM seed_enrollments() e
JOIN seed_courses() c USING (course_no)
ORDER BY e.enrolled_at, e.person_no
ON CONFLICT (enrollment_id) DO NOTHING;

INSERT INTO lesson_progress (
  progress_id, enrollment_id, lesson_id, user_id, status, completion_percentage, time_spent_seconds,
  last_position_seconds, completed_at, created_at, updated_at
)
SELECT
  seed_uuid('progress', p.person_no, p.course_no, p.lesson_no), seed_uuid('enrollment', p.person_no, p.course_no),
  seed_uuid('lesson', p.course_no, p.lesson_no), seed_uuid('user', p.person_no), p.status, p.percentage,
  p.time_spent_seconds, p.last_position_seconds, CASE WHEN p.status = 'completed' THEN p.touched_at END,
  p.opened_at, p.touched_at
FROM seed_progress() p
ORDER BY p.touched_at, p.person_no
ON CONFLICT (progress_id) DO NOTHING;
