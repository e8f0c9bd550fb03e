import type { CommandEntry } from '../framework/index.ts'

/** Every command, in the order of the help. A file is read when its command is called, not before. */
export const commandTable: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'write a configuration and one small system that runs',
    load: async () => (await import('./init.ts')).init,
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
