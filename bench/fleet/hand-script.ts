import pg from 'pg'
import { type Contender, migrationOf } from './contender.ts'

/**
 * The best that a person writes in an hour: connections that take the next schema from a list, and one
 * message to the server for each. It has no ledger, no locks, and ends at the first error.
 */
export function handScript(url: string, schemas: readonly string[], connections: number): Contender {
  return {
    name: `Node script, ${connections} ${connections === 1 ? 'connection' : 'connections'}`,
    schemas,
    migrate: async (column) => {
      const migration = migrationOf(column).join(';')
      let next = 0
      const work = async (): Promise<void> => {
        const client = new pg.Client({ connectionString: url })
        await client.connect()
        try {
          for (let schema = schemas[next++]; schema !== undefined; schema = schemas[next++]) {
            await client.query(`BEGIN;SET LOCAL search_path = ${schema};${migration};COMMIT`)
          }
        } finally {
          await client.end()
        }
      }
      await Promise.all(Array.from({ length: connections }, work))
    },
  }
}
