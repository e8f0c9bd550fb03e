import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { type Contender, migrationOf } from '../fleet/contender.ts'
import { loadPeer } from './load-peer.ts'

interface PostgratorOptions {
  readonly driver: 'pg'
  readonly migrationPattern: string
  readonly currentSchema: string
  readonly schemaTable: string
  readonly execQuery: (query: string) => Promise<unknown>
}

interface PostgratorModule {
  readonly default: new (options: PostgratorOptions) => { migrate(): Promise<unknown> }
}

/** One instance per schema, all on one connection, as its README sets `currentSchema`. */
export async function postgrator(
  url: string,
  folder: string,
  schemas: readonly string[],
): Promise<Contender> {
  const { default: Postgrator } = await loadPeer<PostgratorModule>('postgrator/postgrator.js')
  const dir = join(folder, 'postgrator')
  await mkdir(dir)
  let version = 1
  return {
    name: 'postgrator, an instance per schema',
    schemas,
    prepare: (column) => writeFile(join(dir, `${version++}.do.next.sql`), migrationOf(column).join(';\n')),
    migrate: async () => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      try {
        for (const schema of schemas) {
          const instance = new Postgrator({
            driver: 'pg',
            migrationPattern: join(dir, '*.sql'),
            currentSchema: schema,
            schemaTable: 'schemaversion',
            execQuery: (query) => client.query(query),
          })
          await instance.migrate()
        }
      } finally {
        await client.end()
      }
    },
  }
}
