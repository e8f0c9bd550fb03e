import { type FleetOptions, type FleetResult, migrateFleet } from '../src/control/fleet/index.ts'
import { sql } from '../src/postgres/index.ts'
import type { TestServerOptions } from './harness/servers.ts'
import { type MigrateFixture, startMigrateFixture, type TestSystem } from './migrate-fixture.ts'

/** A fleet of small tenants: `<name>_t1`, `<name>_t2`, … each with a table `orders`. */
export interface TestFleet extends TestSystem {
  readonly name: string
  migrate(options?: Partial<FleetOptions>): Promise<FleetResult>
  schema(tenant: number): string
}

/** What each migration of a test appends to, so that effects are counted apart from the ledger. */
export const EFFECTS = 'extensions.effects'

/** Appends the name of the schema that a file runs in. */
export const APPEND_EFFECT = `INSERT INTO ${EFFECTS} (schema) SELECT current_schema();`

export async function startFleetFixture(kind: TestServerOptions): Promise<MigrateFixture> {
  return await startMigrateFixture(kind)
}

export async function makeFleet(fixture: MigrateFixture, name: string, tenants: number): Promise<TestFleet> {
  const tenancy = {
    kind: 'schema' as const,
    schema: (slug: string) => `${name}_${slug}`,
    login: (slug: string) => `${name}_user_${slug}`,
  }
  const slugs = Array.from({ length: tenants }, (_, index) => `t${index + 1}`)
  const system = await fixture.system({ name, services: { shop: { tenancy } } }, slugs)
  await system.superuser.script(`
    CREATE TABLE ${EFFECTS} (id bigint GENERATED ALWAYS AS IDENTITY, schema text, at timestamptz DEFAULT clock_timestamp());
    GRANT USAGE ON SCHEMA extensions TO PUBLIC;
    GRANT INSERT ON ${EFFECTS} TO PUBLIC`)
  await system.write({
    'shop/migrations/001_orders.sql': 'CREATE TABLE orders (id int PRIMARY KEY, channel text);',
  })
  const fleet: TestFleet = {
    ...system,
    name,
    schema: (tenant) => `${name}_t${tenant}`,
    migrate: async (options = {}) =>
      await migrateFleet(fixture.context, {
        migrations: await system.load(),
        targets: system.targets,
        run: 'r-1',
        ...options,
      }),
  }
  await fleet.migrate()
  return fleet
}

/** How often each schema's file had its effect, worst first. */
export async function effects(
  fleet: TestSystem,
): Promise<{ readonly schemas: number; readonly most: number }> {
  const [row] = await fleet.superuser.query<{ schemas: number; most: number }>(sql`
    SELECT count(*)::int AS schemas, coalesce(max(times), 0)::int AS most
    FROM (SELECT schema, count(*) AS times FROM extensions.effects GROUP BY schema) AS each`)
  return row ?? { schemas: 0, most: 0 }
}
