import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import pg from 'pg'
import { type Contender, migrationOf } from './contender.ts'

const statementsFor = (schema: string, column: string): readonly string[] => [
  'BEGIN',
  `SET LOCAL search_path = ${schema}`,
  ...migrationOf(column),
  'COMMIT',
]

/** What psql does with a script, from Node: one connection, one statement after the other, a transaction per tenant. */
export function psqlLike(url: string, schemas: readonly string[]): Contender {
  return {
    name: 'psql-like, a transaction per tenant',
    schemas,
    migrate: async (column) => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      try {
        for (const schema of schemas) {
          for (const statement of statementsFor(schema, column)) await client.query(statement)
        }
      } finally {
        await client.end()
      }
    },
  }
}

export const hasPsql = (): boolean => spawnSync('psql', ['--version']).status === 0

/** The real one, for machines that have it: it leaves the other core to the server. */
export function realPsql(url: string, schemas: readonly string[]): Contender {
  return {
    name: 'psql itself, a transaction per tenant',
    schemas,
    migrate: async (column) => {
      const args = ['--no-psqlrc', '--quiet', '--set', 'ON_ERROR_STOP=1', '--file', '-', url]
      const psql = spawn('psql', args, { stdio: ['pipe', 'ignore', 'inherit'] })
      psql.stdin.end(schemas.map((schema) => `${statementsFor(schema, column).join(';\n')};\n`).join(''))
      const [code] = await once(psql, 'close')
      if (code !== 0) throw new Error(`psql ended with ${code}`)
    },
  }
}
