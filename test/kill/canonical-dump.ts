import { openConnection, scramVerifier, withDatabase } from '../../src/postgres/index.ts'
import { clusterLines, databaseLines, rightsFunction, rowCountLines, rowCountQuery } from './dump-sql.ts'

export interface DumpOptions {
  /** Tells whether a role's verifier belongs to the password that it should have. Default: not looked at. */
  readonly passwordOf?: (role: string) => string
  /** Counts the rows of every table. Default: true. */
  readonly countRows?: boolean
}

/**
 * Everything that Panal is answerable for, as sorted lines of names without OIDs, times and salts: two
 * servers that were brought to the same model give the same lines.
 *
 * @param url of a superuser, who alone reads pg_authid and every schema
 */
export async function canonicalDump(url: string, options: DumpOptions = {}): Promise<readonly string[]> {
  const lines: string[] = []
  await using cluster = await openConnection(url)
  await cluster.script(rightsFunction)
  lines.push(...(await texts(cluster, clusterLines)))
  if (options.passwordOf !== undefined) lines.push(...(await passwordLines(cluster, options.passwordOf)))
  const databases = await texts(
    cluster,
    /* SQL */ `SELECT datname AS line FROM pg_database WHERE NOT datistemplate AND datallowconn`,
  )
  for (const database of databases) {
    await using connection = await openConnection(withDatabase(url, database))
    await connection.script(rightsFunction)
    const inside = [...(await texts(connection, databaseLines))]
    if (options.countRows !== false) inside.push(...(await countedRows(connection)))
    lines.push(...inside.map((line) => `${database}: ${line}`))
  }
  return lines.sort()
}

type Session = Awaited<ReturnType<typeof openConnection>>

async function texts(connection: Session, statements: string): Promise<readonly string[]> {
  const results = await connection.script(statements)
  return results.flatMap((result) => result.rows.map((row) => String(row.line)))
}

/** Panal's own tables have contents that are compared one by one; of the systems' tables only the number counts. */
async function countedRows(connection: Session): Promise<readonly string[]> {
  const query = (await texts(connection, rowCountQuery)).join('')
  const counts = query === '' ? [] : await texts(connection, query)
  const tables = new Set(
    await texts(
      connection,
      `SELECT to_regclass('panal.' || name) AS line
    FROM unnest(ARRAY['ledger_applied', 'tenants']) AS name WHERE to_regclass('panal.' || name) IS NOT NULL`,
    ),
  )
  const own = [...tables].flatMap((table) => rowCountLines[table.replace('panal.', '')] ?? [])
  return [...counts, ...(own.length === 0 ? [] : await texts(connection, own.join(';\n')))]
}

async function passwordLines(
  connection: Session,
  passwordOf: (role: string) => string,
): Promise<readonly string[]> {
  const [result] = await connection.script(
    /* SQL */ `SELECT rolname, rolpassword FROM pg_authid WHERE rolcanlogin AND NOT rolsuper AND rolname !~ '^operator_'`,
  )
  const lines: string[] = []
  for (const row of result?.rows ?? []) {
    const [, iterations = '', salt = ''] =
      /^SCRAM-SHA-256\$(\d+):([^$]+)\$/.exec(String(row.rolpassword)) ?? []
    const options = { iterations: Number(iterations), salt: Buffer.from(salt, 'base64') }
    const wanted = iterations === '' ? 'none' : await scramVerifier(passwordOf(String(row.rolname)), options)
    const verdict = wanted === row.rolpassword ? 'the derived one' : 'another one'
    lines.push(`password of ${row.rolname}: ${verdict}`)
  }
  return lines
}

/** The first lines that one of two dumps has and the other has not, for a message that can be read. */
export function dumpDifference(actual: readonly string[], wanted: readonly string[]): readonly string[] {
  const [has, should] = [new Set(actual), new Set(wanted)]
  return [
    ...actual.filter((line) => !should.has(line)).map((line) => `+ ${line}`),
    ...wanted.filter((line) => !has.has(line)).map((line) => `- ${line}`),
  ]
}
