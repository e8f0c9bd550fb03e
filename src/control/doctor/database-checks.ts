import { type Connection, sql } from '../../postgres/index.ts'
import type { DatabasePlace } from '../databases/index.ts'
import type { DoctorCheck } from './doctor-check.ts'

interface DatabaseRow {
  readonly encoding: string
  readonly publicConnects: boolean
  readonly allowsConnections: boolean
}

/** What one database must be like; asked from any connection to its server. */
export async function databaseChecks(
  server: Connection,
  place: DatabasePlace,
): Promise<readonly DoctorCheck[]> {
  const subject = `database ${place.name}`
  const [row] = await server.query<DatabaseRow>(/* SQL */ sql`
    select pg_encoding_to_char(encoding) as encoding, datallowconn as "allowsConnections",
      exists (select from aclexplode(coalesce(datacl, acldefault('d', datdba)))
        where grantee = 0 and privilege_type = 'CONNECT') as "publicConnects"
    from pg_database where datname = ${place.name}`)
  if (row === undefined) {
    return [{ id: 'database', subject, verdict: 'ok', finding: 'not there yet; apply makes it' }]
  }
  return [encodingCheck(row, subject), connectCheck(row, subject)]
}

function encodingCheck({ encoding }: DatabaseRow, subject: string): DoctorCheck {
  if (encoding === 'UTF8') return { id: 'encoding', subject, verdict: 'ok', finding: 'encoding UTF8' }
  return {
    id: 'encoding',
    subject,
    verdict: 'problem',
    finding: `encoding ${encoding} cannot hold every character`,
    advice: "Make a new one with ENCODING 'UTF8' TEMPLATE template0 and move the data.",
  }
}

function connectCheck({ publicConnects, allowsConnections }: DatabaseRow, subject: string): DoctorCheck {
  const common = { id: 'connect', subject }
  if (!allowsConnections) {
    return {
      ...common,
      verdict: 'problem',
      finding: 'allows no connections',
      advice: 'ALTER DATABASE … ALLOW_CONNECTIONS true;',
    }
  }
  if (!publicConnects) return { ...common, verdict: 'ok', finding: 'only granted roles connect' }
  return {
    ...common,
    verdict: 'warning',
    finding: 'every role of the server may connect',
    advice: 'panal apply revokes it.',
  }
}
