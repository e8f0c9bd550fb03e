import { defineSystem } from 'panal'

/** The services whose logins act for people: everyone but `authz`, whom nobody logs in as. */
const services = [
  'organizations',
  'auth',
  'users',
  'academic',
  'files',
  'plans',
  'chat',
  'analytics',
] as const

/** What the policies call (C3 of the design); `authz/migrations/001_helpers.sql` says what each answers. */
const helpers = [
  'uid',
  'org',
  'lowest_id',
  'highest_id',
  'has_role',
  'is_platform_admin',
  'my_members',
  'taught_courses',
  'attended_courses',
  'my_courses',
  'my_students',
  'my_colleagues',
  'my_teachers',
  'my_children',
  'children_courses',
  'children_teachers',
  'my_plans',
  'assigned_plans',
  'children_plans',
  'my_files',
  'granted_files',
  'assigned_files',
  'children_files',
  'parents_see_chats',
  'is_student_here',
  'is_subject_here',
]

/** Roles that may ask: every login, and the owners of definer routines, which ask who is calling. */
const askers = {
  app_users: helpers,
  profe_organizations_owner: ['is_platform_admin'],
  profe_users_owner: ['uid'],
  profe_plans_owner: ['uid', 'org', 'has_role'],
  profe_chat_owner: ['uid', 'org', 'has_role'],
}

/** The helpers read these tables as their owner, and no other. */
const readByHelpers = (...tables: string[]) =>
  tables.map((on) => ({ to: 'profe_authz_owner', on, privileges: ['select'] as const }))

/** Reports count without a person; policies of their own let them (no BYPASSRLS). */
const readByReports = (...tables: string[]) =>
  tables.map((on) => ({ to: 'profe_reports', on, privileges: ['select'] as const }))

const appendOnly = ['select', 'insert'] as const
const readOnly = ['select'] as const

/**
 * Profe: schools, their courses and reinforcement plans, as eight services that share one database and refer to
 * each other's tables by foreign keys. Every table is under row-level security by who the person is.
 */
export default defineSystem({
  name: 'profe',
  database: 'profe_database',
  extensions: ['citext'],
  services: {
    organizations: {
      references: ['authz'],
      grants: readByHelpers('organization_configs'),
      definers: ['create_organization'],
    },
    auth: {
      references: ['authz'],
      tables: { session_overview: ['select', 'delete'] },
      definers: ['session_overview'],
    },
    users: {
      references: ['auth', 'organizations', 'authz'],
      grants: readByHelpers('user_roles', 'guardianships'),
      definers: ['create_profile'],
    },
    academic: {
      references: ['auth', 'organizations', 'authz'],
      tables: { teacher_courses: readOnly },
      grants: readByHelpers('subjects', 'course_members'),
    },
    files: {
      references: ['auth', 'organizations', 'academic', 'authz'],
      tables: { file_metadata: readOnly },
      grants: readByHelpers('files', 'file_permissions'),
    },
    plans: {
      references: ['auth', 'organizations', 'academic', 'files', 'authz'],
      grants: readByHelpers('plans', 'plan_results', 'plan_files'),
      definers: ['record_progress'],
    },
    chat: {
      references: ['auth', 'organizations', 'plans', 'files', 'authz'],
      tables: { chat_messages: appendOnly, session_overview: readOnly, content_accesses: readOnly },
      definers: ['session_overview', 'break_glass'],
    },
    analytics: {
      references: ['auth', 'organizations', 'academic', 'plans', 'authz'],
      tables: { user_metrics: appendOnly, plan_metrics: appendOnly, academic_metrics: appendOnly },
      grants: readByReports('user_metrics', 'plan_metrics', 'academic_metrics'),
    },
    authz: {
      login: false,
      grants: Object.entries(askers).flatMap(([to, asked]) =>
        asked.map((on) => ({ to, on, privileges: ['execute'] as const })),
      ),
      definers: helpers.slice(4),
    },
  },
  roles: {
    app_users: { members: services.map((service) => `profe_${service}_svc`) },
    profe_reports: { login: true },
  },
})
