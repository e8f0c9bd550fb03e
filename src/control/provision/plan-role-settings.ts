import { ident, join, literal, type Sql, sql, trusted } from '../../postgres/index.ts'
import type { RoleSettingFacts } from '../catalog/index.ts'
import type { DatabasePlace } from '../databases/index.ts'
import { emptyPlan, type Plan, type UnreachableStep } from './plan.ts'
import type { RolePlanning } from './role-planning.ts'
import { statements } from './statements.ts'
import type { PlanStep } from './step.ts'
import type { RoleSettings, WantedRole } from './wanted-roles.ts'

/** What Panal keeps for a login in its database; any other setting is the operator's own. */
const SETTINGS = {
  search_path: trusted('search_path'),
  statement_timeout: trusted('statement_timeout'),
  lock_timeout: trusted('lock_timeout'),
  idle_in_transaction_session_timeout: trusted('idle_in_transaction_session_timeout'),
} as const

type SettingName = keyof typeof SETTINGS

/** One step for each login whose settings in its database differ. */
export function planRoleSettings(
  planning: RolePlanning,
  places: readonly DatabasePlace[],
  roles: readonly WantedRole[],
): Plan {
  const nameOf = new Map(places.map((place) => [place.key, place.name]))
  const standing = Map.groupBy(planning.facts.settings, settingKey)
  const steps: PlanStep[] = []
  const unreachable: UnreachableStep[] = []
  for (const role of roles) {
    for (const [key, wanted] of role.settings) {
      const database = nameOf.get(key)
      if (database === undefined) continue
      const kept = standing.get(settingKey({ role: role.name, database })) ?? []
      const changes = settingChanges(role.name, database, wanted, kept)
      if (changes.length === 0) continue
      const step = settingStep(role, database, statements(changes))
      const as = planning.actorOn(role.system, role.name)
      if (as !== undefined) steps.push({ ...step, as })
      else unreachable.push(planning.beyondReach(role.name, step))
    }
  }
  return { ...emptyPlan, steps, unreachable }
}

const settingKey = ({ role, database }: { role: string; database: string | null }): string =>
  `${role}\n${database}`

function settingStep(role: WantedRole, database: string, text: string): Omit<PlanStep, 'as'> {
  return {
    phase: 'databases',
    system: role.system,
    ...(role.service === null ? {} : { service: role.service }),
    ...(role.tenant === null ? {} : { tenant: role.tenant }),
    database: 'control',
    sql: text,
    action: 'change',
    subject: `settings of ${role.name} in ${database}`,
    reason: 'search_path and limits',
  }
}

function settingChanges(
  role: string,
  database: string,
  wanted: RoleSettings,
  standing: readonly RoleSettingFacts[],
): readonly Sql[] {
  const values = wantedValues(wanted)
  const prefix = sql`ALTER ROLE ${ident(role)} IN DATABASE ${ident(database)}`
  const changes: Sql[] = []
  for (const name of Object.keys(SETTINGS) as SettingName[]) {
    const value = values.get(name)
    const kept = standing.find((setting) => setting.name === name)?.value
    const current = name === 'search_path' && kept !== undefined ? unquoted(kept) : kept
    if (value === undefined) {
      if (current !== undefined) changes.push(sql`${prefix} RESET ${SETTINGS[name]}`)
    } else if (current !== value.stored) {
      changes.push(sql`${prefix} SET ${SETTINGS[name]} TO ${value.sql}`)
    }
  }
  return changes
}

interface SettingValue {
  readonly sql: Sql
  /** How pg_db_role_setting keeps it, without quotes. */
  readonly stored: string
}

function wantedValues({ searchPath, limits }: RoleSettings): ReadonlyMap<SettingName, SettingValue> {
  const values = new Map<SettingName, SettingValue>()
  if (searchPath.length > 0) {
    values.set('search_path', {
      sql: join(searchPath.map((schema) => ident(schema))),
      stored: searchPath.join(', '),
    })
  }
  const timeouts = {
    statement_timeout: limits.statementTimeoutMs,
    lock_timeout: limits.lockTimeoutMs,
    idle_in_transaction_session_timeout: limits.idleInTransactionTimeoutMs,
  } as const
  for (const [name, milliseconds] of Object.entries(timeouts) as [SettingName, number | null][]) {
    if (milliseconds !== null) values.set(name, { sql: literal(milliseconds), stored: String(milliseconds) })
  }
  return values
}

/** A search_path as the server keeps it: names, quoted where they must be, with a comma between. */
const unquoted = (value: string): string =>
  value
    .split(',')
    .map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
    .join(', ')
