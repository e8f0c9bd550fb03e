import { formatDuration, padEnd, plural, type Terminal } from '../terminal/index.ts'
import type { DemoSystem } from './describe-systems.ts'

export interface DemoResult {
  readonly systems: readonly DemoSystem[]
  readonly version: string
  readonly dataDir: string
  readonly port: number
  readonly seconds: number
}

/** What stands, how to log in, what to try next. */
export function demoScreen(result: DemoResult, { paint }: Terminal): string {
  const { systems, version, dataDir, port, seconds } = result
  const where = `(data: ${dataDir}, port ${port}, ${formatDuration(seconds * 1000)})`
  const logins = systems.flatMap(({ system, logins }) =>
    logins.map(({ of, url }): [string, string] => [`${system}/${of}`, url]),
  )
  return [
    `${paint.bold('panal')} · ${plural(systems.length, 'system')} on an embedded PostgreSQL ${version}   ${paint.dim(where)}`,
    columns(systems.map(systemRow)),
    `Log in\n${columns(logins.map(([name, url]) => [name, `psql "${url}"`]))}`,
    `Try\n${suggestions(systems)
      .map((line) => `  ${line}`)
      .join('\n')}`,
    'The server keeps running: npx panal db stop ends it, npm start finds it again.',
  ].join('\n\n')
}

function systemRow({ system, services, tables, isolation, logins }: DemoSystem): string[] {
  return [
    system,
    plural(services, 'service'),
    plural(tables, 'table'),
    plural(logins.length, 'login'),
    isolation,
  ]
}

function suggestions(systems: readonly DemoSystem[]): string[] {
  const withTenants = systems.find(({ tenants }) => tenants.length > 0)
  return [
    'npx panal plan --check',
    'npx panal status',
    ...(withTenants === undefined
      ? []
      : [
          `npx panal tenant create acme --system ${withTenants.system}`,
          `npx panal tenant env acme --system ${withTenants.system}`,
        ]),
  ]
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length)
  }
  return rows
    .map((row) => `  ${row.map((cell, index) => padEnd(cell, widths[index] ?? 0)).join('   ')}`.trimEnd())
    .join('\n')
}
