import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { type Contender, migrationOf } from '../fleet/contender.ts'
import { loadPeer } from './load-peer.ts'

interface UmzugOptions {
  readonly migrations: {
    readonly glob: string
    readonly resolve: (migration: { readonly name: string; readonly path?: string }) => {
      readonly name: string
      readonly up: () => Promise<unknown>
    }
  }
  readonly storage: {
    readonly logMigration: (migration: { readonly name: string }) => Promise<void>
    readonly unlogMigration: (migration: { readonly name: string }) => Promise<void>
    readonly executed: () => Promise<string[]>
  }
  readonly logger: undefined
}

interface UmzugModule {
  readonly Umzug: new (options: UmzugOptions) => { up(): Promise<unknown> }
}

/** One instance per schema, all on one connection. It has no storage for PostgreSQL: this is what people write. */
export async function umzug(url: string, folder: string, schemas: readonly string[]): Promise<Contender> {
  const { Umzug } = await loadPeer<UmzugModule>('umzug/lib/index.js')
  const dir = join(folder, 'umzug')
  await mkdir(dir)
  let version = 1_000
  return {
    name: 'umzug, an instance per schema',
    schemas,
    prepare: (column) => writeFile(join(dir, `${version++}_next.sql`), migrationOf(column).join(';\n')),
    migrate: async () => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      try {
        for (const schema of schemas) await new Umzug(optionsFor(client, dir, schema)).up()
      } finally {
        await client.end()
      }
    },
  }
}

function optionsFor(client: pg.Client, dir: string, schema: string): UmzugOptions {
  const ledger = `${schema}.umzug_meta`
  return {
    migrations: {
      glob: join(dir, '*.sql'),
      resolve: ({ name, path = '' }) => ({
        name,
        up: async () => {
          const text = await readFile(path, 'utf8')
          await client.query(`BEGIN;SET LOCAL search_path = ${schema};${text};COMMIT`)
        },
      }),
    },
    storage: {
      executed: async () => {
        await client.query(`CREATE TABLE IF NOT EXISTS ${ledger} (name text PRIMARY KEY)`)
        const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${ledger} ORDER BY name`)
        return rows.map(({ name }) => name)
      },
      logMigration: async ({ name }) => {
        await client.query(`INSERT INTO ${ledger} (name) VALUES ($1)`, [name])
      },
      unlogMigration: async ({ name }) => {
        await client.query(`DELETE FROM ${ledger} WHERE name = $1`, [name])
      },
    },
    logger: undefined,
  }
}
