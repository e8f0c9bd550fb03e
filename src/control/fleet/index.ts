/** The fleet engine: pending files applied to any number of targets, in waves, by lanes of connections. */
export type { AssignedWave, FleetOptions, FleetScope } from './fleet-options.ts'
export type { FleetResult, SkippedTarget, StopReason, VersionCount, WaveResult } from './fleet-result.ts'
export { type FleetPlan, migrateFleet, planFleet } from './migrate-fleet.ts'
export type { Wave } from './plan-waves.ts'
export { RunRecorder } from './run-recorder.ts'
export { formatShare, parseShare, type Share, shareOf } from './share.ts'
