import { defineSystem } from 'panal'

/** An outbox is append-only: what happened is neither rewritten nor taken back (ACC-D05). */
const tables = { domain_events: ['select', 'insert'] } as const

/**
 * ACC LMS: a learning platform as eight services, one schema and one least-privilege login each.
 * The only rights across schemas are the five `reads` of its access matrix (ACC-16).
 */
export default defineSystem({
  name: 'acc-lms',
  database: 'acc_lms',
  extensions: ['vector?'],
  services: {
    auth: { schema: 'auth', login: 'auth_svc', tables },
    users: { schema: 'users', login: 'users_svc', tables },
    courses: { schema: 'courses', login: 'courses_svc', tables },
    enrollments: { schema: 'enrollments', login: 'enrollments_svc', reads: ['courses'], tables },
    assessments: {
      schema: 'assessments',
      login: 'assessments_svc',
      reads: ['courses', 'enrollments'],
      tables,
    },
    payments: { schema: 'payments', login: 'payments_svc', reads: ['courses'], tables },
    ai: { schema: 'ai', login: 'ai_svc', reads: ['courses'], tables },
    notifications: { schema: 'notifications', login: 'notifications_svc', tables },
  },
})
