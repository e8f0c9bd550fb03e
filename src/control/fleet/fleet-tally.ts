import { basename } from 'node:path'
import { formatPlace, formatTarget, PanalError, type Target } from '../../model/index.ts'
import type { Connection } from '../../postgres/index.ts'
import type { ProgressListener } from '../context/index.ts'
import {
  compareVersions,
  type FailedTarget,
  type FileOutcome,
  type FleetState,
  failedTarget,
  itemOf,
  labelOf,
  type MigrationFile,
  type PlannedTarget,
} from '../migrate/index.ts'
import type { RunTargetFailure } from '../state/index.ts'
import type { FleetOptions } from './fleet-options.ts'
import type { FleetResult, SkippedTarget, StopReason, VersionCount, WaveResult } from './fleet-result.ts'
import type { Wave } from './plan-waves.ts'
import { replicaLagMs } from './replica-lag.ts'
import { formatShare, shareOf } from './share.ts'

/** How one target fares. */
interface Course {
  readonly planned: PlannedTarget
  /** Files still to be done. */
  left: number
  /** Files done by this run. */
  files: number
  durationMs: number
  head: { readonly item: string; readonly name: string } | null
  outcome: 'open' | 'done' | 'failed' | 'skipped'
  waited: boolean
}

interface WaveUnderWay {
  readonly wave: Wave
  readonly beganMs: number
  closed: number
  failed: number
  waited: number
}

/** Counts, reports and judges while a fleet is under way: the one place that knows how the run stands. */
export class FleetTally {
  readonly #state: FleetState
  readonly #options: Pick<FleetOptions, 'maxFailures' | 'maxLockWaits' | 'recorder'>
  readonly #onProgress: ProgressListener
  readonly #courses = new Map<string, Course>()
  readonly #failed: FailedTarget[] = []
  readonly #skipped: SkippedTarget[] = []
  readonly #waves: WaveResult[] = []
  #wave: WaveUnderWay | null = null
  #stopped: StopReason | null = null

  constructor(
    state: FleetState,
    options: Pick<FleetOptions, 'maxFailures' | 'maxLockWaits' | 'recorder'>,
    onProgress: ProgressListener,
  ) {
    this.#state = state
    this.#options = options
    this.#onProgress = onProgress
  }

  get stopped(): StopReason | null {
    return this.#stopped
  }

  get hasFailures(): boolean {
    return this.#failed.length > 0
  }

  beginWave(wave: Wave, label: string): void {
    this.#wave = { wave, beganMs: performance.now(), closed: 0, failed: 0, waited: 0 }
    for (const planned of wave.planned) {
      const { pending, target } = planned
      const left = pending.versioned.length + pending.repeatable.length
      const start = {
        planned,
        left,
        files: 0,
        durationMs: 0,
        head: pending.head,
        outcome: 'open',
        waited: false,
      }
      this.#courses.set(formatTarget(target), start as Course)
    }
    this.#onProgress({ kind: 'begin', label, total: wave.planned.length })
  }

  endWave(): void {
    if (this.#wave === null) return
    const { wave, beganMs } = this.#wave
    const courses = this.#coursesOf(wave)
    const count = (outcome: Course['outcome']): number =>
      courses.filter((course) => course.outcome === outcome).length
    this.#waves.push({
      wave: wave.number,
      label: wave.label,
      targets: courses.length,
      migrated: count('done'),
      failed: count('failed'),
      waited: courses.filter(({ waited }) => waited).length,
      seconds: (performance.now() - beganMs) / 1_000,
    })
    this.#onProgress({ kind: 'end' })
  }

  stop(reason: StopReason): void {
    this.#stopped ??= reason
  }

  /** Whether a target still takes part. */
  isOpen(target: Target): boolean {
    return this.#courses.get(formatTarget(target))?.outcome === 'open'
  }

  hasFailed(target: Target): boolean {
    return this.#courses.get(formatTarget(target))?.outcome === 'failed'
  }

  applied({ task: { target, file }, durationMs }: FileOutcome): void {
    this.#state.note(target, itemOf(file), true)
    const course = this.#courses.get(formatTarget(target))
    if (course === undefined) return
    course.left -= 1
    if (durationMs !== null) {
      course.files += 1
      course.durationMs += durationMs
    }
    if (file.kind === 'versioned') {
      const isNewer = course.head === null || compareVersions(file.version, course.head.item) > 0
      if (isNewer) course.head = { item: file.version, name: file.name }
    }
    if (course.left === 0) this.#close(course, 'done', null)
  }

  fail(target: Target, file: MigrationFile, error: unknown): void {
    const course = this.#courses.get(formatTarget(target))
    const failed = failedTarget(target, file, error)
    this.#failed.push(failed)
    this.#onProgress({ kind: 'failure', line: failureLine(failed) })
    if (course === undefined) return
    this.#close(course, 'failed', recordOf(failed))
    this.#judgeFailures()
  }

  skip(target: Target, error: PanalError): void {
    const skipped = { target: formatTarget(target), code: error.code, message: error.message }
    this.#skipped.push(skipped)
    this.#onProgress({ kind: 'note', line: `skipped ${skipped.target}: ${skipped.message}` })
    const course = this.#courses.get(skipped.target)
    const failure = { code: error.code, message: error.message, migration: '' }
    if (course !== undefined) this.#close(course, 'skipped', failure)
  }

  waits(target: Target): void {
    const course = this.#courses.get(formatTarget(target))
    if (course === undefined || course.waited) return
    course.waited = true
    if (this.#wave === null) return
    this.#wave.waited += 1
    const { waited, wave } = this.#wave
    const { maxLockWaits } = this.#options
    if (maxLockWaits === undefined || waited <= shareOf(maxLockWaits, wave.planned.length)) return
    const message = `${waited} of the ${wave.planned.length} targets of wave ${wave.number} met a lock; the limit is ${formatShare(maxLockWaits)}.`
    this.stop({ reason: 'lock-waits', message })
  }

  /** Stops the run when a replica is too far behind. @param maxLagMs 0: no limit */
  async judgeReplicas(connection: Connection, maxLagMs: number): Promise<void> {
    const lagMs = maxLagMs === 0 ? null : await replicaLagMs(connection)
    if (lagMs === null || lagMs <= maxLagMs) return
    const message = `A replica is ${Math.round(lagMs)} ms behind; the limit is ${maxLagMs} ms.`
    this.stop({ reason: 'replica-lag', message })
  }

  result(
    run: string | null,
    chosen: readonly PlannedTarget[],
    seconds: number,
    interrupted: boolean,
  ): FleetResult {
    const courses = [...this.#courses.values()]
    const done = courses.filter(({ outcome }) => outcome === 'done')
    const migrated = done.filter(({ files }) => files > 0).length
    const waiting = chosen.filter(
      ({ pending, target }) =>
        pending.versioned.length + pending.repeatable.length > 0 &&
        (this.#courses.get(formatTarget(target))?.outcome ?? 'open') === 'open',
    )
    const worked = courses.filter(({ outcome }) => outcome !== 'open').length
    return {
      run,
      targets: chosen.length,
      upToDate: chosen.length - migrated - this.#failed.length - this.#skipped.length - waiting.length,
      migrated,
      files: courses.reduce((sum, { files }) => sum + files, 0),
      failed: this.#failed,
      skipped: this.#skipped,
      left: waiting.length,
      interrupted,
      stopped: this.#stopped,
      waves: this.#waves,
      versions: this.#versions(chosen),
      seconds,
      targetsPerSecond: (worked === 0 ? chosen.length : worked) / Math.max(seconds, 0.001),
    }
  }

  #judgeFailures(): void {
    const { maxFailures } = this.#options
    if (maxFailures === undefined || this.#wave === null) return
    const whole = this.#wave.wave.planned.length
    const failed = 'count' in maxFailures ? this.#failed.length : this.#wave.failed
    const limit = 'count' in maxFailures ? maxFailures.count : (maxFailures.percent / 100) * whole
    if (failed <= limit) return
    const message = `${failed} ${failed === 1 ? 'target' : 'targets'} failed; the limit is ${formatShare(maxFailures)}.`
    this.stop({ reason: 'failures', message })
  }

  #coursesOf(wave: Wave): readonly Course[] {
    return wave.planned.flatMap(({ target }) => this.#courses.get(formatTarget(target)) ?? [])
  }

  #close(course: Course, outcome: 'done' | 'failed' | 'skipped', failure: RunTargetFailure | null): void {
    course.outcome = outcome
    const { database, schema } = course.planned.target
    const { durationMs, files } = course
    this.#options.recorder?.note({ database, schema, status: outcome, durationMs, files, failure })
    if (this.#wave === null) return
    this.#wave.closed += 1
    if (outcome === 'failed') this.#wave.failed += 1
    this.#onProgress({ kind: 'advance', done: this.#wave.closed, failed: this.#wave.failed })
  }

  #versions(chosen: readonly PlannedTarget[]): readonly VersionCount[] {
    const counts = new Map<string, { service: string; head: Course['head']; targets: number }>()
    for (const { target, pending } of chosen) {
      const course = this.#courses.get(formatTarget(target))
      if (course?.outcome === 'skipped') continue
      const head = course === undefined ? pending.head : course.head
      const service = `${target.system}/${target.service}`
      const key = `${service} ${head?.item ?? ''}`
      const count = counts.get(key) ?? { service, head, targets: 0 }
      counts.set(key, { ...count, targets: count.targets + 1 })
    }
    return [...counts.values()]
      .sort((a, b) =>
        a.service === b.service
          ? compareVersions(b.head?.item ?? '', a.head?.item ?? '')
          : a.service.localeCompare(b.service),
      )
      .map(({ service, head, targets }) => ({
        service,
        version: head === null ? null : labelOf(head),
        targets,
      }))
  }
}

function failureLine(failed: FailedTarget): string {
  const { target, code, sqlState, place } = failed
  const where = place === undefined ? '' : `   ${formatPlace({ ...place, file: basename(place.file) })}`
  return `${target}   ${sqlState ?? code}   ${saidOf(failed)}${where}`
}

/** The message without the file and target that it begins with, where these stand beside it. */
function saidOf({ message, migration, target }: FailedTarget): string {
  const subject = `${migration} on ${target}: `
  return message.startsWith(subject) ? message.slice(subject.length) : message
}

function recordOf(failed: FailedTarget): RunTargetFailure {
  const { code, migration, sqlState, place } = failed
  return {
    code,
    message: saidOf(failed),
    migration,
    ...(sqlState === undefined ? {} : { sqlState }),
    ...(place === undefined ? {} : { place: formatPlace({ ...place, file: basename(place.file) }) }),
  }
}

/** A schema that is gone is skipped, and named. */
export function lostError(target: Target): PanalError {
  const message = `The schema "${target.schema}" is not in database ${target.database} any more.`
  return new PanalError('PANAL_TARGET_LOST', message)
}
