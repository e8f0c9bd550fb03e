import { CONTROL_ROLE, PanalError } from '../../model/index.ts'
import type { ClusterFacts } from '../catalog/index.ts'
import { notAnOperator } from '../databases/index.ts'

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
  const administrators = facts.memberships
    .filter(({ role, admin }) => role === CONTROL_ROLE && (admin || facts.serverMajor < 16))
    .map((membership) => membership.member)
  throw notAnOperator(operator.name, facts.serverMajor, administrators)
}
