import { formatTarget, PanalError, type Target } from '../../model/index.ts'
import type { AppliedFile } from '../state/index.ts'
import type { FleetState } from './fleet-state.ts'
import { historyError } from './history-error.ts'
import { migrationsOf, type SystemMigrations } from './load-migrations.ts'
import { labelOf, type VersionedFile } from './migration-file.ts'
import type { HistoryProblem } from './pending.ts'
import { knownVersion, systemOf } from './plan-targets.ts'
import { relatedTargets } from './requirements.ts'
import { canonicalVersion, compareVersions, isVersion } from './version.ts'

/** One file that is taken back from one target. */
export interface RevertStep {
  readonly target: Target
  readonly migrations: SystemMigrations
  readonly file: VersionedFile
  /** The file's number in the ledger of the target's database. */
  readonly number: number
}

/** An applied file that requires one that is to be taken back. */
export interface Dependant {
  readonly target: Target
  readonly file: VersionedFile
}

interface RollbackPlan {
  readonly migrations: readonly SystemMigrations[]
  readonly targets: readonly Target[]
  readonly known: readonly Target[]
  readonly back: { readonly to: string } | { readonly only: string }
  readonly cascade?: boolean
}

/**
 * What a rollback takes back, in the order in which it does: the reverse of the order of application.
 *
 * @throws PANAL_MIGRATION_VERSION_UNKNOWN, PANAL_MIGRATION_DOWN_MISSING, PANAL_MIGRATION_DEPENDANT,
 *   PANAL_MIGRATION_EDITED, PANAL_MIGRATION_MISSING
 */
export async function revertSteps(state: FleetState, plan: RollbackPlan): Promise<readonly RevertStep[]> {
  const { migrations, targets, known, cascade = false } = plan
  const back = checkedBack(plan)
  const steps = new Map<string, RevertStep>()
  const add = async (target: Target, applied: AppliedFile): Promise<void> => {
    const key = `${formatTarget(target)} ${applied.item}`
    if (steps.has(key)) return
    const step = await stepOf(state, migrations, target, applied)
    steps.set(key, step)
    for (const dependant of dependantsOf(step, known, (other, item) => state.isApplied(other, item))) {
      if (!cascade && !isAmong(dependant, targets, back)) throw dependantError(step, dependant)
      // A service's versions are linear: what stands above the dependant goes with it.
      for (const above of appliedAbove(state, dependant.target, dependant.file.version, true)) {
        await add(dependant.target, above)
      }
    }
  }
  for (const target of targets) {
    for (const applied of chosenFiles(state, target, back)) await add(target, applied)
  }
  return sortSteps([...steps.values()])
}

/** Applied files of other services that require the file of a step. */
export function dependantsOf(
  { target, file, migrations }: RevertStep,
  known: readonly Target[],
  isApplied: (target: Target, item: string) => boolean,
): readonly Dependant[] {
  const requiring = migrations.order.filter(({ requires }) =>
    requires.some(({ service, version }) => service === file.service && version === file.version),
  )
  return requiring.flatMap((dependant) =>
    relatedTargets(target, dependant.service, known)
      .filter((other) => isApplied(other, dependant.version))
      .map((other) => ({ target: other, file: dependant })),
  )
}

type Back = RollbackPlan['back']

/** `0` is below every version; any other must exist. */
function checkedBack({ back, migrations, targets }: RollbackPlan): Back {
  if ('only' in back) return { only: knownVersion(migrations, targets, back.only) }
  return { to: canonicalVersion(back.to) === '0' ? '0' : knownVersion(migrations, targets, back.to) }
}

function chosenFiles(state: FleetState, target: Target, back: Back): readonly AppliedFile[] {
  if ('to' in back) return appliedAbove(state, target, back.to, false)
  return state.appliedAtStart(target).filter(({ item }) => item === back.only)
}

function appliedAbove(
  state: FleetState,
  target: Target,
  version: string,
  inclusive: boolean,
): readonly AppliedFile[] {
  return state.appliedAtStart(target).filter(({ item }) => {
    if (!isVersion(item)) return false
    const order = compareVersions(item, version)
    return order > 0 || (inclusive && order === 0)
  })
}

/** Whether the rollback takes the dependant back anyway. */
function isAmong({ target, file }: Dependant, targets: readonly Target[], back: Back): boolean {
  if (!targets.some((other) => formatTarget(other) === formatTarget(target))) return false
  return 'to' in back ? compareVersions(file.version, back.to) > 0 : file.version === back.only
}

async function stepOf(
  state: FleetState,
  allMigrations: readonly SystemMigrations[],
  target: Target,
  applied: AppliedFile,
): Promise<RevertStep> {
  const migrations = systemOf(allMigrations, target)
  const service = migrationsOf(migrations, target.service)
  const file = service.versioned.find(({ version }) => version === applied.item)
  const problem: HistoryProblem | null =
    file === undefined
      ? { kind: 'missing', applied }
      : file.checksum === applied.checksum
        ? null
        : { kind: 'edited', file, applied }
  if (problem !== null) throw await historyError(state.connection(target), target, service, problem)
  if (file?.down === null || file === undefined) {
    throw new PanalError('PANAL_MIGRATION_DOWN_MISSING', `${labelOf(applied)} has no down part.`, {
      place: { file: file?.path ?? service.folder },
    })
  }
  return { target, migrations, file, number: applied.number }
}

function dependantError({ file, target }: RevertStep, dependant: Dependant): PanalError {
  const by = `${labelOf(dependant.file)} of ${formatTarget(dependant.target)}`
  return new PanalError(
    'PANAL_MIGRATION_DEPENDANT',
    `${labelOf(file)} of ${formatTarget(target)} is required by ${by}.`,
    { place: { file: dependant.file.path, line: dependant.file.requires[0]?.line ?? 1 } },
  )
}

function sortSteps(steps: readonly RevertStep[]): readonly RevertStep[] {
  const rank = ({ migrations, file }: RevertStep): number => migrations.order.indexOf(file)
  return [...steps].sort((a, b) => rank(b) - rank(a))
}
