/** Facts → plan → apply, for roles, databases, schemas, extensions and privileges. */

export { controlRoleSteps } from './bootstrap-steps.ts'
export { type ExecuteOptions, executeSteps, executeTogether } from './execute-steps.ts'
export {
  emptyPlan,
  isEmpty,
  joinPlans,
  type Orphan,
  type Plan,
  type PlanProblem,
  SUPERUSER,
  type Unmarked,
  type UnreachableStep,
} from './plan.ts'
export { planDatabases } from './plan-databases.ts'
export { planRoles } from './plan-roles.ts'
export { planSchemas } from './plan-schemas.ts'
export { databasesOf, type Platform } from './platform.ts'
export { RolePlanning } from './role-planning.ts'
export type { SchemaPlanInput } from './schema-planning.ts'
export { type Asks, PHASES, type Phase, type PlanStep, passwordPlaceholder } from './step.ts'
export type { VerifierOf } from './verifiers.ts'
export { type WantedRole, wantedRoles } from './wanted-roles.ts'
