import type { FleetResult, VersionCount } from '../../control/index.ts'
import {
  formatCount,
  formatDuration,
  plural,
  printable,
  type Terminal,
  tableText,
} from '../terminal/index.ts'
import { failureList } from './failure-list.ts'

/** How a fleet run ended: what failed and why, where the fleet stands, what to type next. */
export function fleetScreen(result: FleetResult, terminal: Terminal, cwd: string): string {
  const { failed, skipped, stopped, interrupted, waves } = result
  const failures = [
    ...failureList(failed, terminal, cwd),
    ...skipped.map(
      ({ target, message }) =>
        `  ${terminal.paint.yellow('–')} ${printable(`${target}   skipped: ${message}`)}`,
    ),
  ]
  return [
    ...failures,
    ...(failures.length > 0 ? [''] : []),
    ...(waves.length > 1 ? [waveTable(result, terminal), ''] : []),
    ...(stopped === null
      ? []
      : [
          `Stopped: ${printable(stopped.message)}`,
          ...(stopped.details ?? []).map((line) => `  ${printable(line)}`),
        ]),
    `${interrupted ? 'Interrupted: ' : ''}${summaryOf(result)}`,
    ...next(result),
  ].join('\n')
}

function summaryOf(result: FleetResult): string {
  const { targets, upToDate, migrated, failed, skipped, left, run, seconds, versions } = result
  const counts = [
    ...(migrated > 0 ? [`${formatCount(migrated)} migrated`] : []),
    ...(failed.length > 0 ? [`${formatCount(failed.length)} failed`] : []),
    ...(skipped.length > 0 ? [`${formatCount(skipped.length)} skipped`] : []),
    ...(left > 0 ? [`${formatCount(left)} left`] : []),
    ...(upToDate > 0 ? [`${formatCount(upToDate)} of ${plural(targets, 'target')} had nothing to do`] : []),
  ]
  const said = counts.length === 0 ? 'There is no target' : counts.join(', ')
  const time = formatDuration(seconds * 1000)
  return `${said} in ${time}${run === null ? '' : ` (run ${run})`}.${mixed(versions)}`
}

/** `The fleet is mixed: 999 at 004_order_channel, 1 at 003_notes.` Nothing where every service has one version. */
function mixed(versions: readonly VersionCount[]): string {
  const services = Map.groupBy(versions, ({ service }) => service)
  return [...services]
    .filter(([, counts]) => counts.length > 1)
    .map(([service, counts]) => {
      const parts = counts.map(
        ({ version, targets }) => `${formatCount(targets)} at ${version ?? 'no version'}`,
      )
      return ` The fleet${services.size > 1 ? ` of ${service}` : ''} is mixed: ${parts.join(', ')}.`
    })
    .join('')
}

function next({ failed, left, run }: FleetResult): string[] {
  if (run === null || failed.length + left === 0) return []
  const mend =
    failed.length === 0
      ? []
      : [`  mend   what failed, then: panal migrate --${left > 0 ? 'resume' : 'retry-failed'} ${run}`]
  const goOn = failed.length === 0 ? [`  go on  panal migrate --resume ${run}`] : []
  return [`  see    panal runs show ${run}`, ...mend, ...goOn]
}

function waveTable({ waves }: FleetResult, terminal: Terminal): string {
  const columns = ['wave', 'of', 'targets', 'migrated', 'failed', 'met locks', 'took'].map((title) => ({
    title,
    align: 'right' as const,
  }))
  const rows = waves.map((wave) => [
    `${wave.wave}`,
    wave.label,
    formatCount(wave.targets),
    formatCount(wave.migrated),
    formatCount(wave.failed),
    formatCount(wave.waited),
    formatDuration(wave.seconds * 1000),
  ])
  return tableText({ columns, rows }, terminal)
}
