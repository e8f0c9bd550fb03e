import { relative } from 'node:path'
import type { MigrationPlan } from '../../control/index.ts'
import { formatCount, plural, printable, type Terminal } from '../terminal/index.ts'

/** More names than these are counted. */
const NAMES_SHOWN = 6

/** What a migration would do: the waves with their targets, then every file as it would be sent. */
export function migrationPlanScreen(plan: MigrationPlan, terminal: Terminal, cwd: string): string {
  const { paint } = terminal
  const { targets, upToDate, waves, files } = plan
  if (files.length === 0) return `Nothing to do: all ${plural(targets, 'target')} are up to date.`
  const waveLines = waves.map(({ wave, label, targets: names }) => {
    const shown = names.slice(0, NAMES_SHOWN).join(', ')
    const more = names.length > NAMES_SHOWN ? ` and ${formatCount(names.length - NAMES_SHOWN)} more` : ''
    return `  wave ${wave}${label === '' ? '' : ` (${label})`}   ${plural(names.length, 'target')}   ${printable(`${shown}${more}`)}`
  })
  const fileLines = files.flatMap(({ service, migration, path, transaction, targets: count, sql }) => [
    '',
    `${paint.bold(migration)}   ${service}   ${plural(count, 'target')}   ${relative(cwd, path)}${transaction ? '' : '   statement by statement'}`,
    ...sql
      .trim()
      .split('\n')
      .map((line) => `  ${printable(line)}`),
  ])
  const rest = upToDate > 0 ? ` ${plural(upToDate, 'target')} already up to date.` : ''
  return [
    ...waveLines,
    ...fileLines,
    '',
    `${plural(files.length, 'file')} for ${plural(targets - upToDate, 'target')}.${rest} Nothing was changed.`,
  ].join('\n')
}
