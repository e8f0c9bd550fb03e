/** Drift: what stands in a target's schema against what its migrations make. */
export type { ObjectDrift } from './compare-shapes.ts'
export { platformDrift, type TargetDrift } from './platform-drift.ts'
