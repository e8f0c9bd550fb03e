import { CONTROL_ROLE, connectRole } from '../../model/index.ts'
import { ident, sql, trusted } from '../../postgres/index.ts'
import { diffRights, privilegesSql, type Rights, RightsBuilder } from '../access/index.ts'
import { type ClusterFacts, type DatabaseFacts, PUBLIC, systemOfMarker } from '../catalog/index.ts'
import type { DatabasePlace } from '../databases/index.ts'
import { MembershipIndex } from './membership-index.ts'
import { emptyPlan, type Plan, type Unmarked, type UnreachableStep } from './plan.ts'
import { planRoleSettings } from './plan-role-settings.ts'
import { databasesOf, type Platform } from './platform.ts'
import type { PlanStep } from './step.ts'
import { wantedRoles } from './wanted-roles.ts'

export interface DatabasePlanInput {
  readonly platform: Platform
  readonly facts: ClusterFacts
  /** The places on this server that the plan is about: the control database and those of the selected systems. */
  readonly places: readonly DatabasePlace[]
  /** By key: systems whose ledger stands there; null where the database has none. */
  readonly managedBy: ReadonlyMap<string, readonly string[] | null>
  readonly adopt: boolean
}

/** What separates the databases of a server, and the logins' settings in them, from the model. */
export function planDatabases(input: DatabasePlanInput): Plan {
  const planner = new DatabasePlanner(input)
  for (const place of input.places) planner.planPlace(place)
  const settings = planRoleSettings(input.platform, input.facts, input.places, wantedRoles(input.platform))
  return {
    ...emptyPlan,
    steps: [...planner.steps, ...settings],
    unmarked: planner.unmarked,
    unreachable: planner.unreachable,
  }
}

class DatabasePlanner {
  readonly steps: PlanStep[] = []
  readonly unmarked: Unmarked[] = []
  readonly unreachable: UnreachableStep[] = []
  readonly #input: DatabasePlanInput
  readonly #memberships: MembershipIndex

  constructor(input: DatabasePlanInput) {
    this.#input = input
    this.#memberships = new MembershipIndex(input.facts)
  }

  planPlace(place: DatabasePlace): void {
    const standing = this.#input.facts.databases.get(place.name)
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
    const isManaged = (role: string): boolean =>
      systemOfMarker(this.#input.facts.roles.get(role)?.comment ?? null) !== null
    const object = sql`DATABASE ${ident(place.name)}`
    const difference = diffRights(facts.acl, wanted, facts.owner, isManaged)
    for (const { grantee, grantor, privileges } of difference.over) {
      const from = grantee === PUBLIC ? trusted('PUBLIC') : ident(grantee)
      this.#add(place, grantor, {
        sql: sql`REVOKE ${privilegesSql(privileges)} ON ${object} FROM ${from}`.statement,
        action: 'remove',
        subject: `${privileges.join(', ')} on database ${place.name} from ${grantee}`,
        reason: grantee === PUBLIC ? 'logins connect through their group' : 'not declared',
        // A database that Panal has just made is nobody's loss.
        ...(this.#input.facts.databases.has(place.name) ? { asks: 'revoke' as const } : {}),
      })
    }
    for (const { grantee, privileges } of difference.under) {
      this.#add(place, facts.owner, {
        sql: sql`GRANT ${privilegesSql(privileges)} ON ${object} TO ${ident(grantee)}`.statement,
        action: 'create',
        subject: `${privileges.join(', ')} on database ${place.name} to ${grantee}`,
        reason: grantee === CONTROL_ROLE ? 'the control role makes schemas here' : 'its logins connect',
      })
    }
  }

  #wantedRights(place: DatabasePlace, facts: DatabaseFacts): Rights {
    const rights = new RightsBuilder()
    for (const system of this.#input.platform.config.systems) {
      if (!databasesOf(this.#input.platform, system).includes(place.key)) continue
      const selected = this.#input.platform.selected.includes(system)
      // Another system's group may not stand yet; its own plan connects it.
      if (!selected && !this.#input.facts.roles.has(connectRole(system.name))) continue
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
    const self = as === this.#input.facts.operator.name
    if (!self && as !== CONTROL_ROLE && !this.#memberships.mayBecome(as)) {
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
    acl: [{ grantee: PUBLIC, grantor: CONTROL_ROLE, privileges: ['temporary', 'connect'], grantable: [] }],
  }
}
