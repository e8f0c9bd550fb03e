import type { RunReport } from '../../control/index.ts'
import {
  formatCount,
  formatDuration,
  formatMoment,
  padEnd,
  printable,
  type Terminal,
  tableText,
} from '../terminal/index.ts'
import { failureList } from './failure-list.ts'

/** More targets than these are counted; `--json` lists all. */
const TARGETS_SHOWN = 20

/** One run: its facts, its waves, and the targets that did not get through, with the reason. */
export function runScreen(report: RunReport, terminal: Terminal, cwd: string): string {
  const { startedAt, finishedAt, summary } = report
  const { failed, waves: _waves, ...counts } = summary ?? {}
  const facts: [string, string][] = [
    ['status', report.status],
    ['began', formatMoment(startedAt)],
    ...(finishedAt === null
      ? []
      : [['took', formatDuration(finishedAt.getTime() - startedAt.getTime())] as [string, string]]),
    ['who', `${report.actor} (${report.host})`],
    ['asked', JSON.stringify(report.options)],
    ...Object.entries(counts)
      .filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
      .map(([name, value]): [string, string] => [name, textOf(value)]),
  ]
  const failures =
    Array.isArray(failed) && failed.length > 0 ? ['', ...failureList(failed, terminal, cwd)] : []
  return [
    `${terminal.paint.bold(report.id)}   ${report.kind}`,
    ...facts.map(([name, value]) => `  ${padEnd(name, 18)} ${printable(value)}`),
    ...(report.waves.length > 0 ? ['', waveTable(report, terminal)] : []),
    ...unfinished(report, terminal),
    ...failures,
    ...next(report),
  ].join('\n')
}

function textOf(value: unknown): string {
  return typeof value === 'number' ? formatCount(value) : JSON.stringify(value)
}

function waveTable({ waves }: RunReport, terminal: Terminal): string {
  const titles = ['wave', 'done', 'failed', 'skipped', 'left', 'in the server']
  const numbers = [...new Set(waves.map(({ wave }) => wave))]
  const rows = numbers.map((number) => {
    const here = waves.filter(({ wave }) => wave === number)
    const count = (status: string): string =>
      formatCount(here.find((each) => each.status === status)?.targets ?? 0)
    const time = formatDuration(here.reduce((sum, { durationMs }) => sum + durationMs, 0))
    return [`${number}`, count('done'), count('failed'), count('skipped'), count('pending'), time]
  })
  return tableText({ columns: titles.map((title) => ({ title, align: 'right' as const })), rows }, terminal)
}

function unfinished({ targets }: RunReport, { paint }: Terminal): string[] {
  const troubled = targets.filter(({ status }) => status === 'failed' || status === 'skipped')
  if (troubled.length === 0) return []
  const lines = troubled.slice(0, TARGETS_SHOWN).map(({ target, status, failure }) => {
    const parts = [
      target,
      failure?.migration,
      failure?.sqlState ?? failure?.code,
      failure?.message,
      failure?.place,
    ]
    const sign = status === 'failed' ? paint.red('✗') : paint.yellow('–')
    return `  ${sign} ${printable(parts.filter((part) => part !== undefined && part !== '').join('   '))}`
  })
  const rest = troubled.length - TARGETS_SHOWN
  return ['', ...lines, ...(rest > 0 ? [`  … and ${formatCount(rest)} more; --json lists all`] : [])]
}

function next({ id, kind, status, targets }: RunReport): string[] {
  if (kind !== 'migrate' || status === 'running') return []
  if (targets.some((target) => target.status === 'pending')) {
    return ['', `  go on  panal migrate --resume ${id}`]
  }
  const hasFailed = targets.some((target) => target.status === 'failed')
  return hasFailed ? ['', `  mend   what failed, then: panal migrate --retry-failed ${id}`] : []
}
