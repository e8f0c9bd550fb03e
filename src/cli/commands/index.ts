import type { CommandEntry } from '../framework/index.ts'

/** Every command, in the order of the help. A file is read when its command is called, not before. */
export const commandTable: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'write a configuration and one small system that runs',
    load: async () => (await import('./init.ts')).init,
  },
  {
    name: 'plan',
    summary: 'show what apply would do',
    load: async () => (await import('./plan.ts')).plan,
  },
  {
    name: 'apply',
    summary: 'bring the server to the model: roles, schemas, rights, migrations',
    load: async () => (await import('./apply.ts')).apply,
  },
  {
    name: 'migrate',
    summary: 'apply the pending migrations of services and tenants',
    load: async () => (await import('./migrate.ts')).migrate,
  },
  {
    name: 'rollback',
    summary: 'run the down parts of migrations',
    load: async () => (await import('./rollback.ts')).rollback,
  },
  {
    name: 'status',
    summary: 'show every target with its version and what is pending',
    load: async () => (await import('./status.ts')).status,
  },
  {
    name: 'baseline',
    summary: 'record migrations as applied to schemas that hold them already',
    load: async () => (await import('./baseline.ts')).baseline,
  },
  {
    name: 'tenant create',
    summary: 'make tenants: schemas, logins, tables',
    load: async () => (await import('./tenant-create.ts')).tenantCreate,
  },
  {
    name: 'tenant list',
    summary: 'list tenants with their version and size',
    load: async () => (await import('./tenant-list.ts')).tenantList,
  },
  {
    name: 'tenant show',
    summary: 'show one tenant',
    load: async () => (await import('./tenant-show.ts')).tenantShow,
  },
  {
    name: 'tenant env',
    summary: "print the .env of a tenant's backend",
    load: async () => (await import('./tenant-env.ts')).tenantEnv,
  },
  {
    name: 'env',
    summary: 'print the .env of a service',
    load: async () => (await import('./env.ts')).env,
  },
  {
    name: 'seed',
    summary: 'fill services and tenants with data to look at',
    load: async () => (await import('./seed.ts')).seed,
  },
  {
    name: 'runs',
    summary: 'list what was executed',
    load: async () => (await import('./runs.ts')).runs,
  },
  {
    name: 'runs show',
    summary: 'show one run and what failed in it',
    load: async () => (await import('./runs-show.ts')).runsShow,
  },
  {
    name: 'audit',
    summary: 'list what was done to the platform, and by whom',
    load: async () => (await import('./audit.ts')).audit,
  },
  {
    name: 'doctor',
    summary: 'say what stands in the way of working with the servers',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'demo',
    summary: 'stand up the systems that ship with Panal, on an embedded PostgreSQL',
    load: async () => (await import('./demo.ts')).demo,
  },
  {
    name: 'db start',
    summary: 'start the embedded PostgreSQL, or find it running',
    load: async () => (await import('./db-start.ts')).dbStart,
  },
  {
    name: 'db stop',
    summary: 'stop the embedded PostgreSQL',
    load: async () => (await import('./db-stop.ts')).dbStop,
  },
  {
    name: 'db status',
    summary: 'say whether the embedded PostgreSQL runs, and where',
    load: async () => (await import('./db-status.ts')).dbStatus,
  },
]
