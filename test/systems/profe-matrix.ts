import { insertion } from './profe-world.ts'

/** Who acts in school `a` for each column of the matrix. */
export const personas = { admin: 'a1', teacher: 't1', student: 's1', parent: 'p1' } as const
export type Role = keyof typeof personas
export type Verb = 'select' | 'insert' | 'update' | 'delete'

/** Rows by name, separated by blanks. A verb left out is a cell "—". */
type Cell = Readonly<Partial<Record<Verb, string>>>

export interface TableCells {
  /** With its schema. */
  readonly table: string
  /** Default: `id`. */
  readonly key?: string
  /** Every row of the world. */
  readonly rows: string
  /** What an UPDATE sets, for each role or for all. */
  readonly sets: string | Readonly<Partial<Record<Role, string>>>
  /** INSERTs that are tried, by name; `me` is the person who acts. */
  readonly inserts: (me: string) => Readonly<Record<string, string>>
  readonly cells: Readonly<Partial<Record<Role, Cell>>>
}

const a = { organization_id: 'a' }
const b = { organization_id: 'b' }
const digest = { sql: "repeat('0', 64)" }
const later = { sql: "now() + interval '1 day'" }
const now = { sql: 'now()' }

/** C4 of the design, cell by cell: names of rows where it names people. */
export const matrix: readonly TableCells[] = [
  {
    table: 'auth.users',
    rows: 'a1 t1 t2 s1 s2 s3 p1 p2 ab tb sb root',
    sets: 'is_active = false',
    inserts: () => ({
      new: insertion('auth.users', { id: 'new', email: 'new@example.org', password_hash: '$none' }),
    }),
    cells: {
      admin: { select: 'a1 t1 t2 s1 s2 s3 p1 p2', update: 'a1 t1 t2 s1 s2 s3 p1 p2' },
      student: { select: 's1' },
      parent: { select: 'p1' },
    },
  },
  {
    table: 'auth.sessions',
    rows: 'se_a1 se_t1 se_s1 se_p1 se_sb',
    sets: 'user_agent = null',
    inserts: (me) => ({
      own: insertion('auth.sessions', {
        id: 'new',
        user_id: me,
        family_id: 'new',
        refresh_token_hash: digest,
        expires_at: later,
      }),
    }),
    cells: {
      teacher: { select: 'se_t1', delete: 'se_t1' },
      student: { select: 'se_s1', delete: 'se_s1' },
      parent: { select: 'se_p1', delete: 'se_p1' },
    },
  },
  {
    // The administrator's part of auth.sessions: no token, and an end by DELETE.
    table: 'auth.session_overview',
    rows: 'se_a1 se_t1 se_s1 se_p1 se_sb',
    sets: 'user_agent = null',
    inserts: (me) => ({ own: insertion('auth.session_overview', { id: 'new', user_id: me }) }),
    cells: { admin: { select: 'se_a1 se_t1 se_s1 se_p1', delete: 'se_a1 se_t1 se_s1 se_p1' } },
  },
  {
    table: 'auth.password_resets',
    rows: 'pr_s1',
    sets: 'used_at = now()',
    inserts: (me) => ({
      own: insertion('auth.password_resets', {
        id: 'new',
        user_id: me,
        token_hash: digest,
        expires_at: later,
      }),
    }),
    cells: {},
  },
  {
    table: 'users.user_profiles',
    key: 'user_id',
    rows: 'a1 t1 t2 s1 s2 s3 p1 p2 ab tb sb root',
    sets: "phone = '1'",
    inserts: (me) => ({
      own: insertion('users.user_profiles', { user_id: me, first_name: 'x', last_name: 'y' }),
    }),
    cells: {
      admin: { select: 'a1 t1 t2 s1 s2 s3 p1 p2', update: 'a1 t1 t2 s1 s2 s3 p1 p2' },
      teacher: { select: 'a1 t1 t2 s1 s2', update: 't1' },
      student: { select: 's1 t1', update: 's1' },
      parent: { select: 'p1 s1 t1', update: 'p1' },
    },
  },
  {
    table: 'users.user_roles',
    rows: 'ur_a1 ur_t1 ur_t2 ur_s1 ur_s2 ur_s3 ur_p1 ur_p1b ur_p2 ur_ab ur_tb ur_sb ur_root',
    sets: 'is_active = false',
    inserts: (me) => ({
      here: insertion('users.user_roles', { id: 'new', user_id: 'sb', ...a, role: 'student' }),
      there: insertion('users.user_roles', { id: 'new', user_id: 's1', ...b, role: 'student' }),
      platform: insertion('users.user_roles', {
        id: 'new',
        user_id: 's1',
        organization_id: null,
        role: 'admin',
      }),
      // The floor lets one's own rows through, wherever they are.
      ownThere: insertion('users.user_roles', { id: 'new', user_id: me, ...b, role: 'admin' }),
      ownPlatform: insertion('users.user_roles', {
        id: 'new',
        user_id: me,
        organization_id: null,
        role: 'admin',
      }),
    }),
    cells: {
      admin: {
        select: 'ur_a1 ur_t1 ur_t2 ur_s1 ur_s2 ur_s3 ur_p1 ur_p2',
        insert: 'here',
        update: 'ur_a1 ur_t1 ur_t2 ur_s1 ur_s2 ur_s3 ur_p1 ur_p2',
        delete: 'ur_a1 ur_t1 ur_t2 ur_s1 ur_s2 ur_s3 ur_p1 ur_p2',
      },
      teacher: { select: 'ur_t1' },
      student: { select: 'ur_s1' },
      // One's own role elsewhere too: it is how one chooses an organisation.
      parent: { select: 'ur_p1 ur_p1b ur_s1' },
    },
  },
  {
    table: 'users.user_preferences',
    key: 'user_id',
    rows: 'a1 t1 s1 s2 p1',
    sets: "theme = 'dark'",
    inserts: (me) => ({
      own: insertion('users.user_preferences', { user_id: me }),
      other: insertion('users.user_preferences', { user_id: 's3' }),
    }),
    cells: {
      teacher: { select: 't1', insert: 'own', update: 't1' },
      student: { select: 's1', insert: 'own', update: 's1' },
      parent: { select: 'p1', insert: 'own', update: 'p1' },
    },
  },
  {
    table: 'users.guardianships',
    rows: 'g_p1s1 g_p2s2 g_p1sb',
    sets: "status = 'revoked'",
    inserts: (me) => {
      const link = { id: 'new', student_id: 's3', relation: 'mother' }
      const verified = { status: 'verified', verified_by: 'a1', verified_at: now }
      return {
        pending: insertion('users.guardianships', { ...link, ...a, guardian_id: me }),
        verified: insertion('users.guardianships', { ...link, ...a, guardian_id: me, ...verified }),
        another: insertion('users.guardianships', { ...link, ...a, guardian_id: 'p2' }),
        there: insertion('users.guardianships', { ...link, ...b, guardian_id: me }),
      }
    },
    cells: {
      admin: {
        select: 'g_p1s1 g_p2s2',
        insert: 'pending verified another',
        update: 'g_p1s1 g_p2s2',
        delete: 'g_p1s1 g_p2s2',
      },
      teacher: { select: 'g_p1s1 g_p2s2' },
      student: { select: 'g_p1s1' },
      // One's own link elsewhere too, like the role.
      parent: { select: 'g_p1s1 g_p1sb', insert: 'pending' },
    },
  },
  {
    table: 'organizations.organizations',
    rows: 'a b',
    sets: "city = 'Tunja'",
    inserts: () => ({
      new: insertion('organizations.organizations', { id: 'new', name: 'Nueva', slug: 'nueva' }),
    }),
    cells: {
      admin: { select: 'a', update: 'a' },
      teacher: { select: 'a' },
      student: { select: 'a' },
      parent: { select: 'a' },
    },
  },
  {
    table: 'organizations.organization_configs',
    rows: 'cfg_chat cfg_admin cfg_b',
    sets: "config_value = 'false'",
    inserts: () => {
      const config = { id: 'new', config_key: 'new', config_value: '1' }
      return {
        here: insertion('organizations.organization_configs', { ...config, ...a }),
        there: insertion('organizations.organization_configs', { ...config, ...b }),
      }
    },
    cells: {
      admin: {
        select: 'cfg_chat cfg_admin',
        insert: 'here',
        update: 'cfg_chat cfg_admin',
        delete: 'cfg_chat cfg_admin',
      },
      teacher: { select: 'cfg_chat' },
      student: { select: 'cfg_chat' },
      parent: { select: 'cfg_chat' },
    },
  },
  {
    table: 'academic.subjects',
    rows: 'sub sub_a sub_b',
    sets: "name = 'x'",
    inserts: () => ({
      here: insertion('academic.subjects', { id: 'new', ...a, code: 'new', name: 'x' }),
      there: insertion('academic.subjects', { id: 'new', ...b, code: 'new', name: 'x' }),
      shared: insertion('academic.subjects', { id: 'new', organization_id: null, code: 'new', name: 'x' }),
    }),
    cells: {
      admin: { select: 'sub sub_a', insert: 'here', update: 'sub_a', delete: 'sub_a' },
      teacher: { select: 'sub sub_a' },
      student: { select: 'sub sub_a' },
      parent: { select: 'sub sub_a' },
    },
  },
  {
    table: 'academic.courses',
    rows: 'c1 c2 cb',
    sets: "description = 'x'",
    inserts: () => {
      const course = { id: 'new', code: 'new', name: 'x', grade_level: 6, academic_year: 2025 }
      return {
        here: insertion('academic.courses', { ...course, ...a }),
        there: insertion('academic.courses', { ...course, ...b }),
      }
    },
    cells: {
      admin: { select: 'c1 c2', insert: 'here', update: 'c1 c2', delete: 'c1 c2' },
      teacher: { select: 'c1 c2', update: 'c1' },
      student: { select: 'c1' },
      parent: { select: 'c1' },
    },
  },
  {
    table: 'academic.course_subjects',
    rows: 'cs_c1 cs_c2 cs_cb',
    sets: 'weekly_hours = 3',
    inserts: () => {
      const of = (course: string, subject: string, organization: object) =>
        insertion('academic.course_subjects', {
          id: 'new',
          course_id: course,
          subject_id: subject,
          ...organization,
        })
      return {
        inC1: of('c1', 'sub_a', a),
        inC2: of('c2', 'sub_a', a),
        inCb: of('cb', 'sub', b),
        foreign: of('c1', 'sub_b', a),
      }
    },
    cells: {
      admin: {
        select: 'cs_c1 cs_c2',
        insert: 'inC1 inC2',
        update: 'cs_c1 cs_c2',
        delete: 'cs_c1 cs_c2',
      },
      teacher: { select: 'cs_c1 cs_c2', insert: 'inC1', delete: 'cs_c1' },
      student: { select: 'cs_c1' },
      parent: { select: 'cs_c1' },
    },
  },
  {
    table: 'academic.course_members',
    rows: 'm_t1 m_s1 m_s2 m_t2 m_s3 m_tb m_sb',
    sets: 'is_active = false',
    inserts: () => {
      const member = (person: string, course: string, role: string, organization: object) =>
        insertion('academic.course_members', {
          id: 'new',
          user_id: person,
          course_id: course,
          member_role: role,
          ...organization,
        })
      return {
        student: member('s3', 'c1', 'student', a),
        teacher: member('t2', 'c1', 'teacher', a),
        inC2: member('s1', 'c2', 'student', a),
        stranger: member('sb', 'c1', 'student', a),
        there: member('s1', 'cb', 'student', b),
      }
    },
    cells: {
      admin: {
        select: 'm_t1 m_s1 m_s2 m_t2 m_s3',
        insert: 'student teacher inC2 stranger',
        update: 'm_t1 m_s1 m_s2 m_t2 m_s3',
        delete: 'm_t1 m_s1 m_s2 m_t2 m_s3',
      },
      teacher: { select: 'm_t1 m_s1 m_s2', insert: 'student', update: 'm_s1 m_s2' },
      student: { select: 'm_s1 m_t1' },
      parent: { select: 'm_s1' },
    },
  },
  {
    table: 'plans.plans',
    rows: 'pl_t1 pl_draft pl_old pl_co pl_t2 pl_b',
    sets: {
      admin: "status = 'archived'",
      teacher: "title = 'x'",
      student: "title = 'x'",
      parent: "title = 'x'",
    },
    inserts: (me) => {
      const plan = { id: 'new', title: 'x', teacher_id: me, subject_id: 'sub', course_id: 'c1' }
      return {
        own: insertion('plans.plans', { ...plan, ...a }),
        another: insertion('plans.plans', { ...plan, ...a, teacher_id: 't2' }),
        inC2: insertion('plans.plans', { ...plan, ...a, course_id: 'c2' }),
        foreign: insertion('plans.plans', { ...plan, ...a, subject_id: 'sub_b' }),
        there: insertion('plans.plans', { ...plan, ...b, course_id: null }),
      }
    },
    cells: {
      admin: {
        select: 'pl_t1 pl_draft pl_old pl_co pl_t2',
        update: 'pl_t1 pl_draft pl_old pl_co pl_t2',
      },
      teacher: {
        select: 'pl_t1 pl_draft pl_old pl_co',
        insert: 'own',
        update: 'pl_t1 pl_draft pl_old',
        delete: 'pl_t1 pl_draft pl_old',
      },
      student: { select: 'pl_t1' },
      parent: { select: 'pl_t1 pl_old' },
    },
  },
  {
    table: 'plans.plan_jobs',
    rows: 'j_t1 j_t2 j_b',
    sets: 'cancelled_at = now()',
    inserts: (me) => ({
      own: insertion('plans.plan_jobs', { id: 'new', teacher_id: me, ...a }),
      another: insertion('plans.plan_jobs', { id: 'new', teacher_id: 't2', ...a }),
      done: insertion('plans.plan_jobs', { id: 'new', teacher_id: me, status: 'completed', ...a }),
      otherPlan: insertion('plans.plan_jobs', { id: 'new', teacher_id: me, plan_id: 'pl_co', ...a }),
      there: insertion('plans.plan_jobs', { id: 'new', teacher_id: me, ...b }),
    }),
    cells: {
      admin: { select: 'j_t1 j_t2' },
      teacher: { select: 'j_t1', insert: 'own', update: 'j_t1' },
    },
  },
  {
    table: 'plans.plan_results',
    rows: 'r_s1 r_s2 r_draft r_old r_s3 r_b',
    sets: "feedback = 'Bien', score = 90",
    inserts: () => {
      const result = { id: 'new', plan_id: 'pl_t1', student_id: 's2', attempt: 2, ...a }
      return {
        assignment: insertion('plans.plan_results', result),
        graded: insertion('plans.plan_results', { ...result, score: 100 }),
        otherPlan: insertion('plans.plan_results', { ...result, plan_id: 'pl_t2', student_id: 's1' }),
        otherStudent: insertion('plans.plan_results', { ...result, student_id: 's3' }),
      }
    },
    cells: {
      admin: { select: 'r_s1 r_s2 r_draft r_old r_s3' },
      teacher: {
        select: 'r_s1 r_s2 r_draft r_old',
        insert: 'assignment',
        update: 'r_s1 r_s2 r_draft r_old',
      },
      student: { select: 'r_s1 r_draft r_old' },
      parent: { select: 'r_s1 r_draft r_old' },
    },
  },
  {
    table: 'plans.plan_files',
    rows: 'pf_out pf_in pf_tpl pf_draft pf_t2 pf_b',
    sets: "file_role = 'output'",
    inserts: () => {
      const attached = (plan: string, file: string, organization: object) =>
        insertion('plans.plan_files', {
          id: 'new',
          plan_id: plan,
          file_id: file,
          file_role: 'output',
          ...organization,
        })
      return {
        own: attached('pl_t1', 'f_t1', a),
        otherFile: attached('pl_t1', 'f_t2', a),
        otherPlan: attached('pl_t2', 'f_t1', a),
        there: attached('pl_b', 'f_b', b),
      }
    },
    cells: {
      admin: { select: 'pf_out pf_in pf_tpl pf_draft pf_t2' },
      teacher: {
        select: 'pf_out pf_in pf_tpl pf_draft',
        insert: 'own',
        delete: 'pf_out pf_in pf_tpl pf_draft',
      },
      student: { select: 'pf_out pf_tpl' },
      parent: { select: 'pf_out' },
    },
  },
  {
    table: 'chat.chat_sessions',
    rows: 'ch_s1 ch_s2 ch_s3 ch_t1 ch_sb',
    sets: 'shared_with_teacher = true',
    inserts: (me) => {
      const session = { id: 'new', app_name: 'tutor', user_id: me }
      return {
        own: insertion('chat.chat_sessions', { ...session, ...a }),
        ofPlan: insertion('chat.chat_sessions', { ...session, ...a, plan_id: 'pl_t1' }),
        ofDraft: insertion('chat.chat_sessions', { ...session, ...a, plan_id: 'pl_draft' }),
        another: insertion('chat.chat_sessions', { ...session, ...a, user_id: 's2' }),
        there: insertion('chat.chat_sessions', { ...session, ...b }),
      }
    },
    cells: {
      teacher: { select: 'ch_t1 ch_s2' },
      student: { select: 'ch_s1', insert: 'own ofPlan', update: 'ch_s1' },
      parent: { select: 'ch_s1' },
    },
  },
  {
    // The administrator's part of chat.chat_sessions: that they took place.
    table: 'chat.session_overview',
    rows: 'ch_s1 ch_s2 ch_s3 ch_t1 ch_sb',
    sets: 'shared_with_teacher = true',
    inserts: (me) => ({ own: insertion('chat.session_overview', { id: 'new', user_id: me, ...a }) }),
    cells: { admin: { select: 'ch_s1 ch_s2 ch_s3 ch_t1' } },
  },
  {
    table: 'chat.chat_messages',
    rows: 'ms_s1 ms_s2 ms_s3 ms_t1 ms_sb',
    sets: "content = 'x'",
    inserts: () => {
      const message = { id: 'new', seq: 2, role: 'user', content: 'x' }
      return {
        s1: insertion('chat.chat_messages', { ...message, ...a, session_id: 'ch_s1' }),
        s2: insertion('chat.chat_messages', { ...message, ...a, session_id: 'ch_s2' }),
        t1: insertion('chat.chat_messages', { ...message, ...a, session_id: 'ch_t1' }),
        sb: insertion('chat.chat_messages', { ...message, ...b, session_id: 'ch_sb' }),
      }
    },
    cells: {
      teacher: { select: 'ms_t1 ms_s2' },
      student: { select: 'ms_s1', insert: 's1' },
      parent: { select: 'ms_s1' },
    },
  },
  {
    table: 'chat.chat_files',
    rows: 'cf_s1 cf_s2',
    sets: 'message_id = null',
    inserts: () => {
      const attached = (session: string, file: string) =>
        insertion('chat.chat_files', { id: 'new', session_id: session, file_id: file, ...a })
      return {
        own: attached('ch_s1', 'f_s1'),
        otherFile: attached('ch_s1', 'f_org'),
        otherSession: attached('ch_s2', 'f_s1'),
      }
    },
    cells: {
      teacher: { select: 'cf_s2' },
      student: { select: 'cf_s1', insert: 'own' },
      parent: { select: 'cf_s1' },
    },
  },
  ...(
    [
      [
        'user_metrics',
        { user_id: 's1' },
        'um_t1 um_s1 um_s2 um_s3 um_p1 um_sb',
        {
          admin: { select: 'um_t1 um_s1 um_s2 um_s3 um_p1' },
          teacher: { select: 'um_t1 um_s1 um_s2' },
          student: { select: 'um_s1' },
          parent: { select: 'um_s1' },
        },
      ],
      [
        'plan_metrics',
        { plan_id: 'pl_t1' },
        'pm_t1 pm_t2 pm_b',
        { admin: { select: 'pm_t1 pm_t2' }, teacher: { select: 'pm_t1' } },
      ],
      [
        'academic_metrics',
        { course_id: 'c1' },
        'am_c1 am_c2 am_a am_b',
        { admin: { select: 'am_c1 am_c2 am_a' }, teacher: { select: 'am_c1' } },
      ],
    ] as const
  ).map(
    ([name, subject, rows, cells]): TableCells => ({
      table: `analytics.${name}`,
      rows,
      sets: 'metric_value = 0',
      inserts: () => ({
        here: insertion(`analytics.${name}`, {
          id: 'new',
          metric_type: 'x',
          metric_value: 1,
          ...a,
          ...subject,
        }),
      }),
      cells,
    }),
  ),
  {
    table: 'files.files',
    rows: 'f_t1 f_out f_in f_tpl f_t2 f_org f_toT1 f_toC1 f_toStudents f_s1 f_s2 f_p1 f_b',
    sets: "filename = 'x'",
    inserts: (me) => {
      const file = {
        id: 'new',
        uploaded_by: me,
        object_key: 'new',
        filename: 'x',
        original_filename: 'x',
        size_bytes: 1,
        mime_type: 'text/plain',
        sha256: digest,
      }
      return {
        own: insertion('files.files', { ...file, ...a }),
        another: insertion('files.files', { ...file, ...a, uploaded_by: 't2' }),
        scanned: insertion('files.files', { ...file, ...a, scan_status: 'clean' }),
        there: insertion('files.files', { ...file, ...b }),
      }
    },
    cells: {
      admin: {
        select: 'f_t1 f_out f_in f_tpl f_t2 f_org f_toT1 f_toC1 f_toStudents f_s1 f_s2 f_p1',
        update: 'f_t1 f_out f_in f_tpl f_t2 f_org f_toT1 f_toC1 f_toStudents f_s1 f_s2 f_p1',
        delete: 'f_t1 f_out f_in f_tpl f_t2 f_org f_toT1 f_toC1 f_toStudents f_s1 f_s2 f_p1',
      },
      teacher: {
        select: 'f_t1 f_out f_in f_tpl f_org f_toT1 f_toC1',
        insert: 'own',
        update: 'f_t1 f_out f_in f_tpl',
        delete: 'f_t1 f_out f_in f_tpl',
      },
      student: { select: 'f_s1 f_org f_toC1 f_toStudents f_out f_tpl', insert: 'own' },
      parent: { select: 'f_p1 f_out' },
    },
  },
  {
    table: 'files.file_permissions',
    rows: 'fp_toT1 fp_toC1 fp_toStudents fp_t1 fp_s1 fp_p1 fp_b',
    sets: "permission = 'delete'",
    inserts: () => {
      const to = (file: string, organization: object) =>
        insertion('files.file_permissions', { id: 'new', file_id: file, role: 'parent', ...organization })
      return { t1: to('f_t1', a), s1: to('f_s1', a), p1: to('f_p1', a), there: to('f_b', b) }
    },
    cells: {
      admin: {
        select: 'fp_toT1 fp_toC1 fp_toStudents fp_t1 fp_s1 fp_p1',
        insert: 't1 s1 p1',
        delete: 'fp_toT1 fp_toC1 fp_toStudents fp_t1 fp_s1 fp_p1',
      },
      teacher: { select: 'fp_t1', insert: 't1', delete: 'fp_t1' },
      student: { select: 'fp_s1', insert: 's1', delete: 'fp_s1' },
      parent: { select: 'fp_p1' },
    },
  },
]
