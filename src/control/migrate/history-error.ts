import { formatTarget, PanalError, type Target } from '../../model/index.ts'
import type { Connection } from '../../postgres/index.ts'
import { ledgerFileText } from '../state/index.ts'
import { labelOf, type ServiceMigrations } from './migration-file.ts'
import type { HistoryProblem } from './pending.ts'
import { unifiedDiff } from './unified-diff.ts'

/** Explains a history that does not go with the folder; an edited file is shown with its difference. */
export async function historyError(
  connection: Connection,
  target: Target,
  migrations: ServiceMigrations,
  problem: HistoryProblem,
): Promise<PanalError> {
  const where = formatTarget(target)
  switch (problem.kind) {
    case 'below-head': {
      const message = `${labelOf(problem.file)} is not applied to ${where}, whose head is ${labelOf(problem.head)}.`
      return new PanalError('PANAL_MIGRATION_BELOW_HEAD', message, { place: { file: problem.file.path } })
    }
    case 'missing': {
      const message = `${labelOf(problem.applied)} is applied to ${where}, but its file is not there.`
      return new PanalError('PANAL_MIGRATION_MISSING', message, {
        place: { file: `${migrations.folder}/${problem.applied.name}` },
      })
    }
    case 'edited': {
      const before = await ledgerFileText(connection, problem.applied.number)
      const diff = before === null ? [] : unifiedDiff(before, problem.file.text)
      const message = `${labelOf(problem.file)} was changed after it had been applied to ${where}.`
      return new PanalError('PANAL_MIGRATION_EDITED', message, {
        place: { file: problem.file.path },
        details: ['--- applied', '+++ now', ...diff],
      })
    }
  }
}
