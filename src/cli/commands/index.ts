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
    name: 'status',
    summary: 'show every target with its version and what is pending',
    load: async () => (await import('./status.ts')).status,
  },
  {
    name: 'seed',
    summary: 'fill services and tenants with data to look at',
    load: async () => (await import('./seed.ts')).seed,
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
