import { PanalError, type RowTenancy, type Service, type System, type Target } from '../../model/index.ts'
import { ident, type Sql, sql } from '../../postgres/index.ts'
import type { RowSchemaFacts, RowTableFacts, SchemaFacts } from '../catalog/index.ts'
import type { AccessChange } from './access-change.ts'
import {
  policyReaders,
  policyStatements,
  type WantedPolicy,
  wantedPolicies,
  wideningPolicies,
} from './row-policies.ts'

/** What row tenancy asks of a schema: statements that bring it about, and what no statement can mend. */
export interface RowChanges {
  readonly changes: readonly AccessChange[]
  readonly problems: readonly string[]
  /** Policies that the changes drop; a migration that makes one is refused instead. */
  readonly widening: readonly string[]
  /** Tables whose logins may only read: shared ones without the key. */
  readonly readOnly: ReadonlySet<string>
  /** What nobody but the owner may touch: attached partitions, and whatever would show one tenant another's rows. */
  readonly closed: ReadonlySet<string>
  readonly closedRoutines: ReadonlySet<string>
}

/** Compares tables, views and routines of a row-tenancy schema with the rules of architecture.md, "Row tenancy". */
export function rowChanges(
  system: System,
  service: Service,
  tenancy: RowTenancy,
  target: Target,
  facts: RowSchemaFacts,
  schema: SchemaFacts,
): RowChanges {
  const readers = policyReaders(system, target)
  const changes: AccessChange[] = []
  const views = viewBreaches(service, facts)
  const routines = routineBreaches(service, schema)
  const problems = [...views, ...routines].map(({ problem }) => problem)
  const widening: string[] = []
  const readOnly = new Set<string>()
  const closed = new Set(views.map(({ name }) => name))
  for (const table of facts.tables) {
    const column = tenantColumn(tenancy, table)
    const shared = tenancy.shared.includes(table.name)
    const nullable = column !== null && table.columns.get(column)?.notNull === false
    const others = wideningPolicies(service, table, nullable && shared ? column : null)
    widening.push(...others.map((policy) => wideningProblem(policy, table.name)))
    const policies =
      column === null || table.partition
        ? []
        : wantedPolicies(tenancy, target, readers, column, nullable && shared)
    if (column !== null || table.partition) changes.push(...tableChanges(target, table, policies, others))
    if (table.partition) {
      closed.add(table.name)
      continue
    }
    problems.push(...tableProblems(tenancy, table, column, nullable, shared))
    if (column === null) (shared ? readOnly : closed).add(table.name)
  }
  const closedRoutines = new Set(routines.map(({ name }) => name))
  return { changes, problems, widening, readOnly, closed, closedRoutines }
}

/** The root table may call its own key otherwise than the tables that refer to it. */
function tenantColumn(tenancy: RowTenancy, table: RowTableFacts): string | null {
  if (table.columns.has(tenancy.key)) return tenancy.key
  return table.name === tenancy.root && table.columns.has(tenancy.rootKey) ? tenancy.rootKey : null
}

function* tableProblems(
  tenancy: RowTenancy,
  table: RowTableFacts,
  column: string | null,
  nullable: boolean,
  shared: boolean,
): Generator<string> {
  if (column === null && !shared) {
    yield `table ${table.name} has no column ${tenancy.key}; add it, or list the table in tenancy.shared`
  }
  if (nullable && !shared) {
    yield `${table.name}.${column} may be null, and a row without a tenant would be nobody's; add NOT NULL, or list the table in tenancy.shared`
  }
}

function wideningProblem(policy: string, table: string): string {
  return `policy ${policy} of ${table} is permissive and shows more than a tenant's rows; make it RESTRICTIVE, or list it in definers`
}

/** @param others policies that must go */
function tableChanges(
  target: Target,
  table: RowTableFacts,
  policies: readonly WantedPolicy[],
  others: readonly string[],
): AccessChange[] {
  const name = ident(target.schema, table.name)
  const statements: Sql[] = []
  if (!table.enabled) statements.push(sql`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`)
  if (!table.forced) statements.push(sql`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`)
  statements.push(...policyStatements(target.schema, table, policies))
  const subject = `row-level security of ${target.schema}.${table.name}`
  return [
    ...statements.map((statement) => ({
      kind: 'row security' as const,
      as: target.owner,
      sql: statement,
      subject,
    })),
    ...others.map((policy) => ({
      kind: 'revoke' as const,
      as: target.owner,
      sql: sql`DROP POLICY ${ident(policy)} ON ${name}`,
      subject: `policy ${policy} of ${target.schema}.${table.name}`,
    })),
  ]
}

/** What breaks a rule by itself, and why. */
interface Breach {
  readonly name: string
  readonly problem: string
}

/** The owner sees every tenant, so nothing may lend its eyes to a login unless the model lists it. */
function viewBreaches(service: Service, facts: RowSchemaFacts): readonly Breach[] {
  return facts.views.flatMap(({ name, invoker, barrier }): readonly Breach[] => {
    if (invoker) return []
    if (!service.definers.includes(name)) {
      const problem = `view ${name} shows every tenant; create it WITH (security_invoker = true), or list it in definers`
      return [{ name, problem }]
    }
    return barrier
      ? []
      : [{ name, problem: `view ${name} is listed in definers and needs WITH (security_barrier = true)` }]
  })
}

function routineBreaches(service: Service, schema: SchemaFacts): readonly Breach[] {
  return schema.routines
    .flatMap((group) => group.routines)
    .filter((routine) => routine.definer && !service.definers.includes(routine.name))
    .map(({ name }) => ({
      name,
      problem: `routine ${name} is SECURITY DEFINER and sees every tenant; make it SECURITY INVOKER, or list it in definers`,
    }))
}

/** @throws PANAL_ROW_TENANCY naming everything that a statement of Panal's cannot mend. */
export function rejectRowProblems(target: Target, problems: readonly string[]): void {
  if (problems.length === 0) return
  throw new PanalError('PANAL_ROW_TENANCY', `Schema ${target.schema} breaks the rules of row tenancy.`, {
    details: problems,
  })
}
