import { PanalError, type RowTenancy, type Service, type System, type Target } from '../../model/index.ts'
import { ident, type Sql, sql } from '../../postgres/index.ts'
import type { RowSchemaFacts, RowTableFacts, SchemaFacts } from '../catalog/index.ts'
import type { AccessChange } from './access-change.ts'
import { policyReaders, policyStatements, wantedPolicies } from './row-policies.ts'

/** What row tenancy asks of a schema: statements that bring it about, and what no statement can mend. */
export interface RowChanges {
  readonly changes: readonly AccessChange[]
  readonly problems: readonly string[]
  /** Tables whose logins may only read: shared ones without the key. */
  readonly readOnly: ReadonlySet<string>
  /** Relations that nobody but the owner may touch: attached partitions. */
  readonly closed: ReadonlySet<string>
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
  const readers = policyReaders(system, service, target)
  const changes: AccessChange[] = []
  const problems = [...definerProblems(service, facts, schema)]
  const readOnly = new Set<string>()
  const closed = new Set<string>()
  for (const table of facts.tables) {
    if (table.partition) {
      closed.add(table.name)
      changes.push(...tableChanges(target, table, []))
      continue
    }
    const column = tenantColumn(tenancy, table)
    const shared = tenancy.shared.includes(table.name)
    const nullable = column !== null && table.columns.get(column)?.notNull === false
    problems.push(...tableProblems(tenancy, table, column, nullable, shared))
    if (column === null) {
      readOnly.add(table.name)
      continue
    }
    changes.push(
      ...tableChanges(target, table, wantedPolicies(tenancy, target, readers, column, nullable && shared)),
    )
  }
  return { changes, problems, readOnly, closed }
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

function tableChanges(
  target: Target,
  table: RowTableFacts,
  policies: Parameters<typeof policyStatements>[2],
): AccessChange[] {
  const name = ident(target.schema, table.name)
  const statements: Sql[] = []
  if (!table.enabled) statements.push(sql`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`)
  if (!table.forced) statements.push(sql`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`)
  statements.push(...policyStatements(target.schema, table, policies))
  return statements.map((statement) => ({
    kind: 'row security',
    as: target.owner,
    sql: statement,
    subject: `row-level security of ${target.schema}.${table.name}`,
  }))
}

/** The owner sees every tenant, so nothing may lend its eyes to a login unless the model lists it. */
function* definerProblems(service: Service, facts: RowSchemaFacts, schema: SchemaFacts): Generator<string> {
  for (const view of facts.views) {
    if (view.invoker) continue
    if (!service.definers.includes(view.name)) {
      yield `view ${view.name} shows every tenant; create it WITH (security_invoker = true), or list it in definers`
    } else if (!view.barrier) {
      yield `view ${view.name} is listed in definers and needs WITH (security_barrier = true)`
    }
  }
  for (const group of schema.routines) {
    for (const routine of group.routines) {
      if (!routine.definer || service.definers.includes(routine.name)) continue
      yield `routine ${routine.name} is SECURITY DEFINER and sees every tenant; make it SECURITY INVOKER, or list it in definers`
    }
  }
}

/** @throws PANAL_ROW_TENANCY naming everything that a statement of Panal's cannot mend. */
export function rejectRowProblems(target: Target, problems: readonly string[]): void {
  if (problems.length === 0) return
  throw new PanalError('PANAL_ROW_TENANCY', `Schema ${target.schema} breaks the rules of row tenancy.`, {
    details: problems,
  })
}
