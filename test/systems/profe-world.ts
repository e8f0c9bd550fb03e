import { id } from './profe-database.ts'

/**
 * Two schools of a few people, every row named, for the access matrix. School `a`: administrator `a1`;
 * teachers `t1` (course `c1`) and `t2` (`c2`); students `s1`, `s2` (in `c1`) and `s3` (in `c2`); parent `p1`
 * of `s1`, and `p2`, whose link to `s2` waits. School `b`: `ab`, `tb`, `sb` in `cb`, and `p1` again, as the
 * parent of `sb`. `root` administers the platform. Written by a superuser, whom no policy binds.
 */
export const people = ['a1', 't1', 't2', 's1', 's2', 's3', 'p1', 'p2', 'ab', 'tb', 'sb', 'root'] as const

type Value = string | number | boolean | null | { readonly sql: string }

/** A string is the name of a row where the column holds ids, else a text. */
function literal(column: string, value: Value): string {
  if (value === null) return 'null'
  if (typeof value === 'object') return value.sql
  if (typeof value !== 'string') return String(value)
  const holdsId = /(^id|_id|_by)$/.test(column)
  return `'${holdsId ? id(value) : value.replaceAll("'", "''")}'`
}

/** An INSERT of one row; ids by their names. */
export function insertion(table: string, row: Readonly<Record<string, Value>>): string {
  const columns = Object.keys(row)
  const values = Object.entries(row).map(([column, value]) => literal(column, value))
  return `insert into ${table} (${columns.join(', ')}) values (${values.join(', ')})`
}

const rows: string[] = []
const add = (table: string, row: Readonly<Record<string, Value>>): void => {
  rows.push(insertion(table, row))
}
const digest = (name: string): Value => ({ sql: `encode(sha256('${name}'), 'hex')` })
const now: Value = { sql: 'now()' }

for (const school of ['a', 'b']) {
  add('organizations.organizations', { id: school, name: `Escuela ${school}`, slug: `escuela-${school}` })
}
for (const name of people) {
  add('auth.users', { id: name, email: `${name}@example.org`, password_hash: '$argon2id$none' })
  add('users.user_profiles', { user_id: name, first_name: name, last_name: 'de prueba' })
}
for (const name of ['a1', 't1', 's1', 's2', 'p1']) add('users.user_preferences', { user_id: name })
for (const name of ['a1', 't1', 's1', 'p1', 'sb']) {
  add('auth.sessions', {
    id: `se_${name}`,
    user_id: name,
    family_id: `se_${name}`,
    refresh_token_hash: digest(name),
    expires_at: { sql: "now() + interval '1 day'" },
  })
}
add('auth.password_resets', {
  id: 'pr_s1',
  user_id: 's1',
  token_hash: digest('pr_s1'),
  expires_at: { sql: "now() + interval '1 day'" },
})

for (const [name, organization, role] of [
  ['a1', 'a', 'admin'],
  ['t1', 'a', 'teacher'],
  ['t2', 'a', 'teacher'],
  ['s1', 'a', 'student'],
  ['s2', 'a', 'student'],
  ['s3', 'a', 'student'],
  ['p1', 'a', 'parent'],
  ['p2', 'a', 'parent'],
  ['ab', 'b', 'admin'],
  ['tb', 'b', 'teacher'],
  ['sb', 'b', 'student'],
  ['root', null, 'admin'],
] as const) {
  add('users.user_roles', { id: `ur_${name}`, user_id: name, organization_id: organization, role })
}
add('users.user_roles', { id: 'ur_p1b', user_id: 'p1', organization_id: 'b', role: 'parent' })

const verified = { status: 'verified', verified_at: now }
for (const [name, guardian, student, organization, state] of [
  ['g_p1s1', 'p1', 's1', 'a', { ...verified, verified_by: 'a1' }],
  ['g_p2s2', 'p2', 's2', 'a', {}],
  ['g_p1sb', 'p1', 'sb', 'b', { ...verified, verified_by: 'ab' }],
] as const) {
  add('users.guardianships', {
    id: name,
    guardian_id: guardian,
    student_id: student,
    organization_id: organization,
    relation: 'mother',
    ...state,
  })
}

for (const [name, organization, key, value, visibility] of [
  ['cfg_chat', 'a', 'chat.parent_visibility', 'true', 'members'],
  ['cfg_admin', 'a', 'plans.limit', '10', 'admin'],
  ['cfg_b', 'b', 'plans.limit', '10', 'members'],
] as const) {
  add('organizations.organization_configs', {
    id: name,
    organization_id: organization,
    config_key: key,
    config_value: value,
    visibility,
  })
}

for (const [name, organization] of [
  ['sub', null],
  ['sub_a', 'a'],
  ['sub_b', 'b'],
] as const) {
  add('academic.subjects', { id: name, organization_id: organization, code: name, name })
}
for (const [name, organization] of [
  ['c1', 'a'],
  ['c2', 'a'],
  ['cb', 'b'],
] as const) {
  add('academic.courses', {
    id: name,
    organization_id: organization,
    code: name,
    name,
    grade_level: 6,
    academic_year: 2025,
  })
  add('academic.course_subjects', {
    id: `cs_${name}`,
    organization_id: organization,
    course_id: name,
    subject_id: 'sub',
  })
}
for (const [person, course, role, organization] of [
  ['t1', 'c1', 'teacher', 'a'],
  ['s1', 'c1', 'student', 'a'],
  ['s2', 'c1', 'student', 'a'],
  ['t2', 'c2', 'teacher', 'a'],
  ['s3', 'c2', 'student', 'a'],
  ['tb', 'cb', 'teacher', 'b'],
  ['sb', 'cb', 'student', 'b'],
] as const) {
  add('academic.course_members', {
    id: `m_${person}`,
    course_id: course,
    organization_id: organization,
    user_id: person,
    member_role: role,
  })
}

for (const [name, uploader, organization, visibility] of [
  ['f_t1', 't1', 'a', 'private'],
  ['f_out', 't1', 'a', 'private'],
  ['f_in', 't1', 'a', 'private'],
  ['f_tpl', 't1', 'a', 'private'],
  ['f_t2', 't2', 'a', 'private'],
  ['f_org', 't2', 'a', 'organization'],
  ['f_toT1', 't2', 'a', 'private'],
  ['f_toC1', 't2', 'a', 'private'],
  ['f_toStudents', 't2', 'a', 'private'],
  ['f_s1', 's1', 'a', 'private'],
  ['f_s2', 's2', 'a', 'private'],
  ['f_p1', 'p1', 'a', 'private'],
  ['f_b', 'tb', 'b', 'public'],
] as const) {
  add('files.files', {
    id: name,
    organization_id: organization,
    uploaded_by: uploader,
    object_key: name,
    filename: name,
    original_filename: name,
    size_bytes: 1,
    mime_type: 'text/plain',
    sha256: digest(name),
    metadata: '{"pages": 1}',
    visibility,
  })
}
for (const [name, file, to, organization] of [
  ['fp_toT1', 'f_toT1', { user_id: 't1' }, 'a'],
  ['fp_toC1', 'f_toC1', { course_id: 'c1' }, 'a'],
  ['fp_toStudents', 'f_toStudents', { role: 'student' }, 'a'],
  ['fp_t1', 'f_t1', { user_id: 's3' }, 'a'],
  ['fp_s1', 'f_s1', { user_id: 't2' }, 'a'],
  ['fp_p1', 'f_p1', { user_id: 't2' }, 'a'],
  ['fp_b', 'f_b', { user_id: 's1' }, 'b'],
] as const) {
  add('files.file_permissions', { id: name, file_id: file, organization_id: organization, ...to })
}

for (const [name, teacher, course, status, organization] of [
  ['pl_t1', 't1', 'c1', 'active', 'a'],
  ['pl_draft', 't1', 'c1', 'draft', 'a'],
  ['pl_old', 't1', null, 'archived', 'a'],
  ['pl_co', 't2', 'c1', 'active', 'a'],
  ['pl_t2', 't2', 'c2', 'completed', 'a'],
  ['pl_b', 'tb', 'cb', 'active', 'b'],
] as const) {
  add('plans.plans', {
    id: name,
    organization_id: organization,
    teacher_id: teacher,
    subject_id: 'sub',
    course_id: course,
    title: name,
    status,
  })
}
for (const [name, teacher, plan, organization] of [
  ['j_t1', 't1', 'pl_t1', 'a'],
  ['j_t2', 't2', null, 'a'],
  ['j_b', 'tb', 'pl_b', 'b'],
] as const) {
  add('plans.plan_jobs', { id: name, teacher_id: teacher, plan_id: plan, organization_id: organization })
}
for (const [name, plan, student, organization] of [
  ['r_s1', 'pl_t1', 's1', 'a'],
  ['r_s2', 'pl_t1', 's2', 'a'],
  ['r_draft', 'pl_draft', 's1', 'a'],
  ['r_old', 'pl_old', 's1', 'a'],
  ['r_s3', 'pl_t2', 's3', 'a'],
  ['r_b', 'pl_b', 'sb', 'b'],
] as const) {
  add('plans.plan_results', { id: name, plan_id: plan, student_id: student, organization_id: organization })
}
for (const [name, plan, file, role, organization] of [
  ['pf_out', 'pl_t1', 'f_out', 'output', 'a'],
  ['pf_in', 'pl_t1', 'f_in', 'input', 'a'],
  ['pf_tpl', 'pl_t1', 'f_tpl', 'template', 'a'],
  ['pf_draft', 'pl_draft', 'f_t1', 'output', 'a'],
  ['pf_t2', 'pl_t2', 'f_t2', 'output', 'a'],
  ['pf_b', 'pl_b', 'f_b', 'output', 'b'],
] as const) {
  add('plans.plan_files', {
    id: name,
    plan_id: plan,
    file_id: file,
    file_role: role,
    organization_id: organization,
  })
}

for (const [name, shared, file, organization] of [
  ['s1', false, 'f_s1', 'a'],
  ['s2', true, 'f_s2', 'a'],
  ['s3', true, null, 'a'],
  ['t1', false, null, 'a'],
  ['sb', true, null, 'b'],
] as const) {
  const session = { session_id: `ch_${name}`, organization_id: organization }
  add('chat.chat_sessions', {
    id: `ch_${name}`,
    organization_id: organization,
    user_id: name,
    app_name: 'tutor',
    shared_with_teacher: shared,
  })
  add('chat.chat_messages', { id: `ms_${name}`, ...session, seq: 1, role: 'user', content: 'Hola' })
  if (file !== null) add('chat.chat_files', { id: `cf_${name}`, ...session, file_id: file })
}

for (const [name, organization] of [
  ['t1', 'a'],
  ['s1', 'a'],
  ['s2', 'a'],
  ['s3', 'a'],
  ['p1', 'a'],
  ['sb', 'b'],
] as const) {
  const measured = { organization_id: organization, metric_type: 'study_minutes', metric_value: 30 }
  add('analytics.user_metrics', { id: `um_${name}`, user_id: name, ...measured })
}
for (const [name, plan, organization] of [
  ['pm_t1', 'pl_t1', 'a'],
  ['pm_t2', 'pl_t2', 'a'],
  ['pm_b', 'pl_b', 'b'],
] as const) {
  const measured = { organization_id: organization, metric_type: 'completion', metric_value: 50 }
  add('analytics.plan_metrics', { id: name, plan_id: plan, ...measured })
}
for (const [name, course, organization] of [
  ['am_c1', 'c1', 'a'],
  ['am_c2', 'c2', 'a'],
  ['am_a', null, 'a'],
  ['am_b', 'cb', 'b'],
] as const) {
  const measured = { organization_id: organization, metric_type: 'attendance', metric_value: 90 }
  add('analytics.academic_metrics', { id: name, course_id: course, ...measured })
}

/** The whole world as one script. */
export const world = `begin; ${rows.join(';\n')}; commit`
