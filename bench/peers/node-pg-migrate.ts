import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { type Contender, migrationOf } from '../fleet/contender.ts'
import { loadPeer } from './load-peer.ts'

interface NodePgMigrate {
  runner(options: {
    readonly dbClient: pg.Client
    readonly dir: string
    readonly schema: string
    readonly migrationsTable: string
    readonly direction: 'up'
    readonly singleTransaction: boolean
    readonly log: () => void
  }): Promise<unknown>
}

/** Its API in a loop over the schemas, on one connection that stays open, which is its fastest way. */
export async function nodePgMigrate(
  url: string,
  folder: string,
  schemas: readonly string[],
): Promise<Contender> {
  const { runner } = await loadPeer<NodePgMigrate>('node-pg-migrate/dist/bundle/index.js')
  const dir = join(folder, 'node-pg-migrate')
  await mkdir(dir)
  let version = 1_700_000_000_000
  return {
    name: 'node-pg-migrate, its API in a loop',
    schemas,
    prepare: (column) =>
      writeFile(join(dir, `${version++}_next.sql`), `-- Up Migration\n${migrationOf(column).join(';\n')};\n`),
    migrate: async () => {
      const dbClient = new pg.Client({ connectionString: url })
      await dbClient.connect()
      try {
        for (const schema of schemas) {
          await runner({
            dbClient,
            dir,
            schema,
            migrationsTable: 'pgmigrations',
            direction: 'up',
            singleTransaction: true,
            log: () => undefined,
          })
        }
      } finally {
        await dbClient.end()
      }
    },
  }
}
