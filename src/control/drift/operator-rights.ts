import { type Connection, ident, type Sql, sql, sqlStateOf } from '../../postgres/index.ts'

const INSUFFICIENT_PRIVILEGE = '42501'

/**
 * Runs a statement as the control role, and where that may not, as the operator who logged in: extensions that are
 * not trusted are a superuser's.
 */
export async function withOperatorRights(connection: Connection, statement: Sql): Promise<void> {
  try {
    await connection.script(statement.statement)
  } catch (error) {
    if (sqlStateOf(error) !== INSUFFICIENT_PRIVILEGE) throw error
    const [before] = await connection.query<{ role: string }>(
      sql /* SQL */`SELECT current_role::text AS role`,
    )
    await connection.script('SET ROLE NONE')
    try {
      await connection.script(statement.statement)
    } finally {
      await connection.script(sql`SET ROLE ${ident(before!.role)}`.statement)
    }
  }
}
