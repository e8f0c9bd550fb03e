import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { type Connection, openConnection, serverErrorOf } from '../../src/postgres/index.ts'
import { startTestServer, type TestServer } from '../harness/servers.ts'
import {
  documentTables,
  filesOf,
  migrateDown,
  migrateUp,
  ownerOf,
  prepareSchemas,
  rowsOf,
  type Service,
  seed,
  services,
  singleValue,
  supportTables,
} from './acc-lms-database.ts'
import { keptElsewhere, sqlStateOfConstraint, violations } from './acc-lms-violations/index.ts'

const schemas = services.map((service) => `'${service}'`).join(', ')

test('the outbox and the world of the seeds are the same files in every service', () => {
  const [first, ...others] = services.map((service) => ({
    outbox: filesOf(service, 'migrations').find(({ name }) => name === '010_domain_events.sql')?.text,
    world: filesOf(service, 'seeds').at(0),
    end: filesOf(service, 'seeds').at(-1),
  }))
  assert.equal(first?.world?.name, '000_world.sql')
  assert.equal(first.end?.name, '999_world_end.sql')
  assert.ok(first.outbox)
  for (const other of others) assert.deepEqual(other, first)
  for (const name of ['001_catalogue_texts.sql', '998_catalogue_texts_end.sql']) {
    const [courses, ai] = (['courses', 'ai'] as const).map((service) =>
      filesOf(service, 'seeds').find((file) => file.name === name),
    )
    assert.ok(courses)
    assert.deepEqual(courses, ai)
  }
})

for (const major of [18, 15] as const) {
  suite(`acc-lms: schema, PostgreSQL ${major}`, () => {
    let server: TestServer
    let session: Connection

    before(async () => {
      server = await startTestServer({ major, admin: 'superuser' })
      session = await openConnection(server.superuserUrl)
      await prepareSchemas(session)
      await migrateUp(session)
      await seed(session)
    })
    after(async () => {
      await session?.close()
      await server?.[Symbol.asyncDispose]()
    })

    test('25 tables of the document in 8 schemas, the support tables, and no other', async () => {
      assert.equal(Object.values(documentTables).flat().length, 25)
      const wanted = services.flatMap((service) =>
        [...documentTables[service], ...(supportTables[service] ?? []), 'domain_events'].map(
          (table) => `${service}.${table}`,
        ),
      )
      const found = await rowsOf(
        session,
        `select relnamespace::regnamespace || '.' || relname as name from pg_class
          where relnamespace::regnamespace::text in (${schemas}) and relkind in ('r', 'p')`,
      )
      assert.deepEqual(found.map(({ name }) => name).sort(), wanted.sort())
    })

    test('everything belongs to the owner of its service, and no foreign key leaves a schema (ACC-04)', async () => {
      const strangers = await rowsOf(
        session,
        `select oid::regclass::text from pg_class where relnamespace::regnamespace::text in (${schemas})
            and pg_get_userbyid(relowner) <> 'acc_lms_' || relnamespace::regnamespace || '_owner'
          union all
          select conname from pg_constraint k join pg_class c on c.oid = k.confrelid
            where k.connamespace::regnamespace::text in (${schemas}) and c.relnamespace <> k.connamespace`,
      )
      assert.deepEqual(strangers, [])
    })

    test('every foreign key has an index on its side, no column is a timestamp without zone', async () => {
      const bare = await rowsOf(
        session,
        `select conname from pg_constraint k where contype = 'f' and connamespace::regnamespace::text in (${schemas})
            and not exists (
              select from pg_index i where i.indrelid = k.conrelid and i.indkey[0] = any (k.conkey)
                and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) like '%IS NOT NULL%'))
          union all
          select attrelid::regclass || '.' || attname from pg_attribute a join pg_class c on c.oid = a.attrelid
            where c.relnamespace::regnamespace::text in (${schemas}) and atttypid = 'timestamp'::regtype`,
      )
      assert.deepEqual(bare, [])
    })

    test('a changed row gets a new updated_at', async () => {
      for (const service of services) {
        const tables = await rowsOf(
          session,
          `select attrelid::regclass::text as name from pg_attribute join pg_class c on c.oid = attrelid
            where attname = 'updated_at' and relkind = 'r' and relnamespace = '${service}'::regnamespace`,
        )
        assert.notEqual(tables.length, 0)
        for (const { name } of tables) {
          await session.script('begin')
          await session.script(`update ${String(name)} set updated_at = updated_at`)
          const stale = await singleValue(
            session,
            `select count(*)::int from ${String(name)} where updated_at <> now()`,
          )
          await session.script('rollback')
          assert.equal(stale, 0, String(name))
        }
      }
    })

    /** Tries it as the service's owner and takes it back, so that each case meets the same rows. */
    const attempt = async (service: Service, statement: string): Promise<unknown> => {
      await session.script('begin')
      try {
        await session.script(
          `set local role ${ownerOf(service)}; set local search_path = ${service}, extensions`,
        )
        await session.script(statement)
        return undefined
      } catch (error) {
        return error
      } finally {
        await session.script('rollback')
      }
    }

    for (const service of services) {
      for (const [rule, constraint, statement] of violations[service]) {
        test(`refused in ${service}: ${rule}`, async () => {
          const error = serverErrorOf(await attempt(service, statement))
          assert.ok(error !== undefined, 'it was accepted')
          assert.deepEqual(
            [error.code, error.constraint],
            [sqlStateOfConstraint(constraint), constraint],
            error.message,
          )
        })
      }
    }

    test('each CHECK, UNIQUE and FOREIGN KEY is violated above', async () => {
      const rows = await rowsOf(
        session,
        `select connamespace::regnamespace || '.' || conname as name from pg_constraint k
            join pg_class c on c.oid = k.conrelid
            where connamespace::regnamespace::text in (${schemas}) and contype in ('c', 'u', 'f')
              and relname <> 'domain_events'
          union all
          select relnamespace::regnamespace || '.' || relname from pg_class join pg_index on indexrelid = oid
            where relnamespace::regnamespace::text in (${schemas}) and indisunique and indpred is not null`,
      )
      const tried = new Set(
        services.flatMap((service) =>
          violations[service].map(([, constraint]) => `${service}.${constraint}`),
        ),
      )
      const untried = rows.map(({ name }) => String(name)).filter((name) => !tried.has(name))
      assert.deepEqual(untried.sort(), keptElsewhere)
    })

    test('the down part of every migration leaves its schema empty', async () => {
      await migrateDown(session)
      const left = await rowsOf(
        session,
        `select oid::regclass::text as name from pg_class where relnamespace::regnamespace::text in (${schemas})
          union all
          select oid::regprocedure::text from pg_proc where pronamespace::regnamespace::text in (${schemas})
          union all
          select typname from pg_type where typnamespace::regnamespace::text in (${schemas})`,
      )
      assert.deepEqual(left, [])
      await migrateUp(session)
    })
  })
}
