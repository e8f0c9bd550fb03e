import { copy, set, type Violation } from './violation.ts'

export const enrollmentsViolations: readonly Violation[] = [
  [
    'one person twice in a course (ACC-D11)',
    'uq_enrollments_user_course',
    copy('enrollments', 'enrollment_id', { order_id: `null` }),
  ],
  [
    'one order for two enrolments',
    'uq_enrollments_order',
    copy('enrollments', 'enrollment_id', { user_id: `gen_random_uuid()` }, 'order_id is not null'),
  ],
  ['a status nobody knows', 'chk_enrollments_status', set('enrollments', `status = 'cancelled'`)],
  ['progress above 100', 'chk_enrollments_progress', set('enrollments', 'progress_percentage = 100.5')],
  [
    'completed at half way',
    'chk_enrollments_completed',
    set('enrollments', `status = 'completed'`, `status = 'active'`),
  ],
  [
    'a certificate before the end',
    'chk_enrollments_certificate',
    set('enrollments', 'certificate_issued_at = now()', `status = 'active'`),
  ],
  [
    'a visit before the start',
    'chk_enrollments_dates',
    set('enrollments', `last_accessed_at = started_at - interval '1 day'`, 'started_at is not null'),
  ],
  [
    'progress twice for a lesson (ACC-D11)',
    'uq_lesson_progress_enrollment_lesson',
    copy('lesson_progress', 'progress_id'),
  ],
  [
    'progress in the name of another',
    'fk_lesson_progress_enrollment',
    set('lesson_progress', 'user_id = gen_random_uuid()'),
  ],
  [
    'a progress status nobody knows',
    'chk_lesson_progress_status',
    set('lesson_progress', `status = 'done', completed_at = null`),
  ],
  [
    'a completed lesson at 40 %',
    'chk_lesson_progress_percentage',
    set('lesson_progress', 'completion_percentage = 40', `status = 'completed'`),
  ],
  [
    'a completed lesson without a time',
    'chk_lesson_progress_completed',
    set('lesson_progress', 'completed_at = null', `status = 'completed'`),
  ],
  ['negative seconds', 'chk_lesson_progress_seconds', set('lesson_progress', 'time_spent_seconds = -1')],
]
