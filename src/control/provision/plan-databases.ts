import { CONTROL_ROLE, connectRole } from '../../model/index.ts'
import { ident, sql } from '../../postgres/index.ts'
import { objectChanges, type Rights, RightsBuilder } from '../access/index.ts'
import { type ClusterFacts, type DatabaseFacts, PUBLIC, systemOfMarker } from '../catalog/index.ts'
import type { DatabasePlace } from '../databases/index.ts'
import { emptyPlan, joinPlans, type Plan, type Unmarked, type UnreachableStep } from './plan.ts'
import { planRoleSettings } from './plan-role-settings.ts'
import { databasesOf, type Platform } from './platform.ts'
import type { RolePlanning } from './role-planning.ts'
import type { PlanStep } from './step.ts'
import { wantedRoles } from './wanted-roles.ts'

export interface DatabasePlanInput {
  readonly platform: Platform
  /** The one that the roles are planned with, so that both name the same creators. */
  readonly planning: RolePlanning
  /** The places on this server that the plan is about: the control database and those of the selected systems. */
  readonly places: readonly DatabasePlace[]
  /** By key: systems whose ledger stands there; null where the database has none. */
  readonly managedBy: ReadonlyMap<string, readonly string[] | null>
  readonly adopt: boolean
}

/** What separates the databases of a server, and the logins' settings in them, from the model. */
export function planDatabases(input: DatabasePlanInput): Plan {
  const roles = wantedRoles(input.platform)
  const planner = new DatabasePlanner(input, new Set(roles.map((role) => role.name)))
  for (const place of input.places) planner.planPlace(place)
  const own = { steps: planner.steps, unmarked: planner.unmarked, unreachable: planner.unreachable }
  return joinPlans([{ ...emptyPlan, ...own }, planRoleSettings(input.planning, input.places, roles)])
}

class DatabasePlanner {
  readonly steps: PlanStep[] = []
  readonly unmarked: Unmarked[] = []
  readonly unreachable: UnreachableStep[] = []
  readonly #input: DatabasePlanInput
  readonly #facts: ClusterFacts

  readonly #declared: ReadonlySet<string>

  constructor(input: DatabasePlanInput, declared: ReadonlySet<string>) {
    this.#input = input
    this.#facts = input.planning.facts
    this.#declared = declared
  }

  planPlace(place: DatabasePlace): void {
    const standing = this.#facts.databases.get(place.name)
    if (standing === undefined) {
      this.steps.push(createDatabase(place, this.#systemOf(place)))
      this.#planRights(place, freshDatabase(place.name))
      return
    }
    const ours = standing.owner === CONTROL_ROLE || this.#isManaged(place)
    if (!ours && !this.#input.adopt) {
      this.unmarked.push({ kind: 'database', name: place.name, system: this.#systemOf(place) })
      return
    }
    this.#planRights(place, standing)
  }

  /** Its ledger names a system; of the control database the registry stands there. */
  #isManaged(place: DatabasePlace): boolean {
    return (this.#input.managedBy.get(place.key) ?? null) !== null
  }

  /** CONNECT through the systems' groups, nothing for PUBLIC; CREATE for the control role where it is not the owner. */
  #planRights(place: DatabasePlace, facts: DatabaseFacts): void {
    const wanted = this.#wantedRights(place, facts)
    // One that is declared and not marked yet will be, by the roles' part of this plan.
    const isManaged = (role: string): boolean =>
      this.#declared.has(role) || systemOfMarker(this.#facts.roles.get(role)?.comment ?? null) !== null
    const object = { object: sql`DATABASE ${ident(place.name)}`, subject: `database ${place.name}` }
    for (const change of objectChanges(facts, wanted, object, isManaged).changes) {
      const revokes = change.kind === 'revoke'
      this.#add(place, change.as, {
        sql: change.sql.statement,
        action: revokes ? 'remove' : 'create',
        subject: change.subject,
        reason: revokes ? 'logins connect through their group' : 'declared',
        // A database that Panal has just made is nobody's loss.
        ...(revokes && this.#facts.databases.has(place.name) ? { asks: 'revoke' as const } : {}),
      })
    }
  }

  #wantedRights(place: DatabasePlace, facts: DatabaseFacts): Rights {
    const rights = new RightsBuilder()
    for (const system of this.#input.platform.config.systems) {
      if (!databasesOf(this.#input.platform, system).includes(place.key)) continue
      const selected = this.#input.platform.selected.includes(system)
      // Another system's group may not stand yet; its own plan connects it.
      if (!selected && !this.#facts.roles.has(connectRole(system.name))) continue
      rights.add(connectRole(system.name), ['connect'])
      // NOINHERIT gets nothing through a group.
      rights.add(system.runtime, ['connect'])
    }
    if (facts.owner !== CONTROL_ROLE) rights.add(CONTROL_ROLE, ['connect', 'create'])
    return rights.rights
  }

  #add(
    place: DatabasePlace,
    as: string,
    step: Pick<PlanStep, 'sql' | 'action' | 'subject' | 'reason' | 'asks'>,
  ): void {
    const self = as === this.#facts.operator.name
    if (!self && as !== CONTROL_ROLE && !this.#input.planning.memberships.mayBecome(as)) {
      this.unreachable.push({ sql: step.sql, role: as, subject: step.subject, database: place.key })
      return
    }
    this.steps.push({
      phase: 'databases',
      system: this.#systemOf(place),
      database: 'control',
      as: self ? null : as,
      ...step,
    })
  }

  #systemOf(place: DatabasePlace): string {
    const { platform } = this.#input
    const system = platform.selected.find((candidate) => databasesOf(platform, candidate).includes(place.key))
    return system?.name ?? '*'
  }
}

function createDatabase(place: DatabasePlace, system: string): PlanStep {
  return {
    phase: 'databases',
    system,
    database: 'control',
    as: CONTROL_ROLE,
    // template1 may hold anything, and anybody connected to it stops the copy (55006).
    sql: sql`CREATE DATABASE ${ident(place.name)} TEMPLATE template0 ENCODING 'UTF8'`.statement,
    outsideTransaction: true,
    action: 'create',
    subject: `database ${place.name}`,
    reason: place.key === 'control' ? 'the registry' : `holds ${system}`,
  }
}

/** What CREATE DATABASE leaves: PUBLIC may connect and make temporary tables. */
function freshDatabase(name: string): DatabaseFacts {
  return {
    name,
    owner: CONTROL_ROLE,
    encoding: 'UTF8',
    ownerLacks: [],
    acl: [{ grantee: PUBLIC, grantor: CONTROL_ROLE, privileges: ['temporary', 'connect'], grantable: [] }],
  }
}
