/** Plans, applies and looks again: everything below joined into the operations of the product. */
export { type ApplyOptions, type ApplyResult, applyPlatform } from './apply-platform.ts'
export { Approval } from './approval.ts'
export { ensureControl } from './ensure-control.ts'
export { isConverged, type PendingMigrations, type PlatformPlan, planPlatform } from './plan-platform.ts'
export { provisionPlatform } from './provision-platform.ts'
export { buildPlatform, platformFrom, readPlatform, type Selection, targetsOf } from './read-platform.ts'
export { type SeedResult, seedPlatform } from './seed-platform.ts'
