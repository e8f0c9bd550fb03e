import { CONTROL_ROLE, PanalError } from '../../model/index.ts'
import { ident, sql } from '../../postgres/index.ts'
import type { ClusterFacts } from '../catalog/index.ts'

/**
 * Refuses a login that cannot do the work, before anything is tried.
 *
 * @throws PANAL_OPERATOR_RIGHTS where the first apply needs CREATEROLE and CREATEDB
 * @throws PANAL_NOT_AN_OPERATOR where others prepared the server and this login is none of them
 */
export function checkOperator(facts: ClusterFacts): void {
  const { operator } = facts
  if (operator.superuser || operator.mayControl) return
  if (!facts.roles.has(CONTROL_ROLE)) {
    if (operator.createRole && operator.createDatabase) return
    const missing = [
      operator.createRole ? '' : 'CREATEROLE',
      operator.createDatabase ? '' : 'CREATEDB',
    ].filter(Boolean)
    throw new PanalError('PANAL_OPERATOR_RIGHTS', `"${operator.name}" lacks ${missing.join(' and ')}.`)
  }
  const grant = sql`GRANT ${ident(CONTROL_ROLE)} TO ${ident(operator.name)}`.statement
  const options = facts.serverMajor >= 16 ? ' WITH INHERIT FALSE, SET TRUE' : ''
  const operators = facts.memberships
    .filter((membership) => membership.role === CONTROL_ROLE && membership.admin)
    .map((membership) => membership.member)
  throw new PanalError('PANAL_NOT_AN_OPERATOR', `"${operator.name}" is not a member of ${CONTROL_ROLE}.`, {
    details: [`${grant}${options};`],
    remedy: `Let ${operators[0] ?? 'a superuser'} run the GRANT above, then try again.`,
  })
}
