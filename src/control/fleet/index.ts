/** The fleet engine: pending files applied to any number of targets, in waves, by lanes of connections. */
export type { FleetOptions } from './fleet-options.ts'
export type { FleetResult, SkippedTarget, StopReason, VersionCount, WaveResult } from './fleet-result.ts'
export type { AssignedWave, FleetScope } from './fleet-scope.ts'
export { migrateFleet } from './migrate-fleet.ts'
export { type FleetPlan, planFleet } from './plan-fleet.ts'
export type { Wave } from './plan-waves.ts'
export { RunRecorder } from './run-recorder.ts'
export { formatShare, parseShare, type Share, shareOf } from './share.ts'
