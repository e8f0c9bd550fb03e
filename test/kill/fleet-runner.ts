import { Databases } from '../../src/control/databases/index.ts'
import { migrateFleet } from '../../src/control/fleet/index.ts'
import { loadMigrations } from '../../src/control/migrate/index.ts'
import { resolveConfig, resolveSystem, serviceOf, targetOf } from '../../src/model/index.ts'

/** Migrates a fleet of fleet-fixture.ts in a process that a test can kill: URL, system.ts, name, tenants. */
const [, , url = '', file = '', name = '', tenants = '0'] = process.argv
const tenancy = {
  kind: 'schema' as const,
  schema: (slug: string) => `${name}_${slug}`,
  login: (slug: string) => `${name}_user_${slug}`,
}
const system = resolveSystem({ name, services: { shop: { tenancy } } }, file)
const targets = Array.from({ length: Number(tenants) }, (_, index) =>
  targetOf(serviceOf(system, 'shop'), `t${index + 1}`, system.database),
)
const say = (report: object): void => void process.stdout.write(`${JSON.stringify(report)}\n`)
const result = await migrateFleet(
  {
    databases: new Databases(resolveConfig({ systems: [] }, 'panal.config.ts', []), url),
    onProgress: (event) => event.kind === 'advance' && say({ done: event.done }),
    signal: new AbortController().signal,
  },
  {
    migrations: [await loadMigrations(system)],
    targets,
    run: `r-${process.pid}`,
    onPlan: () => say({ begun: true }),
  },
)
const { migrated, failed, left } = result
say({ migrated, failed, left })
