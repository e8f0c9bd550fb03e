import { CONTROL_ROLE, connectRole } from '../../model/index.ts'
import { ident, literal, type Sql, sql, trusted } from '../../postgres/index.ts'
import { markerOf } from '../catalog/index.ts'
import { grantMembership } from './membership-sql.ts'
import { roleStep } from './role-step.ts'
import { statements } from './statements.ts'
import { type PlanStep, passwordPlaceholder } from './step.ts'
import { ownerEdge, type WantedRole } from './wanted-roles.ts'

/** Creating a role, marked and connected. */
export function createRole(role: WantedRole, creator: string, serverMajor: number): PlanStep {
  const name = ident(role.name)
  const parts: Sql[] = [
    sql`CREATE ROLE ${name} ${roleOptions(role)}`,
    sql`COMMENT ON ROLE ${name} IS ${literal(markerOf(role.system))}`,
  ]
  // These two edges the creator can make at once; others wait until both ends stand.
  const connect = role.memberOf.find((membership) => membership.role === connectRole(role.system))
  if (connect !== undefined) parts.push(grantMembership(role.name, connect, serverMajor))
  if (role.kind === 'owner') parts.push(grantMembership(CONTROL_ROLE, ownerEdge(role.name), serverMajor))
  // Whatever the server's setting says, a creator must not become the logins that it makes.
  if (serverMajor >= 16) parts.unshift(sql`SET LOCAL createrole_self_grant = ''`)
  const content = {
    sql: statements(parts),
    action: 'create',
    subject: `role ${role.name}`,
    reason: role.reason,
    ...(role.login ? { passwordOf: role.name } : {}),
  } as const
  return { ...roleStep(role, content), as: creator }
}

/** Creating a creator: small, of one system, with the right to connect what it makes. */
export function createCreator(system: string, name: string, serverMajor: number): PlanStep {
  const connect = ident(connectRole(system))
  const newer = serverMajor >= 16
  const content = {
    sql: statements([
      ...(newer ? [sql`SET LOCAL createrole_self_grant = 'set'`] : []),
      sql`CREATE ROLE ${ident(name)} NOLOGIN CREATEROLE NOINHERIT`,
      sql`COMMENT ON ROLE ${ident(name)} IS ${literal(markerOf(system))}`,
      newer
        ? sql`GRANT ${connect} TO ${ident(name)} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`
        : sql`GRANT ${connect} TO ${ident(name)} WITH ADMIN OPTION`,
      ...(newer ? [] : [sql`GRANT ${ident(name)} TO ${ident(CONTROL_ROLE)}`]),
    ]),
    action: 'create',
    subject: `role ${name}`,
    reason: 'makes the roles of this system',
  } as const
  return { ...roleStep({ system, service: null, tenant: null }, content), as: CONTROL_ROLE }
}

/** The placeholder is a literal like any other; the executor puts the verifier in its place. */
export function passwordOption(role: string): Sql {
  return sql`PASSWORD ${literal(passwordPlaceholder(role).slice(1, -1))}`
}

function roleOptions(role: WantedRole): Sql {
  const login = role.login ? trusted('LOGIN') : trusted('NOLOGIN')
  const inherit = role.inherit ? trusted('') : trusted(' NOINHERIT')
  const limit =
    role.connectionLimit === -1 ? trusted('') : sql` CONNECTION LIMIT ${literal(role.connectionLimit)}`
  const password = role.login ? sql` ${passwordOption(role.name)}` : trusted('')
  return sql`${login}${inherit}${limit}${password}`
}
