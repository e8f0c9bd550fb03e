import { CONTROL_ROLE } from '../../model/index.ts'
import { ident, literal, sql } from '../../postgres/index.ts'
import { type ClusterFacts, CONTROL_MARKER } from '../catalog/index.ts'
import { statements } from './statements.ts'
import type { PlanStep } from './step.ts'

/**
 * The control role, made by the first operator. On 16+ a role's maker may administer it but not
 * become it unless `createrole_self_grant` says so at that moment.
 */
export function controlRoleSteps(facts: ClusterFacts): readonly PlanStep[] {
  const standing = facts.roles.get(CONTROL_ROLE)
  if (standing !== undefined) return []
  const create = [
    sql`CREATE ROLE ${ident(CONTROL_ROLE)} NOLOGIN CREATEROLE CREATEDB`,
    sql`COMMENT ON ROLE ${ident(CONTROL_ROLE)} IS ${literal(CONTROL_MARKER)}`,
  ]
  const { operator } = facts
  if (!operator.superuser) {
    if (facts.serverMajor >= 16) create.unshift(sql`SET LOCAL createrole_self_grant = 'set'`)
    else create.push(sql`GRANT ${ident(CONTROL_ROLE)} TO ${ident(operator.name)}`)
  }
  return [
    {
      phase: 'roles',
      system: '*',
      database: 'control',
      as: null,
      sql: statements(create),
      action: 'create',
      subject: `role ${CONTROL_ROLE}`,
      reason: "owns Panal's databases and acts for every owner",
    },
  ]
}
