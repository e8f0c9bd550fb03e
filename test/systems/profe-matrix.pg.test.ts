import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { applyPlatform, isConverged, planPlatform } from '../../src/control/apply/index.ts'
import type { ControlContext } from '../../src/control/context/index.ts'
import { openConnection, withDatabase } from '../../src/postgres/index.ts'
import { startTestServer, type TestServer } from '../harness/servers.ts'
import {
  type Attempts,
  id,
  kinds,
  Logins,
  profeContext,
  type Service,
  services,
  tables,
} from './profe-database.ts'
import { matrix, personas, type Role, type TableCells, type Verb } from './profe-matrix.ts'
import { world } from './profe-world.ts'

const named = (names: string | undefined): readonly string[] =>
  (names ?? '')
    .split(' ')
    .filter((name) => name !== '')
    .sort()

/** A key that other rows refer to is refused after the policies have let the statement through. */
const foreignKey = '23503'
const unique = '23505'
/** A right that is not there, or a policy's WITH CHECK. */
const denied = '42501'
/** A statement that a view does not take: the login has no right either, but the rewriter answers first. */
const wentThrough = (result: number | string): boolean => {
  if (result === denied || result === 0) return false
  if (typeof result === 'number' || result === foreignKey || result === unique) return true
  throw new Error(`a statement of the matrix failed with ${result}, which says nothing of access`)
}

/** What one person can do with a table: the names that each verb reached. */
async function reached(
  attempts: Attempts,
  spec: TableCells,
  role: Role,
): Promise<Record<Verb, readonly string[]>> {
  const { table, key = 'id', sets } = spec
  const set = typeof sets === 'string' ? sets : sets[role]
  const through = async (names: readonly string[], text: (name: string) => string) => {
    const found: string[] = []
    for (const name of names) if (wentThrough(await attempts.attempt(text(name)))) found.push(name)
    return found.sort()
  }
  const rows = named(spec.rows)
  const inserts = spec.inserts(personas[role])
  return {
    select: await through(rows, (name) => `select from ${table} where ${key} = '${id(name)}'`),
    insert: await through(Object.keys(inserts), (name) => inserts[name] ?? ''),
    update: await through(rows, (name) => `update ${table} set ${set} where ${key} = '${id(name)}'`),
    delete: await through(rows, (name) => `delete from ${table} where ${key} = '${id(name)}'`),
  }
}

for (const kind of kinds) {
  suite(`profe: the access matrix on ${kind.major} as ${kind.admin}`, () => {
    let server: TestServer
    let context: ControlContext
    let logins: Logins

    before(async () => {
      server = await startTestServer(kind)
      context = await profeContext(server)
      const { failed } = await applyPlatform(context)
      assert.deepEqual(failed, [])
      await using superuser = await openConnection(withDatabase(server.superuserUrl, 'profe_database'))
      await superuser.script(world)
      logins = new Logins(context)
    })
    after(async () => {
      await logins?.[Symbol.asyncDispose]()
      await server?.[Symbol.asyncDispose]()
    })

    test('a second plan is empty', async () => {
      assert.ok(isConverged(await planPlatform(context)))
    })

    test('the matrix speaks of all 25 tables', () => {
      const all = services.flatMap((service) => tables[service].map((table) => `${service}.${table}`))
      const views = ['auth.session_overview', 'chat.session_overview']
      assert.equal(all.length, 25)
      assert.deepEqual(matrix.map(({ table }) => table).sort(), [...all, ...views].sort())
    })

    for (const spec of matrix) {
      test(`${spec.table}: every role, every verb`, async () => {
        const service = spec.table.split('.')[0] as Service
        for (const role of Object.keys(personas) as Role[]) {
          const acting = { person: personas[role], organization: 'a' }
          const cell = spec.cells[role] ?? {}
          const expected = {
            select: named(cell.select),
            insert: named(cell.insert),
            update: named(cell.update),
            delete: named(cell.delete),
          }
          const found = await logins.as(service, acting, (attempts) => reached(attempts, spec, role))
          assert.deepEqual(found, expected, role)
          // Neither a table's whole content nor an UPDATE or DELETE without a key reaches more.
          if (cell.select !== undefined) {
            const seen = await logins.texts(service, acting, `select ${spec.key ?? 'id'} from ${spec.table}`)
            assert.deepEqual(seen, expected.select.map(id).sort(), role)
          }
        }
      })

      test(`${spec.table}: nobody, and a person without an organisation`, async () => {
        const service = spec.table.split('.')[0] as Service
        const ownEverywhere =
          { 'users.user_roles': ['ur_s1'], 'users.guardianships': ['g_p1s1'] }[spec.table] ?? []
        const key = spec.key ?? 'id'
        const query = `select ${key} from ${spec.table}`
        const seen = await logins.texts(service, { person: 's1' }, query)
        assert.deepEqual(seen, ownEverywhere.map(id).sort())
        const stranger = await logins.texts(service, { person: 's1', organization: 'b' }, query)
        assert.deepEqual(stranger, ownEverywhere.map(id).sort())
        // Without a person the service itself acts, which auth needs to log people in.
        if (service === 'auth' && !spec.table.endsWith('overview')) return
        assert.deepEqual(await logins.texts(service, {}, query), [])
      })
    }
  })
}
