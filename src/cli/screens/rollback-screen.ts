import type { MigrateResult } from '../../control/migrate/index.ts'
import { formatDuration, plural, type Terminal } from '../terminal/index.ts'
import { failureList } from './failure-list.ts'

/** How a rollback ended: what failed and why, how many did not, what to type next. */
export function rollbackScreen(result: MigrateResult, terminal: Terminal, cwd: string): string {
  const { targets, upToDate, migrated, files, failed, interrupted, run } = result
  const counts = [
    ...(migrated > 0 ? [`${plural(migrated, 'target')} rolled back (${plural(files, 'file')})`] : []),
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(upToDate > 0 ? [`${upToDate} of ${plural(targets, 'target')} had nothing to do`] : []),
  ]
  const said = counts.length === 0 ? 'There is no target' : counts.join(', ')
  const summary = `${said}, in ${formatDuration(result.seconds * 1000)}${run === null ? '' : ` (run ${run})`}.`
  return [
    ...failureList(failed, terminal, cwd),
    ...(failed.length > 0 ? [''] : []),
    interrupted ? `Interrupted: ${summary} Run it again to go on.` : summary,
    ...(failed.length > 0 && run !== null ? [`  see   panal runs show ${run}`] : []),
  ].join('\n')
}
