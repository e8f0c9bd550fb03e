/** The registry: what exists, where it lives, what was done. The ledger: what is applied where. */
export {
  type AuditEntry,
  type AuditEvent,
  type AuditFilter,
  appendAudit,
  listAudit,
} from './audit-entries.ts'
export { ensureRegistry } from './ensure-registry.ts'
export { type Collision, findCollisions } from './ledger-collisions.ts'
export { ensureLedger, readLedgerFormat } from './ledger-ensure.ts'
export {
  type AppliedDuration,
  applyCall,
  countApplied,
  insertBaseline,
  isApplied,
  type LedgerEntry,
  recordDurations,
  revertCall,
  targetLock,
} from './ledger-entries.ts'
export {
  type LedgerFile,
  type LedgerFileText,
  ledgerFileKey,
  ledgerFileText,
  recordLedgerFiles,
} from './ledger-files.ts'
export { LEDGER_LOCKED, LEDGER_UNCHANGED } from './ledger-format.ts'
export { lockLedgerTarget, renameLedgerTarget } from './ledger-rename.ts'
export {
  type AppliedFile,
  emptyLedger,
  type LedgerState,
  type LedgerTarget,
  readLedger,
} from './ledger-state.ts'
export {
  type Direction,
  finishStatements,
  readProgress,
  recordBegun,
  recordDone,
  type StatementFile,
  type StatementProgress,
} from './ledger-statements.ts'
export { addLedgerSystem, ledgerSystems } from './ledger-systems.ts'
export { forgetSchema, lostSchemas } from './lost-schemas.ts'
export { masterKeyOf } from './master-key.ts'
export { openRegistry, requireRegistry } from './open-registry.ts'
export { hasRegistry } from './read-registry-format.ts'
export {
  advanceRotation,
  FIRST_ROTATION,
  type RotationPurpose,
  rotationsOf,
  secretKeySubject,
} from './rotations.ts'
export { Run } from './run.ts'
export { findRun, listRuns, type RunOutcome, type RunRecord, type RunStatus } from './run-records.ts'
export {
  countRunTargets,
  type FinishedRunTarget,
  finishRunTargets,
  insertRunTargets,
  type LastFailure,
  lastFailures,
  listRunTargets,
  type PlannedRunTarget,
  type RunTarget,
  type RunTargetFailure,
  type RunTargetStatus,
  type WaveCount,
} from './run-targets.ts'
export { findShapes, recordShapes, type ShapeRecord } from './shape-records.ts'
export { deleteTenantRecord, lockSpareTenant } from './spare-records.ts'
export { listSystems, lockSystem, recordSystems, type SystemRecord } from './system-records.ts'
export {
  listTargetRecords,
  recordTargets,
  setTargetStatus,
  type TargetKey,
  type TargetRecord,
  type TargetStatus,
  targetsInTheWay,
} from './target-records.ts'
export type { TenantMetadata } from './tenant-metadata.ts'
export {
  insertTenantRecords,
  listTenantRecords,
  setTenantStatus,
  type TenantRecord,
  type TenantStatus,
  updateTenantMetadata,
} from './tenant-records.ts'
