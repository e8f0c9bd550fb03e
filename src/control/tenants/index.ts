/** Tenants: made, listed, shown, and what their backends and services need to log in. */
export { type CreateTenantsOptions, type CreateTenantsResult, createTenants } from './create-tenants.ts'
export { formatEnvironmentFile } from './environment-file.ts'
export { type ListTenantsOptions, listTenants, showTenant } from './list-tenants.ts'
export type { TenantFailure } from './provision-tenants.ts'
export { declaredLogins, type RoleEnvironment, roleEnv } from './role-env.ts'
export { type ServiceEnvironment, type ServiceEnvOptions, serviceEnv } from './service-env.ts'
export { type TenantEnvironment, type TenantEnvOptions, tenantEnv } from './tenant-env.ts'
export type { TenantTarget, TenantView } from './tenant-view.ts'
