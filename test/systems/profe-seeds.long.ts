import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, suite, test } from 'node:test'
import { applyPlatform, isConverged, planPlatform } from '../../src/control/apply/index.ts'
import type { ControlContext } from '../../src/control/context/index.ts'
import { rollbackPlatform, runPlatformSeeds } from '../../src/control/operations/index.ts'
import { type Connection, openConnection, withDatabase } from '../../src/postgres/index.ts'
import { startTestServer, type TestServer } from '../harness/servers.ts'
import { broken } from './profe-consistency.ts'
import { kinds, Logins, profeContext, services, tables } from './profe-database.ts'

/** What the README says: table, rows at scale 1, rows at scale 10. */
const counts = [
  ...readFileSync(new URL('../../systems/profe/README.md', import.meta.url), 'utf8').matchAll(
    /^\| `(\w+\.\w+)` *\| *(\d+) *\| *(\d+) *\|$/gm,
  ),
].map(([, table, one, ten]) => ({ table: String(table), scales: { 1: Number(one), 10: Number(ten) } }))

for (const kind of kinds) {
  suite(`profe: seeds on ${kind.major} as ${kind.admin}`, () => {
    let server: TestServer
    let context: ControlContext
    let superuser: Connection

    const rowsOf = async (query: string) => (await superuser.script(query)).at(-1)?.rows ?? []

    /** Every row of every table; with `xmin` also who wrote it. */
    const contents = async (versions = false): Promise<string> => {
      const hashes: string[] = []
      for (const service of services) {
        for (const table of tables[service]) {
          const line = versions ? `t.xmin || ' ' || to_jsonb(t)::text` : 'to_jsonb(t)::text'
          const [row] = await rowsOf(
            `select count(*) || ':' || md5(coalesce(string_agg(line, chr(10) order by line collate "C"), '')) as hash
               from (select ${line} as line from ${service}.${table} t) as lines`,
          )
          hashes.push(`${service}.${table} ${String(row?.hash)}`)
        }
      }
      return hashes.join('\n')
    }

    const readmeHolds = async (scale: 1 | 10): Promise<void> => {
      assert.equal(counts.length, 25)
      for (const { table, scales } of counts) {
        const rows = await rowsOf(`select count(*)::int from ${table}`)
        assert.deepEqual(rows, [{ count: scales[scale] }], table)
      }
    }

    before(async () => {
      server = await startTestServer(kind)
      context = await profeContext(server)
      assert.deepEqual((await applyPlatform(context, { seed: true })).failed, [])
      superuser = await openConnection(withDatabase(server.superuserUrl, 'profe_database'))
    })
    after(async () => {
      await superuser?.close()
      await server?.[Symbol.asyncDispose]()
    })

    for (const [rule, query] of broken) {
      test(rule, async () => assert.deepEqual(await rowsOf(query), []))
    }

    test('as many rows as the README says', () => readmeHolds(1))

    test('nothing of the seeds remains beside the rows', async () => {
      assert.deepEqual(await rowsOf(`select proname from pg_proc where proname like 'seed\\_%'`), [])
    })

    test('each role of the first school finds its rows through the policies', async () => {
      await using logins = new Logins(context)
      const [school] = await rowsOf(`select id from organizations.organizations where slug = 'san-bartolome'`)
      for (const role of ['admin', 'teacher', 'student', 'parent']) {
        const [found] = await rowsOf(`select r.user_id from users.user_roles r
          left join users.guardianships g on g.guardian_id = r.user_id and g.status <> 'verified'
          where r.organization_id = '${String(school?.id)}' and r.role = '${role}' and g.id is null
          order by r.user_id limit 1`)
        const settings = `set_config('app.user_id', '${String(found?.user_id)}', true),
          set_config('app.organization_id', '${String(school?.id)}', true)`
        await logins.as('users', {}, async (attempts) => {
          await attempts.keep(`select ${settings}`)
          const seen = Number(await attempts.value('select count(*) from users.user_profiles'))
          assert.ok(role === 'admin' ? seen === 48 : seen > 1 && seen < 48, `${role} sees ${seen} profiles`)
        })
      }
    })

    test('a second run changes nothing', async () => {
      const before = await contents(true)
      await runPlatformSeeds(context)
      assert.equal(await contents(true), before)
    })

    test('everything rolls back, comes again, and the seeds are the same rows', async () => {
      const before = await contents()
      const { failed } = await rollbackPlatform(context, { back: { to: '0' }, cascade: true })
      assert.deepEqual(failed, [])
      const left =
        await rowsOf(`select relname from pg_class join pg_namespace on pg_namespace.oid = relnamespace
        where nspname in ('${services.join("', '")}', 'authz')
        union all select proname from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
        where nspname in ('${services.join("', '")}', 'authz')`)
      assert.deepEqual(left, [])
      await superuser.script(`alter database profe_database set timezone = 'Asia/Tokyo';
        alter database profe_database set datestyle = 'SQL, DMY'`)
      assert.deepEqual((await applyPlatform(context, { seed: true })).failed, [])
      await superuser.script(`alter database profe_database reset timezone;
        alter database profe_database reset datestyle`)
      assert.equal(await contents(), before)
      assert.ok(isConverged(await planPlatform(context)))
    })

    test('scale 10 on top of scale 1 is consistent and as large as the README says', async () => {
      await runPlatformSeeds(context, { scale: 10 })
      for (const [rule, query] of broken) assert.deepEqual(await rowsOf(query), [], rule)
      await readmeHolds(10)
      await runPlatformSeeds(context)
      await readmeHolds(10)
    })
  })
}
