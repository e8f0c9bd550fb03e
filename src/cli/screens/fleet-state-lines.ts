import type { StatusRow } from '../../control/index.ts'
import { formatCount, type Terminal } from '../terminal/index.ts'
import { type Failure, failureList } from './failure-list.ts'

/** What `panal status` knows of a target, for its summary. */
export type FleetRow = Pick<
  StatusRow,
  'system' | 'service' | 'tenant' | 'version' | 'pending' | 'provisioned' | 'failedRun'
>

/**
 * Explains a fleet whose targets stand at different versions: how many where, which failed and why,
 * what to type next. Nothing for a fleet at one version.
 */
export function fleetStateLines(rows: readonly FleetRow[], terminal: Terminal, cwd: string): string[] {
  const services = Map.groupBy(rows, ({ system, service }) => `${system}/${service}`)
  return [...services].flatMap(([service, targets]) => {
    const counts = versionCounts(targets.filter(({ provisioned }) => provisioned))
    const failed = targets.filter(({ failedRun }) => failedRun !== undefined)
    if (counts.length < 2 && failed.length === 0) return []
    const behind = targets.filter(({ provisioned, pending }) => provisioned && pending.length > 0).length
    const mixed = counts.length < 2 ? [] : [`${service} is mixed: ${counts.join(', ')}.`]
    return [...mixed, ...failureLines(failed, behind, terminal, cwd)]
  })
}

function versionCounts(targets: readonly FleetRow[]): string[] {
  return [...Map.groupBy(targets, ({ version }) => version ?? 'no version')].map(
    ([version, here]) => `${formatCount(here.length)} at ${version}`,
  )
}

function failureLines(
  failed: readonly FleetRow[],
  behind: number,
  terminal: Terminal,
  cwd: string,
): string[] {
  const failures = failed.flatMap(({ system, service, tenant, failedRun }): readonly Failure[] => {
    if (failedRun === undefined) return []
    const { migration, code, sqlState, message, place } = failedRun
    const target = [system, service, tenant].filter((part) => part !== undefined).join('/')
    return [
      {
        target,
        migration,
        code: sqlState ?? code,
        message: `${message}${place === undefined ? '' : `   ${place}`}`,
      },
    ]
  })
  const runs = [...new Set(failed.flatMap(({ failedRun }) => failedRun?.run ?? []))]
  // What a run has left beside its failures, --resume does along with them.
  const option = behind > failed.length ? 'resume' : 'retry-failed'
  return [
    ...failureList(failures, terminal, cwd),
    ...runs.flatMap((run) => [
      `  see    panal runs show ${run}`,
      `  mend   what failed, then: panal migrate --${option} ${run}`,
    ]),
  ]
}
