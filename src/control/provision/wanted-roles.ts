import {
  connectRole,
  hasSchemaTenants,
  type Limits,
  type Service,
  type System,
  searchPathOf,
  serviceOf,
  type Target,
  tenantsRole,
} from '../../model/index.ts'
import { databasesOf, type Platform } from './platform.ts'

/** A role as the model wants it. */
export interface WantedRole {
  readonly name: string
  readonly system: string
  readonly service: string | null
  readonly tenant: string | null
  readonly kind: 'connect' | 'owner' | 'login' | 'group' | 'runtime'
  readonly login: boolean
  readonly inherit: boolean
  readonly connectionLimit: number
  readonly reason: string
  /** Memberships of this role in others. */
  readonly memberOf: readonly WantedMembership[]
  /** Memberships that another plan is responsible for: they may stand already, or not yet. By role. */
  readonly mayBeIn: ReadonlyMap<string, WantedMembership>
  /** By database key: what `ALTER ROLE … IN DATABASE … SET` keeps. */
  readonly settings: ReadonlyMap<string, RoleSettings>
}

export interface WantedMembership {
  readonly role: string
  readonly inherit: boolean
  readonly set: boolean
}

/** Setting name to value, as it is compared; search_path as a list. */
export interface RoleSettings {
  readonly searchPath: readonly string[]
  readonly limits: Limits
}

const INHERITS = { inherit: true, set: false } as const
const NO_LIMITS: Limits = {
  connections: -1,
  statementTimeoutMs: null,
  lockTimeoutMs: null,
  idleInTransactionTimeoutMs: null,
}

/** Every role of the selected systems, tenants' logins included, creators and the control role excepted. */
export function wantedRoles(platform: Platform): readonly WantedRole[] {
  const focus = Map.groupBy(platform.focus, (target) => target.system)
  const all = Map.groupBy(platform.targets, (target) => target.system)
  return platform.selected.flatMap((system) => {
    const targets = focus.get(system.name) ?? []
    const placed = new Set((all.get(system.name) ?? []).map((target) => target.service))
    // A service of another server has no roles here; where tenants will live nobody knows yet.
    const services = system.services.filter(
      (service) => placed.has(service.name) || hasSchemaTenants(service),
    )
    const connect = group(connectRole(system.name), system, 'connect', 'every login connects through it')
    return [
      connect,
      ...services.flatMap((service) => serviceRoles(system, service, targets)),
      ...system.roles.map((role) => declaredRole(system, role)),
      ...runtimeRoles(system, targets, all.get(system.name) ?? []),
    ].map((role) => withDeclaredMemberships(role, system, platform))
  })
}

function group(
  name: string,
  system: System,
  kind: WantedRole['kind'],
  reason: string,
  service?: string,
): WantedRole {
  return {
    name,
    system: system.name,
    service: service ?? null,
    tenant: null,
    kind,
    login: false,
    inherit: true,
    connectionLimit: -1,
    reason,
    memberOf: [],
    mayBeIn: new Map(),
    settings: new Map(),
  }
}

function serviceRoles(system: System, service: Service, targets: readonly Target[]): WantedRole[] {
  const owns = hasSchemaTenants(service)
    ? `${service.name} owns every tenant's schema`
    : `${service.name} owns its schema`
  const owner = group(service.owner, system, 'owner', owns, service.name)
  const logins = targets
    .filter((target) => target.service === service.name && target.login !== null)
    .map((target) => loginRole(system, service, target))
  return needsTenantsRole(system, service)
    ? [
        owner,
        group(
          tenantsRole(system.name, service.name),
          system,
          'group',
          `tenants of ${service.name} read through it`,
          service.name,
        ),
        ...logins,
      ]
    : [owner, ...logins]
}

/** A group of all tenants' logins exists only where they read a schema that is not a tenant's. */
function needsTenantsRole(system: System, service: Service): boolean {
  return (
    hasSchemaTenants(service) &&
    service.reads.some((access) => !hasSchemaTenants(serviceOf(system, access.service)))
  )
}

function loginRole(system: System, service: Service, target: Target): WantedRole {
  const memberOf = [{ role: connectRole(system.name), ...INHERITS }]
  if (needsTenantsRole(system, service))
    memberOf.push({ role: tenantsRole(system.name, service.name), ...INHERITS })
  return {
    name: target.login!,
    system: system.name,
    service: service.name,
    tenant: target.tenant,
    kind: 'login',
    login: true,
    inherit: true,
    connectionLimit: service.limits.connections,
    reason: target.tenant === null ? `login of ${service.name}` : `login of tenant ${target.tenant}`,
    memberOf,
    mayBeIn: new Map(),
    settings: new Map([
      [target.database, { searchPath: searchPathOf(system, target), limits: service.limits }],
    ]),
  }
}

function declaredRole(system: System, role: System['roles'][number]): WantedRole {
  return {
    ...group(role.name, system, 'group', 'declared in roles'),
    login: role.login,
    memberOf: role.login ? [{ role: connectRole(system.name), ...INHERITS }] : [],
  }
}

/**
 * The pooled login has no right of its own: a query that forgets its tenant reaches nothing. Tenants
 * beside the focus get their edge from whoever makes their logins, maybe just now.
 */
function runtimeRoles(
  system: System,
  focus: readonly Target[],
  all: readonly Target[],
): readonly WantedRole[] {
  if (system.runtime === null) return []
  const reason = 'pooled login, takes the role of a tenant for each transaction'
  const edges = (targets: readonly Target[]): readonly WantedMembership[] =>
    targets
      .filter((target) => target.tenant !== null)
      .map((target) => ({ role: target.login!, inherit: false, set: true }))
  return [
    {
      ...group(system.runtime, system, 'runtime', reason),
      login: true,
      inherit: false,
      memberOf: edges(focus),
      mayBeIn: new Map(edges(all).map((edge) => [edge.role, edge])),
    },
  ]
}

/** Names of all roles that the selected systems have: what is marked as theirs and not here left the model. */
export function knownRoles(platform: Platform): ReadonlySet<string> {
  return new Set(wantedRoles({ ...platform, focus: platform.targets }).map((role) => role.name))
}

/** `roles: { app_users: { members } }` makes the members inherit the role. Owners let the control role act for them. */
function withDeclaredMemberships(role: WantedRole, system: System, platform: Platform): WantedRole {
  const groups = system.roles.filter((declared) => declared.members.includes(role.name))
  const settings =
    role.kind === 'runtime' || (role.login && role.settings.size === 0)
      ? new Map(databasesOf(platform, system).map((key) => [key, { searchPath: [], limits: NO_LIMITS }]))
      : role.settings
  return {
    ...role,
    settings,
    memberOf: [...role.memberOf, ...groups.map((declared) => ({ role: declared.name, ...INHERITS }))],
  }
}

/** The control role acts for every owner, and inherits from it so that it may grant on what the owner has. */
export const ownerEdge = (owner: string): WantedMembership => ({ role: owner, inherit: true, set: true })

/** What the control role is a member of, creators excepted. */
export function controlMemberships(roles: readonly WantedRole[]): readonly WantedMembership[] {
  return roles.filter((role) => role.kind === 'owner').map((role) => ownerEdge(role.name))
}
