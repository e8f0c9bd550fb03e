import { formatTarget, type System, type Target } from '../../model/index.ts'
import { accessAfterFile } from '../access/index.ts'
import type { ProgressListener } from '../context/index.ts'
import { type AppliedDuration, recordDurations } from '../state/index.ts'
import type { FileTask } from './file-script.ts'
import type { FleetState } from './fleet-state.ts'
import { itemOf } from './pending.ts'
import type { WaitLimits } from './run-file.ts'
import { type FailedTarget, failedTarget, type MigrateResult } from './run-result.ts'
import { runTarget } from './run-target.ts'

/** Durations are written down in portions of so many files. */
const DURATIONS_AT_ONCE = 500

/** Whatever counts and reports while files run on targets, one after the other. */
export class TargetRuns {
  readonly #state: FleetState
  readonly #limits: WaitLimits
  readonly #onProgress: ProgressListener
  readonly #failed = new Map<string, FailedTarget>()
  readonly #worked = new Set<string>()
  readonly #durations = new Map<string, AppliedDuration[]>()
  readonly #began = performance.now()
  #files = 0
  #interrupted = false

  constructor(state: FleetState, limits: WaitLimits, onProgress: ProgressListener) {
    this.#state = state
    this.#limits = limits
    this.#onProgress = onProgress
  }

  get interrupted(): boolean {
    this.#interrupted ||= this.#limits.signal?.aborted === true
    return this.#interrupted
  }

  hasFailed(target: Target): boolean {
    return this.#failed.has(formatTarget(target))
  }

  /** Notes a failure before anything of the file was sent. */
  fail(target: Target, task: Pick<FileTask, 'file'>, error: unknown): void {
    const failed = failedTarget(target, task.file, error)
    this.#failed.set(failed.target, failed)
    this.#onProgress({ kind: 'failure', line: `${failed.target}  ${failed.code}  ${failed.message}` })
  }

  /**
   * Runs files of one target unless it has failed or the run was interrupted.
   * @throws PANAL_CONNECTION_LOST
   */
  async run(system: System, target: Target, tasks: readonly FileTask[]): Promise<void> {
    if (tasks.length === 0 || this.interrupted || this.hasFailed(target)) return
    const connection = this.#state.connection(target)
    const { done, failure } = await runTarget(
      connection,
      tasks,
      accessAfterFile(system, target),
      this.#limits,
    )
    for (const { task, durationMs } of done) {
      this.#state.note(target, itemOf(task.file), task.direction === 'up')
      if (durationMs !== null) this.#files += 1
      if (durationMs !== null && task.direction === 'up')
        this.#noteDuration(target, itemOf(task.file), durationMs)
    }
    // Every later target of this database would fail the same way; the ledger knows what was done.
    if (failure !== null && connection.lost) throw failure.error
    if (failure === null) this.#worked.add(formatTarget(target))
    else if (!this.interrupted) this.fail(target, failure.task, failure.error)
    this.#onProgress({
      kind: 'advance',
      done: this.#worked.size + this.#failed.size,
      failed: this.#failed.size,
    })
    await this.#flush(DURATIONS_AT_ONCE)
  }

  /** Writes down what is left and counts. */
  async finish(run: string | null, targets: number): Promise<MigrateResult> {
    await this.#flush(1)
    this.#onProgress({ kind: 'end' })
    const seconds = (performance.now() - this.#began) / 1000
    const failed = [...this.#failed.values()]
    const migrated = [...this.#worked].filter((key) => !this.#failed.has(key)).length
    return {
      run,
      targets,
      upToDate: this.interrupted ? 0 : targets - migrated - failed.length,
      migrated,
      files: this.#files,
      failed,
      interrupted: this.interrupted,
      seconds,
      targetsPerSecond: targets / Math.max(seconds, 0.001),
    }
  }

  #noteDuration(target: Target, item: string, durationMs: number): void {
    const list = this.#durations.get(target.database) ?? []
    list.push({ target, item, durationMs })
    this.#durations.set(target.database, list)
  }

  async #flush(atLeast: number): Promise<void> {
    for (const [database, list] of this.#durations) {
      const connection = this.#state.connections.get(database)
      // Lost with its connection: what is applied stands in the ledger, only its milliseconds do not.
      if (list.length < atLeast || connection === undefined || connection.lost) continue
      await recordDurations(connection, list)
      this.#durations.set(database, [])
    }
  }
}
