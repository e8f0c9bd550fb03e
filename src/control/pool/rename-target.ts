import { type System, searchPathOf, type Target } from '../../model/index.ts'
import { type Connection, ident, join, literal, type Sql, sql } from '../../postgres/index.ts'
import { type AppliedFile, lockLedgerTarget, renameLedgerTarget } from '../state/index.ts'
import { readPinnedBodies, repinStatements } from './pinned-names.ts'

/** Why a spare's schema cannot become a tenant's; `gone`: it does not stand, whatever the registry says. */
export type Obstacle = 'busy' | 'behind' | 'gone' | { readonly pinned: readonly string[] }

export interface Rename {
  readonly system: System
  readonly from: Target
  readonly to: Target
  /** Whether these files are all that a new tenant gets. */
  readonly isHead: (applied: readonly AppliedFile[]) => boolean
  /** The SCRAM verifier of the new login's password. */
  readonly verifier: string
}

/**
 * Gives a schema, its login and its rows of the ledger other names, in one transaction: rights and default privileges
 * follow the objects and are not touched. Nothing is changed where there is an obstacle.
 *
 * @param connection acts as the control role, in the targets' database
 * @returns null when it is done
 */
export async function renameTarget(connection: Connection, rename: Rename): Promise<Obstacle | null> {
  const { from, to, isHead } = rename
  return await connection.transaction(async () => {
    const [found] = await connection.query<{ administrator: string | null }>(sql /* SQL */`
      SELECT (SELECT pg_get_userbyid(member) FROM pg_auth_members JOIN pg_roles AS login ON login.oid = roleid
          WHERE rolname = ${from.login} AND admin_option AND pg_has_role(session_user, member, 'MEMBER')
          ORDER BY member LIMIT 1) AS administrator
      FROM pg_namespace WHERE nspname = ${from.schema}`)
    if (found === undefined) return 'gone'
    const applied = await lockLedgerTarget(connection, from)
    if (applied === null) return 'busy'
    if (!isHead(applied)) return 'behind'
    const pinned = await readPinnedBodies(connection, from)
    if (pinned.length > 0) return { pinned }
    await renameLedgerTarget(connection, from, to)
    await connection.script(sql`ALTER SCHEMA ${ident(from.schema)} RENAME TO ${ident(to.schema)}`.statement)
    for (const statement of await repinStatements(connection, from.schema, to.schema)) {
      await connection.script(statement)
    }
    await connection.script(roleStatements(rename, connection.database, found.administrator))
    return null
  })
}

/**
 * The login under its new name, with a password and a search_path of its own. On 16 and later only whoever has ADMIN
 * on it may do that: the creator role that made it. Before, CREATEROLE is enough, which the control role has.
 */
function roleStatements(
  { system, from, to, verifier }: Rename,
  database: string,
  administrator: string | null,
): string {
  if (from.login === null || to.login === null) return ''
  const path = join(searchPathOf(system, to).map((schema) => ident(schema)))
  const statements: readonly Sql[] = [
    ...(administrator === null ? [] : [sql`SET LOCAL ROLE ${ident(administrator)}`]),
    sql`ALTER ROLE ${ident(from.login)} RENAME TO ${ident(to.login)}`,
    sql`ALTER ROLE ${ident(to.login)} PASSWORD ${literal(verifier)}`,
    sql`ALTER ROLE ${ident(to.login)} IN DATABASE ${ident(database)} SET search_path TO ${path}`,
  ]
  return statements.map(({ statement }) => statement).join(';\n')
}
