import type { TenantView } from '../../control/index.ts'
import { formatBytes, formatMoment, padEnd, printable, type Terminal, tableText } from '../terminal/index.ts'

/** Tenants, a line each. */
export function tenantTable(tenants: readonly TenantView[], terminal: Terminal): string {
  const { paint } = terminal
  const rows = tenants.map(({ system, slug, status, schema, login, database, version, bytes }) => [
    slug,
    system,
    { text: status, paint: status === 'active' ? paint.green : paint.yellow },
    schema,
    login ?? '–',
    database,
    version ?? '–',
    bytes === null ? '–' : formatBytes(bytes),
  ])
  const titles = ['tenant', 'system', 'status', 'schema', 'login', 'database', 'version']
  const columns = [...titles.map((title) => ({ title })), { title: 'size', align: 'right' as const }]
  return tableText({ columns, rows }, terminal)
}

/** One tenant, with each of its schemas. */
export function tenantPage(tenant: TenantView, terminal: Terminal): string {
  const { system, slug, status, createdAt, metadata, targets } = tenant
  const facts = [
    ['status', status],
    ['created', formatMoment(createdAt)],
    ...Object.entries(metadata).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  ]
  const rows = targets.map(({ service, schema, login, database, version, bytes }) => [
    service,
    schema,
    login ?? '–',
    database,
    version ?? '–',
    bytes === null ? '–' : formatBytes(bytes),
  ])
  const titles = ['service', 'schema', 'login', 'database', 'version']
  const columns = [...titles.map((title) => ({ title })), { title: 'size', align: 'right' as const }]
  return [
    `${terminal.paint.bold(slug)}   ${system}`,
    ...facts.map(([name = '', value = '']) => `  ${padEnd(name, 14)} ${printable(value)}`),
    '',
    tableText({ columns, rows }, terminal),
  ].join('\n')
}
