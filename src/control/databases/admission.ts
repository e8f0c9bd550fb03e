import { CONTROL_ROLE, PanalError } from '../../model/index.ts'
import { type Connection, ident, sql } from '../../postgres/index.ts'

/**
 * The error for an operator whom nobody has admitted, with the statement that does.
 *
 * @param administrators who may run it
 */
export function notAnOperator(
  operator: string,
  serverMajor: number,
  administrators: readonly string[],
): PanalError {
  const grant = sql`GRANT ${ident(CONTROL_ROLE)} TO ${ident(operator)}`.statement
  // He becomes the control role for each piece of work, and has none of its rights otherwise.
  const options = serverMajor >= 16 ? ' WITH INHERIT FALSE, SET TRUE' : ''
  return new PanalError('PANAL_NOT_AN_OPERATOR', `"${operator}" is not a member of ${CONTROL_ROLE}.`, {
    details: [`${grant}${options};`],
    remedy: `Let ${administrators[0] ?? 'a superuser'} run the GRANT above, then try again.`,
  })
}

/**
 * Looks whether the one who is logged in may become the control role.
 *
 * @throws PANAL_NOT_AN_OPERATOR when there is one that he may not become
 */
export async function checkAdmission(connection: Connection): Promise<void> {
  const right = connection.serverMajor >= 16 ? 'SET' : 'MEMBER'
  const [control] = await connection.query<{ admitted: boolean; administrators: string[] }>(sql /* SQL */`
    SELECT pg_has_role(session_user, oid, ${right}) AS admitted,
      ARRAY(SELECT member::regrole::text FROM pg_auth_members WHERE roleid = pg_roles.oid
        -- Before 16 whoever may make roles may grant them.
        AND (admin_option OR ${connection.serverMajor < 16}) ORDER BY 1) AS administrators
    FROM pg_roles WHERE rolname = ${CONTROL_ROLE}`)
  if (control === undefined || control.admitted) return
  throw notAnOperator(connection.user, connection.serverMajor, control.administrators)
}
