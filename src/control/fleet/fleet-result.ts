import type { FailedTarget, MigrateResult } from '../migrate/index.ts'

/** Why a run stopped before its end. */
export interface StopReason {
  readonly reason: 'failures' | 'lock-waits' | 'replica-lag' | 'edited'
  readonly message: string
  readonly details?: readonly string[]
}

/** A target that was not there any more. */
export interface SkippedTarget {
  readonly target: string
  readonly code: string
  readonly message: string
}

export interface WaveResult {
  readonly wave: number
  readonly label: string
  readonly targets: number
  readonly migrated: number
  readonly failed: number
  /** Targets that met a lock. */
  readonly waited: number
  readonly seconds: number
}

/** How many targets of a service stand at a version. */
export interface VersionCount {
  /** `bo-tech/shop`. */
  readonly service: string
  /** As the file is named; null before the first. */
  readonly version: string | null
  readonly targets: number
}

/** What came of a fleet run. */
export interface FleetResult extends MigrateResult {
  readonly failed: readonly FailedTarget[]
  readonly skipped: readonly SkippedTarget[]
  /** Targets that had no turn, since the run stopped or was interrupted. */
  readonly left: number
  readonly waves: readonly WaveResult[]
  readonly stopped: StopReason | null
  /** Where the chosen targets stand now, newest first within a service. */
  readonly versions: readonly VersionCount[]
}
