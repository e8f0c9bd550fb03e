/** Migrations: SQL files of services, read and checked, applied to targets in order, taken back, adopted. */
export { type BaselinedTarget, type BaselineOptions, baseline } from './baseline.ts'
export { checkFiles, checkSqlFile } from './check-file.ts'
export { normalizeText } from './checksum.ts'
export { fileError, type SentSql } from './file-error.ts'
export { type FileTask, ledgerCall, sectionOf } from './file-script.ts'
export { FleetState, readFleet } from './fleet-state.ts'
export {
  loadMigrations,
  migrationsOf,
  readSystemMigrations,
  type SystemMigrations,
} from './load-migrations.ts'
export {
  labelOf,
  type MigrationFile,
  type RepeatableFile,
  type Requirement,
  type Section,
  type ServiceMigrations,
  type VersionedFile,
} from './migration-file.ts'
export { type HistoryProblem, itemOf, type Pending, type PendingOptions, pendingOf } from './pending.ts'
export { knownVersion, type PlannedTarget, planTargets, refuseHistories, systemOf } from './plan-targets.ts'
export { readUtf8, sqlFilesIn } from './read-migrations.ts'
export { recordFiles } from './record-files.ts'
export { checkRequirements } from './requirements.ts'
export { type RollbackOptions, rollback } from './rollback.ts'
export { defaultWaitLimits, type FileOutcome, runFile, type WaitLimits } from './run-file.ts'
export { type FailedTarget, failedTarget, type MigrateResult } from './run-result.ts'
export { runTarget, type TargetOutcome } from './run-target.ts'
export { loadSqlParser } from './sql-parser.ts'
export { type StagePart, stagesOf } from './stages.ts'
export { migrationStatus, type TargetStatus } from './status.ts'
export { unifiedDiff } from './unified-diff.ts'
export { compareVersions } from './version.ts'
