import type { Service } from '../acc-lms-database.ts'
import { aiViolations } from './ai.ts'
import { assessmentsViolations } from './assessments.ts'
import { authViolations } from './auth.ts'
import { coursesViolations } from './courses.ts'
import { enrollmentsViolations } from './enrollments.ts'
import { notificationsViolations } from './notifications.ts'
import { paymentsViolations } from './payments.ts'
import { usersViolations } from './users.ts'
import type { Violation } from './violation.ts'

export { sqlStateOfConstraint } from './violation.ts'

export const violations: Readonly<Record<Service, readonly Violation[]>> = {
  auth: authViolations,
  users: usersViolations,
  courses: coursesViolations,
  enrollments: enrollmentsViolations,
  assessments: assessmentsViolations,
  payments: paymentsViolations,
  ai: aiViolations,
  notifications: notificationsViolations,
}

/** Implied by a key or by another rule of the same table, so that no row can break them alone. */
export const keptElsewhere = [
  'assessments.uq_quiz_questions_quiz',
  'assessments.uq_quiz_submissions_quiz',
  'auth.uq_refresh_tokens_family',
  'courses.fk_lessons_course',
  'courses.uq_sections_course',
  'enrollments.uq_enrollments_user',
  'notifications.uq_templates_type',
  'payments.uq_enrollment_refs_identity',
  'payments.uq_orders_user',
] as const
