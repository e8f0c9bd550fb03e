import { CONTROL_ROLE, connectRole, type System, type Target } from '../../model/index.ts'
import {
  type ClusterFacts,
  type DefaultAclFacts,
  type RowSchemaFacts,
  type SchemasFacts,
  systemOfMarker,
} from '../catalog/index.ts'
import { MembershipIndex } from './membership-index.ts'
import type { Orphan, Plan, PlanProblem, Unmarked, UnreachableStep } from './plan.ts'
import type { Phase, PlanStep } from './step.ts'

export interface SchemaPlanInput {
  /** The key of the database, and its name on the server. */
  readonly database: { readonly key: string; readonly name: string }
  readonly cluster: ClusterFacts
  /** Names of the roles that the model wants here: marked or about to be. */
  readonly declaredRoles: ReadonlySet<string>
  readonly schemas: SchemasFacts
  /** Of the schemas with row tenancy. */
  readonly rows: ReadonlyMap<string, RowSchemaFacts>
  /** Systems that the plan is about and that have something here. */
  readonly systems: readonly System[]
  /** Their targets in this database that the plan is about. */
  readonly targets: readonly Target[]
  /** Schemas of all their targets here: a marked one beside them left the model. */
  readonly knownSchemas: ReadonlySet<string>
  /** Systems that the ledger of this database names; null: it has no ledger. */
  readonly managedBy: readonly string[] | null
  /** Schemas that the ledger has migrations of and that somebody dropped. */
  readonly lost: ReadonlySet<string>
  readonly adopt: boolean
  /** Whether orphans are looked for; not when only some tenants are planned. */
  readonly orphans: boolean
}

/** What a step says of itself; the planning adds where it runs. */
export type StepContent = Pick<PlanStep, 'sql' | 'action' | 'subject' | 'reason' | 'asks' | 'makes'>

/** The plan of one database while it grows. */
export class SchemaPlanning {
  readonly input: SchemaPlanInput
  readonly memberships: MembershipIndex
  readonly orphans: Orphan[] = []
  readonly foreign: Plan['foreign'][number][] = []
  readonly unmarked: Unmarked[] = []
  readonly problems: PlanProblem[] = []
  readonly #steps: PlanStep[] = []
  readonly #unreachable: UnreachableStep[] = []
  readonly #managedRoles: ReadonlySet<string>
  readonly #owners: ReadonlyMap<string, string>
  readonly #defaults: ReadonlyMap<string, readonly DefaultAclFacts[]>

  constructor(input: SchemaPlanInput) {
    this.input = input
    this.memberships = new MembershipIndex(input.cluster)
    const marked = [...input.cluster.roles.values()].filter((role) => systemOfMarker(role.comment) !== null)
    this.#managedRoles = new Set(marked.map((role) => role.name))
    this.#owners = new Map(input.targets.map((target) => [target.owner, target.system]))
    this.#defaults = Map.groupBy(input.schemas.defaults, (row) => row.schema ?? '')
  }

  get plan(): Plan {
    return {
      steps: this.#steps,
      orphans: this.orphans,
      foreign: this.foreign,
      unreachable: this.#unreachable,
      unmarked: this.unmarked,
      problems: this.problems,
    }
  }

  /** Owner roles of the targets here, with their system. */
  get owners(): ReadonlyMap<string, string> {
    return this.#owners
  }

  /** The system that steps for the whole database are booked under. */
  get firstSystem(): string {
    return this.input.systems[0]?.name ?? '*'
  }

  /** Whether the database is as Panal made it, with no system in it yet. */
  get isFresh(): boolean {
    const { managedBy } = this.input
    return this.#databaseOwner === CONTROL_ROLE && (managedBy === null || managedBy.length === 0)
  }

  /** Whether somebody installed a declared extension in schema public. */
  get hasExtensionInPublic(): boolean {
    return this.input.systems
      .flatMap((system) => system.extensions)
      .some(({ name }) => this.input.schemas.extensions.get(name)?.schema === 'public')
  }

  /** Groups and owners of the systems here; other systems' roles are for other plans to judge. */
  mayUseExtensions(role: string): boolean {
    if (this.#owners.has(role)) return true
    if (this.input.systems.some((system) => role === connectRole(system.name))) return true
    const system = systemOfMarker(this.input.cluster.roles.get(role)?.comment ?? null)
    return !this.input.orphans || this.input.systems.every((candidate) => candidate.name !== system)
  }

  /** Who acts for a role that nobody is a member of: since 15, schema public belongs to the database's owner. */
  actorFor(role: string): string {
    return role === 'pg_database_owner' ? this.#databaseOwner : role
  }

  get #databaseOwner(): string {
    return this.input.cluster.databases.get(this.input.database.name)?.owner ?? CONTROL_ROLE
  }

  isManaged(role: string): boolean {
    return this.#managedRoles.has(role) || this.input.declaredRoles.has(role)
  }

  defaultsOf(schema: string): readonly DefaultAclFacts[] {
    return this.#defaults.get(schema) ?? []
  }

  /** Notes a statement for whoever can run it. */
  addUnreachable(role: string, { sql, subject }: Pick<StepContent, 'sql' | 'subject'>): void {
    this.#unreachable.push({ sql, role, subject, database: this.input.database.key })
  }

  /** Adds a step under a role that the operator can become, or a note for whoever can. */
  add(
    phase: Phase,
    as: string,
    place: { readonly system: string; readonly target?: Target },
    content: StepContent,
  ): void {
    const own = as === this.input.cluster.operator.name
    if (!own && !this.#canAct(as)) {
      this.addUnreachable(as, content)
      return
    }
    const { target } = place
    this.#steps.push({
      phase,
      system: place.system,
      ...(target === undefined ? {} : { service: target.service }),
      ...(target === undefined || target.tenant === null ? {} : { tenant: target.tenant }),
      database: this.input.database.key,
      as: own ? null : as,
      ...content,
    })
  }

  /** The control role and the owners act once the roles of this same plan stand. */
  #canAct(role: string): boolean {
    return role === CONTROL_ROLE || this.#owners.has(role) || this.memberships.mayBecome(role)
  }
}
