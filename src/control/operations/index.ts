/** Operations on provisioned targets, each recorded as a run: what the command line and the API call. */
export { auditLog } from './audit-log.ts'
export { baselinePlatform } from './baseline-platform.ts'
export { type MigratePlatformOptions, migratePlatform } from './migrate-platform.ts'
export { platformStatus, type StatusRow } from './platform-status.ts'
export { type RollbackPlatformOptions, rollbackPlatform } from './rollback-platform.ts'
export { runPlatformSeeds, type SeedOptions } from './run-platform-seeds.ts'
