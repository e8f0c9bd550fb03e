import { Databases } from '../src/control/databases/index.ts'
import { migrateFleet as migrate } from '../src/control/fleet/index.ts'
import { loadMigrations } from '../src/control/migrate/index.ts'
import { resolveConfig, resolveSystem, targetOf } from '../src/model/index.ts'

/** Migrates a system of one service `shop` in a process that a test can kill: URL, system.ts, name. */
const [, , url = '', file = '', name = ''] = process.argv
const system = resolveSystem({ name, services: { shop: {} } }, file)
const named = new URL(url)
named.searchParams.set('application_name', 'panal-killed')
const databases = new Databases(resolveConfig({ systems: [] }, 'panal.config.ts', []), named.href)
await migrate(
  { databases, onProgress: () => {}, signal: new AbortController().signal },
  {
    migrations: [await loadMigrations(system)],
    targets: system.services.map((service) => targetOf(service, null, system.database)),
  },
)
