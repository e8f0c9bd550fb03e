import { CONTROL_ROLE, connectRole, type System } from '../../model/index.ts'
import { ident, literal, type Sql, sql, trusted } from '../../postgres/index.ts'
import { type ClusterFacts, markerOf, type RoleFacts, systemOfMarker } from '../catalog/index.ts'
import { controlRoleSteps } from './bootstrap-steps.ts'
import type { Creators } from './creators.ts'
import { grantMembership } from './membership-sql.ts'
import { emptyPlan, joinPlans, type Orphan, type Plan, type Unmarked, type UnreachableStep } from './plan.ts'
import { planMemberships } from './plan-memberships.ts'
import type { Platform } from './platform.ts'
import { RolePlanning } from './role-planning.ts'
import { statements } from './statements.ts'
import { type PlanStep, passwordPlaceholder } from './step.ts'
import { ownerEdge, type WantedRole, wantedRoles } from './wanted-roles.ts'

export interface RolePlanOptions {
  /** Take over declared names that exist without Panal's mark. */
  readonly adopt: boolean
}

/** What separates the roles of a server from those that the model wants. */
export function planRoles(platform: Platform, facts: ClusterFacts, options: RolePlanOptions): Plan {
  const wanted = wantedRoles(platform)
  const planning = new RolePlanning(platform.selected, facts)
  const bySystem = Map.groupBy(wanted, (role) => role.system)
  const plans = platform.selected.map((system) =>
    new SystemRolePlanner(system, planning, options).plan(bySystem.get(system.name) ?? [], platform.whole),
  )
  return joinPlans([
    { ...emptyPlan, steps: controlRoleSteps(facts) },
    ...plans,
    planMemberships(platform, wanted, planning),
  ])
}

/** Plans the roles of one system: its creators first, since they make the rest. */
class SystemRolePlanner {
  readonly #system: System
  readonly #planning: RolePlanning
  readonly #facts: ClusterFacts
  readonly #options: RolePlanOptions
  readonly #creators: Creators
  readonly #unmarked: Unmarked[] = []
  readonly #unreachable: UnreachableStep[] = []

  constructor(system: System, planning: RolePlanning, options: RolePlanOptions) {
    this.#system = system
    this.#planning = planning
    this.#facts = planning.facts
    this.#options = options
    this.#creators = planning.creatorsOf(system.name)
  }

  plan(wanted: readonly WantedRole[], whole: boolean): Plan {
    const connectName = connectRole(this.#system.name)
    const connect = wanted.filter((role) => role.kind === 'connect' && !this.#facts.roles.has(role.name))
    const rest = wanted.filter((role) => role.name !== connectName)
    const steps = rest.flatMap((role) => this.#roleSteps(role))
    const orphans = whole ? this.#orphans(wanted) : []
    return {
      ...emptyPlan,
      steps: [
        ...connect.map((role) => this.#create(role, CONTROL_ROLE)),
        ...this.#creators.missing.map((name) => this.#createCreator(name)),
        ...steps,
        ...orphans.flatMap((orphan) => this.#lock(orphan)),
      ],
      orphans,
      unmarked: this.#unmarked,
      unreachable: this.#unreachable,
    }
  }

  #roleSteps(role: WantedRole): readonly PlanStep[] {
    const standing = this.#facts.roles.get(role.name)
    if (standing === undefined)
      return [this.#create(role, this.#planning.creatorOf(this.#system.name, role.name))]
    if (systemOfMarker(standing.comment) !== this.#system.name) {
      if (!this.#options.adopt) {
        this.#unmarked.push({ kind: 'role', name: role.name, system: this.#system.name })
        return []
      }
      return [this.#adopt(role), ...this.#attributeSteps(role, standing)]
    }
    return this.#attributeSteps(role, standing)
  }

  #step(role: WantedRole, step: Pick<PlanStep, 'as' | 'sql' | 'action' | 'subject' | 'reason'>): PlanStep {
    return {
      phase: 'roles',
      system: this.#system.name,
      ...(role.service === null ? {} : { service: role.service }),
      ...(role.tenant === null ? {} : { tenant: role.tenant }),
      database: 'control',
      ...step,
    }
  }

  #create(role: WantedRole, creator: string): PlanStep {
    const name = ident(role.name)
    const parts: Sql[] = [
      sql`CREATE ROLE ${name} ${roleOptions(role)}`,
      sql`COMMENT ON ROLE ${name} IS ${literal(markerOf(this.#system.name))}`,
    ]
    const newer = this.#facts.serverMajor >= 16
    // These two edges the creator can make at once; others wait until both ends stand.
    const connect = role.memberOf.find((membership) => membership.role === connectRole(this.#system.name))
    if (connect !== undefined) {
      parts.push(grantMembership(role.name, connect, this.#facts.serverMajor))
    }
    if (role.kind === 'owner') {
      parts.push(grantMembership(CONTROL_ROLE, ownerEdge(role.name), this.#facts.serverMajor))
    }
    // Whatever the server's setting says, a creator must not become the logins that it makes.
    if (newer) parts.unshift(sql`SET LOCAL createrole_self_grant = ''`)
    const step = this.#step(role, {
      as: creator,
      sql: statements(parts),
      action: 'create',
      subject: `role ${role.name}`,
      reason: role.reason,
    })
    return role.login ? withPassword(step, role.name) : step
  }

  #createCreator(name: string): PlanStep {
    const connect = ident(connectRole(this.#system.name))
    const newer = this.#facts.serverMajor >= 16
    return {
      phase: 'roles',
      system: this.#system.name,
      database: 'control',
      as: CONTROL_ROLE,
      sql: statements([
        ...(newer ? [sql`SET LOCAL createrole_self_grant = 'set'`] : []),
        sql`CREATE ROLE ${ident(name)} NOLOGIN CREATEROLE NOINHERIT`,
        sql`COMMENT ON ROLE ${ident(name)} IS ${literal(markerOf(this.#system.name))}`,
        newer
          ? sql`GRANT ${connect} TO ${ident(name)} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`
          : sql`GRANT ${connect} TO ${ident(name)} WITH ADMIN OPTION`,
        ...(newer ? [] : [sql`GRANT ${ident(name)} TO ${ident(CONTROL_ROLE)}`]),
      ]),
      action: 'create',
      subject: `role ${name}`,
      reason: 'makes the roles of this system',
    }
  }

  /** Marks a role that stood before, gives its creator the right to change it, and its login Panal's password. */
  #adopt(role: WantedRole): PlanStep {
    const name = ident(role.name)
    const parts = [sql`COMMENT ON ROLE ${name} IS ${literal(markerOf(this.#system.name))}`]
    if (this.#facts.serverMajor >= 16) {
      const creator = ident(this.#planning.creatorOf(this.#system.name, role.name))
      parts.push(sql`GRANT ${name} TO ${creator} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`)
    }
    if (role.login) parts.push(sql`ALTER ROLE ${name} ${passwordOption(role.name)}`)
    const step = this.#step(role, {
      as: null,
      sql: statements(parts),
      action: 'change',
      subject: `role ${role.name}`,
      reason: 'adopted',
    })
    return { ...step, asks: 'owner', ...(role.login ? { passwordOf: role.name } : {}) }
  }

  /** Only differences: a no-op `ALTER ROLE … NOSUPERUSER` already needs a superuser. */
  #attributeSteps(role: WantedRole, standing: RoleFacts): readonly PlanStep[] {
    const steps: PlanStep[] = []
    const change = (option: Sql, what: string, asks?: PlanStep['asks']): void => {
      const as = this.#planning.administratorOf(this.#system.name, role.name)
      const statement = sql`ALTER ROLE ${ident(role.name)} ${option}`.statement
      if (as === undefined) this.#cannotReach(role.name, statement, what)
      else {
        const step = this.#step(role, {
          as,
          sql: statement,
          action: 'change',
          subject: `role ${role.name}`,
          reason: what,
        })
        steps.push(asks === undefined ? step : { ...step, asks })
      }
    }
    if (role.login && !standing.login) change(trusted('LOGIN'), 'may log in again')
    if (!role.login && standing.login) change(trusted('NOLOGIN'), 'is no login', 'login')
    if (role.inherit !== standing.inherit) {
      change(
        role.inherit ? trusted('INHERIT') : trusted('NOINHERIT'),
        role.inherit ? 'inherits' : 'does not inherit',
      )
    }
    if (role.connectionLimit !== standing.connectionLimit) {
      const limits = `connection limit ${limitText(standing.connectionLimit)} → ${limitText(role.connectionLimit)}`
      change(sql`CONNECTION LIMIT ${literal(role.connectionLimit)}`, limits)
    }
    for (const power of powersOf(standing)) {
      const statement = sql`ALTER ROLE ${ident(role.name)} ${power.off}`.statement
      const reachable = this.#facts.operator.superuser || power.byAdministrator
      const as = power.byAdministrator
        ? (this.#planning.administratorOf(this.#system.name, role.name) ?? null)
        : null
      if (!reachable) this.#cannotReach(role.name, statement, `is ${power.name}`)
      else {
        const removal = {
          as,
          sql: statement,
          action: 'remove',
          subject: `role ${role.name}`,
          reason: `is ${power.name}, not declared`,
        } as const
        steps.push({ ...this.#step(role, removal), asks: 'revoke' })
      }
    }
    return steps
  }

  #cannotReach(role: string, statement: string, subject: string): void {
    const admin = this.#planning.someAdministrator(role)
    this.#unreachable.push({
      sql: statement,
      role: admin,
      subject: `role ${role} ${subject}`,
      database: 'control',
    })
  }

  #orphans(wanted: readonly WantedRole[]): readonly Orphan[] {
    const names = new Set(wanted.map((role) => role.name))
    return [...this.#facts.roles.values()]
      .filter((role) => systemOfMarker(role.comment) === this.#system.name)
      .filter((role) => !names.has(role.name) && !this.#creators.has(role.name))
      .map((role) => ({ kind: 'role', name: role.name, system: this.#system.name }))
  }

  /** A login that left the model logs in no more; its memberships and grants go by the other plans. */
  #lock(orphan: Orphan): readonly PlanStep[] {
    if (this.#facts.roles.get(orphan.name)?.login !== true) return []
    const statement = sql`ALTER ROLE ${ident(orphan.name)} NOLOGIN`.statement
    const as = this.#planning.administratorOf(this.#system.name, orphan.name)
    if (as === undefined) {
      this.#cannotReach(orphan.name, statement, 'left the model')
      return []
    }
    return [
      {
        phase: 'roles',
        system: this.#system.name,
        database: 'control',
        as,
        sql: statement,
        action: 'remove',
        subject: `login of role ${orphan.name}`,
        reason: 'left the model',
        asks: 'login',
      },
    ]
  }
}

function roleOptions(role: WantedRole): Sql {
  const login = role.login ? trusted('LOGIN') : trusted('NOLOGIN')
  const inherit = role.inherit ? trusted('') : trusted(' NOINHERIT')
  const limit =
    role.connectionLimit === -1 ? trusted('') : sql` CONNECTION LIMIT ${literal(role.connectionLimit)}`
  const password = role.login ? sql` ${passwordOption(role.name)}` : trusted('')
  return sql`${login}${inherit}${limit}${password}`
}

/** The placeholder is a literal like any other; the executor puts the verifier in its place. */
function passwordOption(role: string): Sql {
  return sql`PASSWORD ${literal(passwordPlaceholder(role).slice(1, -1))}`
}

const withPassword = (step: PlanStep, role: string): PlanStep => ({ ...step, passwordOf: role })

const limitText = (limit: number): string => (limit === -1 ? 'none' : String(limit))

interface Power {
  readonly name: string
  readonly off: Sql
  /** Whether an administrator of the role may take it, or only a superuser. */
  readonly byAdministrator: boolean
}

/** What no role but the control roles may be. */
function powersOf(role: RoleFacts): readonly Power[] {
  const powers: Power[] = []
  if (role.superuser) powers.push({ name: 'SUPERUSER', off: trusted('NOSUPERUSER'), byAdministrator: false })
  if (role.replication)
    powers.push({ name: 'REPLICATION', off: trusted('NOREPLICATION'), byAdministrator: false })
  if (role.bypassRls) powers.push({ name: 'BYPASSRLS', off: trusted('NOBYPASSRLS'), byAdministrator: false })
  if (role.createRole)
    powers.push({ name: 'CREATEROLE', off: trusted('NOCREATEROLE'), byAdministrator: true })
  if (role.createDatabase)
    powers.push({ name: 'CREATEDB', off: trusted('NOCREATEDB'), byAdministrator: false })
  return powers
}
