/** Migrations: SQL files of services, read and checked, applied to targets in order, taken back, adopted. */
export { type BaselinedTarget, type BaselineOptions, baseline } from './baseline.ts'
export { checkSqlFile } from './check-file.ts'
export { normalizeText } from './checksum.ts'
export { fileError, type SentSql } from './file-error.ts'
export type { FileTask } from './file-script.ts'
export { readFleet } from './fleet-state.ts'
export { loadMigrations, migrationsOf, type SystemMigrations } from './load-migrations.ts'
export { type MigrateOptions, migrate } from './migrate.ts'
export {
  labelOf,
  type MigrationFile,
  type RepeatableFile,
  type Requirement,
  type ServiceMigrations,
  type VersionedFile,
} from './migration-file.ts'
export { type HistoryProblem, type Pending, type PendingOptions, pendingOf } from './pending.ts'
export { readUtf8, sqlFilesIn } from './read-migrations.ts'
export { type RollbackOptions, rollback } from './rollback.ts'
export { defaultWaitLimits, type FileOutcome, runFile, type WaitLimits } from './run-file.ts'
export type { FailedTarget, MigrateResult } from './run-result.ts'
export { runTarget, type TargetOutcome } from './run-target.ts'
export { migrationStatus, type TargetStatus } from './status.ts'
