import type { RowTenancy, Service, System, Target } from '../../model/index.ts'
import { ident, literal, type Sql, sql, trusted } from '../../postgres/index.ts'
import type { PolicyFacts, RowTableFacts } from '../catalog/index.ts'
import { wantedAccess } from './wanted-access.ts'

/** A policy that row tenancy keeps on a table. Policies of the application's own may stand beside it. */
export interface WantedPolicy {
  readonly name: string
  readonly command: 'all' | 'select'
  readonly roles: readonly string[]
  readonly expression: Sql
  /** Whether rows written must satisfy the expression too. */
  readonly checked: boolean
}

/** Names of the generated policies; a migration's own must not start so. */
export const POLICY_PREFIX = 'panal_'

/**
 * FORCE binds the owner as well, and a blind owner backfills nothing and refreshes materialised
 * views to zero rows: it gets a policy that lets it see everything.
 */
function ownerPolicy(owner: string): WantedPolicy {
  return { name: 'panal_owner', command: 'all', roles: [owner], expression: trusted('true'), checked: true }
}

/**
 * The policies that a table of a row-tenancy schema should have.
 *
 * @param column the tenant column, or null for a shared table without one, which needs no policy
 */
export function wantedPolicies(
  tenancy: RowTenancy,
  target: Target,
  readers: readonly string[],
  column: string | null,
  nullable: boolean,
): readonly WantedPolicy[] {
  if (column === null) return []
  if (readers.length === 0) return [ownerPolicy(target.owner)]
  const tenantPolicy: WantedPolicy = {
    name: 'panal_tenant',
    command: 'all',
    roles: readers,
    expression: sql`${ident(column)} = ${currentTenant(tenancy)}`,
    checked: true,
  }
  const everybodys: WantedPolicy = {
    name: 'panal_shared',
    command: 'select',
    roles: readers,
    expression: sql`${ident(column)} IS NULL`,
    checked: false,
  }
  return [ownerPolicy(target.owner), tenantPolicy, ...(nullable ? [everybodys] : [])]
}

/**
 * The tenant of the transaction. A sub-select, so that it is evaluated once per query (179 ms became
 * 9 ms on 100,000 rows); nullif, because a setting that was reset reads '' and not NULL; no
 * context gives NULL, which equals nothing.
 */
function currentTenant(tenancy: RowTenancy): Sql {
  return sql`(SELECT nullif(current_setting(${literal(tenancy.setting)}, true), '')::${KEY_TYPES[tenancy.keyType]})`
}

const KEY_TYPES = {
  uuid: trusted('uuid'),
  bigint: trusted('bigint'),
  integer: trusted('integer'),
  text: trusted('text'),
} as const

/** Every role but the owners that has rights in the schema: the policies must name them, never PUBLIC. */
export function policyReaders(system: System, target: Target): readonly string[] {
  const owners = new Set(system.services.map((candidate) => candidate.owner))
  return [...wantedAccess(system, target).onSchema.keys()].filter((role) => !owners.has(role)).sort()
}

/**
 * Policies of somebody else's that let through what ours do not: permissive ones are joined by OR.
 * Restrictive ones only narrow, and one that admits nothing but new rows of nobody's harms no tenant;
 * any other the model lists in `definers`, like whatever shows more than a tenant's own rows.
 *
 * @param keyless the tenant column where rows may lack a tenant, else null
 */
export function wideningPolicies(
  service: Service,
  table: RowTableFacts,
  keyless: string | null,
): readonly string[] {
  return table.policies
    .filter((policy) => policy.permissive && !policy.name.startsWith(POLICY_PREFIX))
    .filter((policy) => keyless === null || !admitsOnlyKeyless(policy, keyless))
    .map((policy) => policy.name)
    .filter((name) => !service.definers.includes(name))
}

/** Whether the check is a chain of ANDs with `key IS NULL` in it, as pg_get_expr writes one. */
function admitsOnlyKeyless({ command, check }: PolicyFacts, column: string): boolean {
  // Parentheses within a text would not count; whoever needs a text lists the policy.
  if (command !== 'insert' || check === null || check.includes("'")) return false
  return conjuncts(check).includes(`(${column} IS NULL)`)
}

/** `((a) AND (b))` without its own parentheses, cut at each AND outside of others; a sole condition as it is. */
function conjuncts(expression: string): readonly string[] {
  const parts = ['']
  let depth = 0
  for (const word of expression.slice(1, -1).split(/(?<=[()])|(?=[()])|(?<= AND )|(?= AND )/)) {
    if (word === ' AND ' && depth === 0) {
      parts.push('')
      continue
    }
    if (word === '(') depth++
    if (word === ')') depth--
    parts[parts.length - 1] += word
  }
  return parts.length === 1 ? [expression] : parts
}

/** Whether a policy stands as wanted, however this server spells its expression. */
export function policyMatches(facts: PolicyFacts, wanted: WantedPolicy): boolean {
  const expression = canonical(wanted.expression.statement)
  return (
    facts.permissive &&
    facts.command === wanted.command &&
    [...facts.roles].sort().join() === [...wanted.roles].sort().join() &&
    canonical(facts.using ?? '') === expression &&
    canonical(facts.check ?? '') === (wanted.checked ? expression : '')
  )
}

/**
 * An expression without what pg_get_expr adds or leaves out: parentheses, spaces, quotes of plain
 * names, casts to text, the alias of the sub-select. The wanted expressions have one reading
 * without parentheses, so two that agree here mean the same.
 */
function canonical(expression: string): string {
  return expression
    .toLowerCase()
    .replaceAll(/::text\b/g, '')
    .replaceAll(/ as "?nullif"?/g, '')
    .replaceAll(/"([a-z_][a-z0-9_]*)"/g, '$1')
    .replaceAll(/[()\s]/g, '')
}

/** Statements that bring one table's policies to what is wanted; others are judged by {@link wideningPolicies}. */
export function policyStatements(
  schema: string,
  table: RowTableFacts,
  wanted: readonly WantedPolicy[],
): readonly Sql[] {
  const on = ident(schema, table.name)
  const statements: Sql[] = []
  for (const policy of table.policies) {
    const found = wanted.find((candidate) => candidate.name === policy.name)
    const ours = policy.name.startsWith(POLICY_PREFIX)
    if (ours && (found === undefined || !policyMatches(policy, found))) {
      statements.push(sql`DROP POLICY ${ident(policy.name)} ON ${on}`)
    }
  }
  for (const policy of wanted) {
    const standing = table.policies.find((candidate) => candidate.name === policy.name)
    if (standing !== undefined && policyMatches(standing, policy)) continue
    statements.push(createPolicy(on, policy))
  }
  return statements
}

function createPolicy(on: Sql, policy: WantedPolicy): Sql {
  const command = policy.command === 'all' ? trusted('ALL') : trusted('SELECT')
  const roles = policy.roles.map((role) => ident(role)).reduce((list, role) => sql`${list}, ${role}`)
  const check = policy.checked ? sql` WITH CHECK (${policy.expression})` : sql``
  return sql`CREATE POLICY ${ident(policy.name)} ON ${on} FOR ${command} TO ${roles} USING (${policy.expression})${check}`
}
