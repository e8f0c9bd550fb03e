import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { openConnection } from '../../src/postgres/index.ts'
import { startTestServer } from '../harness/servers.ts'
import { migrateUp, prepareSchemas, rowsOf, runAsOwner, type Session, seed } from './acc-lms-database.ts'

/** A seeded `ai` schema somewhere. */
interface World extends Session {
  close(): Promise<void>
}

async function onServer(major: 18 | 15): Promise<World> {
  const server = await startTestServer({ major, admin: 'superuser' })
  const connection = await openConnection(server.superuserUrl)
  await prepareSchemas(connection)
  return {
    script: (text) => connection.script(text),
    close: async () => {
      await connection.close()
      await server[Symbol.asyncDispose]()
    },
  }
}

/** A real pgvector; `home` is the schema it stands in. */
async function onPgvector(home: string): Promise<World> {
  const database = await PGlite.create({ extensions: { vector } })
  const world = { script: (text: string) => database.exec(text), close: () => database.close() }
  await prepareSchemas(world)
  await database.exec(`create schema if not exists ${home}; grant usage on schema ${home} to public;
    create extension vector schema ${home}`)
  return world
}

const worlds = [
  ['real[], PostgreSQL 18', () => onServer(18), 'real[]'],
  ['real[], PostgreSQL 15', () => onServer(15), 'real[]'],
  ['pgvector', () => onPgvector('extensions'), 'extensions.vector(1536)'],
  ['pgvector adopted in another schema', () => onPgvector('elsewhere'), 'elsewhere.vector(1536)'],
] as const

const questions: readonly (readonly [string, string, string])[] = [
  ['¿Cómo hago un JOIN entre dos tablas en SQL?', 'lesson', 'JOIN explicado con una cafetería'],
  ['el costo de mi tarjeta de crédito', 'lesson', 'El costo real de una tarjeta de crédito'],
  ['códigos de estado HTTP y formato de errores', 'lesson', 'Códigos de estado y formato de errores'],
  ['quiero aprender inglés para una entrevista', 'course', 'Inglés para entrevistas de trabajo'],
  ['normalización y claves', 'quiz', 'Normalización y claves'],
]

/** What each world answered, to compare them with each other. */
const answers = new Map<string, unknown>()

/** The SQLSTATE, by either driver. */
const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

for (const [name, open, type] of worlds) {
  suite(`acc-lms: semantic search by ${name}`, () => {
    let world: World

    /** Searches as the service does: without the extension's schema on its path. */
    const search = async (args: string) => {
      await world.script('set search_path = ai')
      const rows = await rowsOf(
        world,
        `select content_type, content_id::text, chunk_no, model, text_content, distance::float8 as distance
           from search_content(${args})`,
      )
      await world.script('reset search_path')
      return rows
    }

    before(async () => {
      world = await open()
      await migrateUp(world)
      await seed(world, { only: 'ai' })
    })
    after(async () => {
      await world?.close()
    })

    test(`the embedding is ${type}, and has an HNSW index where that can be`, async () => {
      const rows = await rowsOf(
        world,
        `select format_type(atttypid, atttypmod) as type,
            (select amname from pg_index i join pg_class c on c.oid = indexrelid join pg_am a on a.oid = relam
              where i.indrelid = attrelid and attnum = any (indkey::int2[])) as index
           from pg_attribute where attrelid = 'ai.content_embeddings'::regclass and attname = 'embedding'`,
      )
      assert.deepEqual(rows, [{ type, index: type === 'real[]' ? null : 'hnsw' }])
    })

    for (const [question, kind, title] of questions) {
      test(`«${question}» finds «${title}»`, async () => {
        const rows = await search(`ai.hashed_terms_embedding('${question}'), 5, '${kind}'`)
        assert.equal(rows.length, 5)
        assert.ok(String(rows[0]?.text_content).startsWith(title), String(rows[0]?.text_content))
        for (const row of rows) assert.equal(row.content_type, kind)
        const distances = rows.map(({ distance }) => Number(distance))
        assert.deepEqual(
          distances,
          distances.toSorted((a, b) => a - b),
        )
        // The first world sets what the others must answer, to the order and the sixth digit.
        const shown = rows.map(({ content_id, distance }) => [content_id, Number(distance).toFixed(5)])
        if (!answers.has(question)) answers.set(question, shown)
        assert.deepEqual(shown, answers.get(question))
      })
    }

    test('its own text is at distance 0, and every distance is between 0 and 2', async () => {
      const [course] = await rowsOf(
        world,
        `select text_content from ai.content_embeddings where content_type = 'course' order by content_id limit 1`,
      )
      const text = String(course?.text_content).replaceAll("'", "''")
      const rows = await search(`ai.hashed_terms_embedding('${text}'), 1000`)
      assert.equal(rows.length, 185, 'more than an index scan returns at a time')
      assert.ok(Math.abs(Number(rows[0]?.distance)) < 1e-5)
      for (const { distance } of rows) assert.ok(Number(distance) >= -1e-5 && Number(distance) <= 2)
    })

    test('filters by kind and by model, and stops at the limit', async () => {
      const query = `ai.hashed_terms_embedding('bases de datos')`
      assert.equal((await search(`${query}, 3`)).length, 3)
      assert.equal((await search(query)).length, 10)
      assert.equal((await search(`${query}, 500, 'quiz'`)).length, 12)
      assert.equal((await search(`${query}, 500, null, 'hashed-terms-v1'`)).length, 185)
      assert.deepEqual(await search(`${query}, 500, null, 'another-model'`), [])
    })

    test('a query or an embedding of another length is refused, as are NaN, NULL and zeros', async () => {
      await assert.rejects(search(`array[1, 2, 3]::real[]`), (error) => codeOf(error) === '22000')
      for (const value of [
        'array[1, 2, 3]::real[]',
        `array_fill('NaN'::real, array[1536])`,
        'array_fill(null::real, array[1536])',
        'array_fill(0::real, array[1536])',
      ]) {
        const statement = `update content_embeddings set embedding = ${value}`
        await assert.rejects(runAsOwner(world, 'ai', statement), (error) => {
          // The type refuses what it cannot hold, the CHECK the rest.
          const refusals = ['22000', '22004', '23514']
          assert.ok(refusals.includes(String(codeOf(error))), `${value}: ${String(error)}`)
          return true
        })
      }
    })

    test('a text without terms has no embedding', async () => {
      assert.deepEqual(await rowsOf(world, `select ai.hashed_terms_embedding('a de …') is null as none`), [
        { none: true },
      ])
    })
  })
}
