/** `panal`: how a system and its places are described, and the registry of errors. Pure, runs anywhere. */
export { type Config, placementOf } from './config.ts'
export { defineConfig } from './define-config.ts'
export { defineSystem } from './define-system.ts'
export type * from './definition.ts'
export {
  type ErrorCode,
  type ErrorContext,
  type ErrorEntry,
  errorRegistry,
  formatPlace,
  PanalError,
  type Place,
} from './errors.ts'
export { identifierProblem, MAX_IDENTIFIER_BYTES, slugProblem, systemNameProblem } from './identifier.ts'
export { nearest } from './nearest.ts'
export type { Problem } from './problem.ts'
export { DEFAULT_ENVIRONMENT, resolveConfig } from './resolve-config.ts'
export { resolveSystem } from './resolve-system.ts'
export {
  CONTROL_ROLE,
  connectRole,
  creatorRole,
  defaultLogin,
  EXTENSIONS_SCHEMA,
  ownerRole,
  PANAL_SCHEMA,
  runtimeRole,
  tenantsRole,
} from './role-names.ts'
export {
  type Access,
  type DeclaredRole,
  type Extension,
  hasSchemaTenants,
  type Limits,
  type NoTenancy,
  type RowTenancy,
  type SchemaTenancy,
  type Service,
  type System,
  serviceOf,
  type Tenancy,
} from './system.ts'
export { namedRoles, reservedRoles } from './system-roles.ts'
export { formatTarget, schemaOf, searchPathOf, type Target, targetOf } from './target.ts'
