/** `panal/control`: the operator's library, what the command line and the API are made of. */
export {
  type ApplyOptions,
  type ApplyResult,
  applyPlatform,
  isConverged,
  type PlatformPlan,
  planPlatform,
  type Selection,
} from './apply/index.ts'
export { type ControlContext, type ProgressEvent, type ProgressListener, silent } from './context/index.ts'
export { Databases } from './databases/index.ts'
export { type DoctorCheck, doctor } from './doctor/index.ts'
export { type ObjectDrift, platformDrift, type TargetDrift } from './drift/index.ts'
export {
  type FleetResult,
  parseShare,
  type Share,
  type SkippedTarget,
  type StopReason,
  type VersionCount,
  type WaveResult,
} from './fleet/index.ts'
export {
  auditLog,
  baselinePlatform,
  type MigratePlatformOptions,
  type MigrationPlan,
  migratePlatform,
  planMigration,
  platformStatus,
  type RollbackPlatformOptions,
  type RunReport,
  rollbackPlatform,
  runPlatformSeeds,
  runReport,
  type SeedOptions,
  type StatusRow,
} from './operations/index.ts'
export { fileSecretProvider, type SecretProvider, secretProviderFor } from './secrets/index.ts'
export {
  type CreateTenantsOptions,
  type CreateTenantsResult,
  createTenants,
  declaredLogins,
  formatEnvironmentFile,
  listTenants,
  roleEnv,
  serviceEnv,
  showTenant,
  type TenantEnvironment,
  type TenantView,
  tenantEnv,
} from './tenants/index.ts'
