import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import { applyPlatform } from '../../src/control/apply/index.ts'
import { type Connection, openConnection, serverErrorOf, withDatabase } from '../../src/postgres/index.ts'
import { startTestServer, type TestServer } from '../harness/servers.ts'
import { id, kinds, Logins, profeContext, type Service, services, tables } from './profe-database.ts'
import { personas } from './profe-matrix.ts'
import { insertion, world } from './profe-world.ts'

const denied = '42501'
const student = { person: 's1', organization: 'a' }
const teacher = { person: 't1', organization: 'a' }
const parent = { person: 'p1', organization: 'a' }
const admin = { person: 'a1', organization: 'a' }

for (const kind of kinds) {
  suite(`profe: what the policies must keep, on ${kind.major} as ${kind.admin}`, () => {
    let server: TestServer
    let superuser: Connection
    let logins: Logins
    let undo: string[]

    before(async () => {
      server = await startTestServer(kind)
      const context = await profeContext(server)
      assert.deepEqual((await applyPlatform(context)).failed, [])
      superuser = await openConnection(withDatabase(server.superuserUrl, 'profe_database'))
      await superuser.script(world)
      logins = new Logins(context)
    })
    beforeEach(() => {
      undo = []
    })
    after(async () => {
      await logins?.[Symbol.asyncDispose]()
      await superuser?.close()
      await server?.[Symbol.asyncDispose]()
    })

    /** Changes the world for one test. */
    const given = async (change: string, back: string): Promise<void> => {
      await superuser.script(change)
      undo.push(back)
    }
    const restore = async (): Promise<void> => {
      for (const back of undo.reverse()) await superuser.script(back)
    }
    const names = (...all: string[]): readonly string[] => all.map(id).sort()
    /** Each INSERT, UPDATE or call in a transaction of its own. */
    const attempt = (service: Service, acting: object, text: string): Promise<number | string> =>
      logins.as(service, acting, (attempts) => attempts.attempt(text))

    test('a parent whose link waits sees nothing of the student', async () => {
      const waiting = { person: 'p2', organization: 'a' }
      const of: readonly (readonly [Service, string])[] = [
        ['auth', `select id from auth.users where id = '${id('s2')}'`],
        ['users', `select user_id from users.user_profiles where user_id <> '${id('p2')}'`],
        ['users', `select id from users.user_roles where user_id <> '${id('p2')}'`],
        ['academic', 'select id from academic.course_members'],
        ['academic', 'select id from academic.courses'],
        ['plans', 'select id from plans.plans'],
        ['plans', 'select id from plans.plan_results'],
        ['chat', 'select id from chat.chat_sessions'],
        ['chat', 'select id from chat.chat_messages'],
        ['analytics', 'select id from analytics.user_metrics'],
        ['files', 'select id from files.files'],
      ]
      for (const [service, query] of of)
        assert.deepEqual(await logins.texts(service, waiting, query), [], query)
      await given(
        `update users.guardianships set status = 'verified', verified_by = '${id('a1')}', verified_at = now() where id = '${id('g_p2s2')}'`,
        `update users.guardianships set status = 'pending', verified_by = null, verified_at = null where id = '${id('g_p2s2')}'`,
      )
      const results = await logins.texts('plans', waiting, 'select id from plans.plan_results')
      await restore()
      assert.deepEqual(results, names('r_s2'))
    })

    test('a parent of two children in two organisations sees only those of the active one', async () => {
      const results = 'select id from plans.plan_results'
      assert.deepEqual(await logins.texts('plans', parent, results), names('r_s1', 'r_draft', 'r_old'))
      const there = { person: 'p1', organization: 'b' }
      assert.deepEqual(await logins.texts('plans', there, results), names('r_b'))
      assert.deepEqual(
        await logins.texts('users', there, 'select user_id from users.user_profiles'),
        names('p1', 'sb', 'tb'),
      )
      assert.deepEqual(await logins.texts('plans', { person: 'p1' }, results), [])
    })

    test('a teacher who is taken from a course, or loses the role, loses the students at once', async () => {
      const profiles = `select user_id from users.user_profiles where user_id in ('${id('s1')}', '${id('s2')}')`
      assert.deepEqual(await logins.texts('users', teacher, profiles), names('s1', 's2'))
      for (const change of ['academic.course_members', 'users.user_roles']) {
        const of = `where user_id = '${id('t1')}'`
        await given(
          `update ${change} set is_active = false ${of}`,
          `update ${change} set is_active = true ${of}`,
        )
        const left = await logins.texts('users', teacher, profiles)
        await restore()
        undo = []
        assert.deepEqual(left, [], change)
      }
    })

    test('whoever is in a course without being a student of the school stays out of the sight of its teacher', async () => {
      const profiles = `select user_id from users.user_profiles where user_id in ('${id('s1')}', '${id('s2')}', '${id('sb')}')`
      await given(
        `${insertion('academic.course_members', { id: 'm_sbc1', user_id: 'sb', course_id: 'c1', organization_id: 'a', member_role: 'student' })};
         update users.user_roles set is_active = false where id = '${id('ur_s2')}'`,
        `update users.user_roles set is_active = true where id = '${id('ur_s2')}';
         delete from academic.course_members where id = '${id('m_sbc1')}'`,
      )
      const seen = await logins.texts('users', teacher, profiles)
      await restore()
      assert.deepEqual(seen, names('s1'))
    })

    test('a student cannot raise a score; progress goes forward through the function alone', async () => {
      const mine = `where id = '${id('r_s1')}'`
      assert.equal(await attempt('plans', student, `update plans.plan_results set score = 100 ${mine}`), 0)
      assert.equal(
        await attempt('plans', student, `update plans.plan_results set completion_percentage = 50 ${mine}`),
        0,
      )
      await logins.as('plans', student, async (attempts) => {
        await attempts.keep(`select plans.record_progress('${id('r_s1')}', 40, 25)`)
        const [row] = await attempts.texts(
          `select completion_percentage || ' ' || time_spent_minutes || ' ' || coalesce(score::text, 'none') from plans.plan_results ${mine}`,
        )
        assert.equal(row, '40.00 25 none')
        // Backwards, with time taken away, of another student, of a plan that is no longer active.
        for (const refused of [
          `'${id('r_s1')}', 30, 5`,
          `'${id('r_s1')}', 60, -5`,
          `'${id('r_s2')}', 60, 5`,
          `'${id('r_old')}', 60, 5`,
        ]) {
          assert.equal(await attempts.attempt(`select plans.record_progress(${refused})`), denied, refused)
        }
        assert.equal(await attempts.attempt(`select plans.record_progress('${id('r_s1')}', 101, 5)`), '23514')
        await attempts.keep(`select plans.record_progress('${id('r_s1')}', 100, 5)`)
        assert.equal(await attempts.attempt(`select plans.record_progress('${id('r_s1')}', 100, 5)`), denied)
      })
    })

    test('somebody with two roles in one organisation gets what either gives', async () => {
      const profiles = 'select user_id from users.user_profiles'
      const as = { person: 't2', organization: 'a' }
      const taught = names('t1', 't2', 'a1', 's3')
      assert.deepEqual(await logins.texts('users', as, profiles), taught)
      await given(
        `${insertion('users.user_roles', { id: 'ur_t2p', user_id: 't2', organization_id: 'a', role: 'parent' })};
         ${insertion('users.guardianships', { id: 'g_t2s1', guardian_id: 't2', student_id: 's1', organization_id: 'a', relation: 'father', status: 'verified', verified_by: 'a1', verified_at: { sql: 'now()' } })}`,
        `delete from users.guardianships where id = '${id('g_t2s1')}'; delete from users.user_roles where id = '${id('ur_t2p')}'`,
      )
      const both = await logins.texts('users', as, profiles)
      await restore()
      assert.deepEqual(both, names('t1', 't2', 'a1', 's3', 's1'))
    })

    test('an administrator of the platform needs an organisation, and has one at a time', async () => {
      const courses = 'select id from academic.courses'
      assert.deepEqual(await logins.texts('academic', { person: 'root' }, courses), [])
      assert.deepEqual(
        await logins.texts('academic', { person: 'root', organization: 'a' }, courses),
        names('c1', 'c2'),
      )
      assert.deepEqual(
        await logins.texts('academic', { person: 'root', organization: 'b' }, courses),
        names('cb'),
      )
      const create = `select organizations.create_organization('Escuela Nueva', 'escuela-nueva')`
      assert.equal(await attempt('organizations', { person: 'root' }, create), 1)
      assert.equal(await attempt('organizations', admin, create), denied)
    })

    test('the acting role that an application claims opens nothing', async () => {
      for (const service of services) {
        for (const table of tables[service]) {
          const query = `select md5(t::text) from ${service}.${table} t`
          const honest = await logins.texts(service, student, query)
          assert.deepEqual(await logins.texts(service, { ...student, claims: 'admin' }, query), honest, table)
        }
      }
    })

    test('only the columns meant may change', async () => {
      const refused: readonly (readonly [Service, object, string])[] = [
        ['auth', admin, `update auth.users set email = 'x@example.org' where id = '${id('s1')}'`],
        ['auth', admin, `update auth.users set password_hash = '$x' where id = '${id('s1')}'`],
        ['plans', admin, `update plans.plans set status = 'active' where id = '${id('pl_draft')}'`],
        [
          'plans',
          admin,
          `update plans.plans set status = 'archived', title = 'x' where id = '${id('pl_t1')}'`,
        ],
        ['plans', teacher, `update plans.plans set teacher_id = '${id('t2')}' where id = '${id('pl_t1')}'`],
        ['plans', teacher, `update plans.plan_jobs set status = 'completed' where id = '${id('j_t1')}'`],
        [
          'plans',
          teacher,
          `update plans.plan_results set completion_percentage = 100 where id = '${id('r_s1')}'`,
        ],
        [
          'plans',
          teacher,
          `update plans.plan_results set student_id = '${id('s3')}' where id = '${id('r_s1')}'`,
        ],
        ['files', teacher, `update files.files set scan_status = 'clean' where id = '${id('f_t1')}'`],
        ['files', admin, `update files.files set uploaded_by = '${id('a1')}' where id = '${id('f_t1')}'`],
        [
          'files',
          { organization: 'a' },
          `update files.files set visibility = 'public' where id = '${id('f_t1')}'`,
        ],
        [
          'users',
          student,
          `update users.user_profiles set user_id = '${id('s2')}' where user_id = '${id('s1')}'`,
        ],
        [
          'chat',
          student,
          `update chat.chat_sessions set user_id = '${id('s2')}' where id = '${id('ch_s1')}'`,
        ],
        [
          'academic',
          teacher,
          `update academic.course_members set member_role = 'teacher' where id = '${id('m_s1')}'`,
        ],
      ]
      for (const [service, acting, text] of refused)
        assert.equal(await attempt(service, acting, text), denied, text)
    })

    test('no row moves to another organisation, by whoever may change it', async () => {
      for (const [service, table, row] of [
        ['users', 'user_roles', 'ur_s1'],
        ['users', 'guardianships', 'g_p1s1'],
        ['organizations', 'organization_configs', 'cfg_admin'],
        ['academic', 'subjects', 'sub_a'],
        ['academic', 'courses', 'c2'],
      ] as const) {
        for (const to of [`'${id('b')}'`, 'null']) {
          const text = `update ${service}.${table} set organization_id = ${to} where id = '${id(row)}'`
          assert.equal(await attempt(service, admin, text), denied, text)
        }
      }
    })

    test('an administrator does not make himself one of another school, where he is something else', async () => {
      await given(
        insertion('users.user_roles', { id: 'ur_a1b', user_id: 'a1', organization_id: 'b', role: 'student' }),
        `delete from users.user_roles where id = '${id('ur_a1b')}'`,
      )
      const of = `users.user_roles %% where id = '${id('ur_a1b')}'`
      const seen = await attempt('users', admin, `select from ${of.replace('%%', '')}`)
      const raised = await attempt('users', admin, `update ${of.replace('%%', "set role = 'admin'")}`)
      const deleted = await attempt('users', admin, `delete from ${of.replace('%%', '')}`)
      await restore()
      assert.deepEqual([seen, raised, deleted], [1, 0, 0])
    })

    test('a service without a person does its own work and nothing else', async () => {
      const inA = { organization: 'a' }
      const allowed: readonly (readonly [Service, object, string, number])[] = [
        ['auth', {}, 'select from auth.users', 12],
        ['auth', {}, `update auth.users set failed_attempts = 1 where id = '${id('s1')}'`, 1],
        ['auth', {}, `delete from auth.password_resets`, 1],
        [
          'plans',
          inA,
          `update plans.plan_jobs set status = 'processing', attempts = 1 where id = '${id('j_t1')}'`,
          1,
        ],
        ['plans', inA, `update plans.plan_jobs set status = 'processing' where id = '${id('j_b')}'`, 0],
        [
          'plans',
          inA,
          insertion('plans.plan_results', {
            id: 'new',
            organization_id: 'a',
            plan_id: 'pl_co',
            student_id: 's1',
          }),
          1,
        ],
        ['plans', inA, 'select from plans.plan_results', 0],
        [
          'analytics',
          inA,
          insertion('analytics.user_metrics', {
            id: 'new',
            organization_id: 'a',
            user_id: 's1',
            metric_type: 'x',
            metric_value: 1,
          }),
          1,
        ],
        ['analytics', inA, 'select from analytics.user_metrics', 0],
        ['files', inA, `update files.files set scan_status = 'clean' where id = '${id('f_t1')}'`, 1],
        ['files', inA, `delete from files.files where id = '${id('f_t1')}'`, 0],
        ['users', inA, 'select from users.user_profiles', 0],
        ['academic', inA, 'select from academic.courses', 0],
        ['chat', inA, 'select from chat.chat_sessions', 0],
      ]
      for (const [service, acting, text, rows] of allowed) {
        assert.equal(await attempt(service, acting, text), rows, text)
      }
      const profile = `select users.create_profile('${id('new')}', 'Ana', 'Nueva')`
      assert.equal(await attempt('users', {}, profile), '23503', 'lets it through to the foreign key')
      assert.equal(await attempt('users', admin, profile), denied)
      const elsewhere = insertion('analytics.user_metrics', {
        id: 'new',
        organization_id: 'b',
        user_id: 's1',
        metric_type: 'x',
        metric_value: 1,
      })
      assert.equal(await attempt('analytics', inA, elsewhere), denied)
    })

    test('parents read chats only where the school lets them', async () => {
      const messages = 'select id from chat.chat_messages'
      assert.deepEqual(await logins.texts('chat', parent, messages), names('ms_s1'))
      const of = `where id = '${id('cfg_chat')}'`
      await given(
        `update organizations.organization_configs set config_value = 'false' ${of}`,
        `update organizations.organization_configs set config_value = 'true' ${of}`,
      )
      const seen = await logins.texts('chat', parent, messages)
      await restore()
      assert.deepEqual(seen, [])
    })

    test('an administrator reads a chat by saying why, and that is on record', async () => {
      const open = (session: string, reason: string): string =>
        `select content from chat.break_glass('${id(session)}', '${reason}')`
      const reason = 'Denuncia de acoso del 14 de octubre'
      await logins.as('chat', admin, async (attempts) => {
        assert.equal(await attempts.attempt(open('ch_s1', 'porque')), '23514', 'a reason of six letters')
        assert.equal(await attempts.attempt(open('ch_sb', reason)), denied, 'a chat of another school')
        assert.deepEqual(await attempts.texts('select reason from chat.content_accesses'), [])
        assert.deepEqual(await attempts.texts(open('ch_s1', reason)), ['Hola'])
        assert.deepEqual(await attempts.texts('select reason from chat.content_accesses'), [reason])
        assert.equal(await attempts.attempt('delete from chat.content_accesses'), denied)
      })
      for (const acting of [teacher, student, parent, { organization: 'a' }]) {
        assert.equal(await attempt('chat', acting, open('ch_s1', reason)), denied)
      }
      await assert.rejects(
        superuser.script(`delete from chat.chat_messages where id = '${id('ms_s1')}'`),
        (error: unknown) => serverErrorOf(error)?.code === denied,
        'messages are append-only for their owner and a superuser too',
      )
    })

    test('rows of two schools cannot be joined by a foreign key', async () => {
      for (const row of [
        insertion('academic.course_subjects', {
          id: 'new',
          organization_id: 'b',
          course_id: 'c1',
          subject_id: 'sub_a',
        }),
        insertion('plans.plans', {
          id: 'new',
          organization_id: 'a',
          teacher_id: 't1',
          subject_id: 'sub',
          course_id: 'cb',
          title: 'x',
        }),
        insertion('plans.plan_results', {
          id: 'new',
          organization_id: 'b',
          plan_id: 'pl_t1',
          student_id: 'sb',
        }),
        insertion('plans.plan_files', {
          id: 'new',
          organization_id: 'a',
          plan_id: 'pl_t1',
          file_id: 'f_b',
          file_role: 'input',
        }),
        insertion('chat.chat_messages', {
          id: 'new',
          organization_id: 'b',
          session_id: 'ch_s1',
          seq: 9,
          role: 'user',
          content: 'x',
        }),
        insertion('files.file_permissions', {
          id: 'new',
          organization_id: 'a',
          file_id: 'f_t1',
          course_id: 'cb',
        }),
      ]) {
        await assert.rejects(
          superuser.script(row),
          (error: unknown) => serverErrorOf(error)?.code === '23503',
          row,
        )
      }
    })

    test('every table of every schema is under forced row-level security and has policies', async () => {
      const [found] = await superuser.script(`
        select nspname || '.' || relname as name, relrowsecurity and relforcerowsecurity as forced,
          exists (select from pg_policy where polrelid = pg_class.oid and polroles = array[relowner]) as owner_policy,
          exists (select from pg_policy where polrelid = pg_class.oid and polroles <> array[relowner]) as others_policy
        from pg_class join pg_namespace on pg_namespace.oid = relnamespace
        where relkind in ('r', 'p') and nspname in ('${services.join("', '")}', 'authz') order by 1`)
      const expected = services.flatMap((service) => tables[service].map((table) => `${service}.${table}`))
      assert.deepEqual(
        found?.rows.map((row) => row.name),
        [...expected, 'chat.content_accesses'].sort(),
      )
      for (const row of found?.rows ?? []) {
        assert.deepEqual(
          [row.forced, row.owner_policy, row.others_policy],
          [true, true, true],
          String(row.name),
        )
      }
      const [open] = await superuser.script('select polname from pg_policy where 0 = any (polroles)')
      assert.deepEqual(open?.rows, [], 'no policy is for PUBLIC')
    })

    test('tables with an organisation have a restrictive floor', async () => {
      const [bare] = await superuser.script(`
        select attrelid::regclass::text as name from pg_attribute
        join pg_class on pg_class.oid = attrelid join pg_namespace on pg_namespace.oid = relnamespace
        where attname = 'organization_id' and relkind = 'r' and nspname in ('${services.join("', '")}')
          and not exists (select from pg_policy where polrelid = attrelid and not polpermissive)`)
      assert.deepEqual(bare?.rows, [])
    })

    test('helpers are evaluated once for a query, not for each row', async () => {
      for (const [role, person] of Object.entries(personas)) {
        for (const service of services) {
          for (const table of tables[service]) {
            await logins.as(service, { person, organization: 'a' }, async (attempts) => {
              const plan = await attempts.value(
                `explain (format json, verbose) select * from ${service}.${table}`,
              )
              const conditions = conditionsOf(plan)
              for (const condition of conditions) {
                assert.doesNotMatch(condition, /authz\.|current_setting/, `${role} on ${service}.${table}`)
              }
            })
          }
        }
      }
      // The pattern would find a helper that runs for each row.
      await logins.as('academic', admin, async (attempts) => {
        const query = 'select * from academic.course_members where authz.is_student_here(user_id)'
        const plan = await attempts.value(`explain (format json, verbose) ${query}`)
        assert.ok(conditionsOf(plan).some((condition) => /authz\./.test(condition)))
      })
    })

    test('the reporting login counts over all schools, and reaches nothing but measurements', async () => {
      const [rights] = await superuser.script(`
        select has_table_privilege('profe_reports', 'analytics.user_metrics', 'select') as metrics,
          has_table_privilege('profe_reports', 'analytics.user_metrics', 'insert') as writes,
          has_schema_privilege('profe_reports', 'users', 'usage') as people,
          (select rolbypassrls from pg_roles where rolname = 'profe_reports') as bypass`)
      assert.deepEqual(rights?.rows, [{ metrics: true, writes: false, people: false, bypass: false }])
      const counted = await superuser.script(
        'set role profe_reports; select count(*)::int from analytics.user_metrics; reset role',
      )
      assert.deepEqual(counted.at(1)?.rows, [{ count: 6 }])
    })

    test('T8: policies that read each other recurse; through a definer helper they do not', async () => {
      const tried = await codeOf(
        superuser,
        `
        create table public.one (id int); create table public.two (id int);
        alter table public.one enable row level security; alter table public.two enable row level security;
        create policy p on public.one using (exists (select from public.two));
        create policy p on public.two using (exists (select from public.one));
        grant select on public.one to profe_users_svc; grant usage on schema public to profe_users_svc;
        set local role profe_users_svc; select from public.one`,
      )
      assert.equal(tried, '42P17')
    })

    test('T16: a foreign key to a column that is not unique is refused', async () => {
      const text = 'create table public.upstream (role text references users.user_roles (role))'
      assert.equal(await codeOf(superuser, text), '42830')
    })

    test('T21: UNIQUE over a null admits duplicates; the partial indexes of file_permissions do not', async () => {
      const upstream = `create table public.upstream (file_id int, user_id int, permission text, unique (file_id, user_id, permission));
        insert into public.upstream values (1, null, 'read'), (1, null, 'read')`
      assert.equal(await codeOf(superuser, upstream), undefined)
      const again = { file_id: 'f_toStudents', organization_id: 'a', role: 'student' }
      assert.equal(
        await codeOf(superuser, insertion('files.file_permissions', { id: 'new', ...again })),
        '23505',
      )
    })
  })
}

/** The SQLSTATE that a script ends with, or nothing; it leaves no trace. */
async function codeOf(connection: Connection, text: string): Promise<string | undefined> {
  await connection.script('begin')
  try {
    await connection.script(text)
    return undefined
  } catch (error) {
    return serverErrorOf(error)?.code
  } finally {
    await connection.script('rollback')
  }
}

/** What the nodes of a plan test for each row. */
function conditionsOf(plan: unknown): readonly string[] {
  if (Array.isArray(plan)) return plan.flatMap(conditionsOf)
  if (typeof plan !== 'object' || plan === null) return []
  return Object.entries(plan).flatMap(([key, value]) =>
    typeof value === 'string' && /(Filter|Cond)$/.test(key) ? [value] : conditionsOf(value),
  )
}
