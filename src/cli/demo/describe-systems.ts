import {
  type ControlContext,
  declaredLogins,
  listTenants,
  platformStatus,
  roleEnv,
  serviceEnv,
  tenantEnv,
} from '../../control/index.ts'
import { hasSchemaTenants, type System } from '../../model/index.ts'
import { sql } from '../../postgres/index.ts'

/** One system as it stands. */
export interface DemoSystem {
  readonly system: string
  readonly services: number
  readonly tables: number
  readonly tenants: readonly string[]
  /** How its tenants or services are kept apart, in a phrase. */
  readonly isolation: string
  /** A connection string for every login. */
  readonly logins: readonly { readonly of: string; readonly url: string }[]
}

/** What stands of each system of the configuration, and how to log in. Holds passwords. */
export async function describeSystems(context: ControlContext): Promise<readonly DemoSystem[]> {
  const tenants = await listTenants(context)
  const described: DemoSystem[] = []
  for (const system of context.config.systems) {
    const slugs = tenants.filter((tenant) => tenant.system === system.name).map(({ slug }) => slug)
    described.push({
      system: system.name,
      services: system.services.length,
      tables: await countTables(context, system),
      tenants: slugs,
      isolation: isolationOf(system, slugs),
      logins: await loginsOf(context, system, slugs),
    })
  }
  return described
}

function isolationOf(system: System, slugs: readonly string[]): string {
  if (system.services.some(hasSchemaTenants)) return `schema per tenant: ${slugs.join(', ')}`
  const row = system.services.find(({ tenancy }) => tenancy.kind === 'row')?.tenancy
  return row?.kind === 'row' ? `row tenancy by ${row.key}` : 'schema per service'
}

async function loginsOf(context: ControlContext, system: System, slugs: readonly string[]) {
  const { name, services } = system
  const logins: { of: string; url: string }[] = []
  for (const service of services) {
    if (hasSchemaTenants(service)) {
      for (const slug of slugs) {
        const { DATABASE_URL } = await tenantEnv(context, { system: name, service: service.name, slug })
        logins.push({ of: slug, url: DATABASE_URL })
      }
    } else if (service.tenancy.kind !== 'schema' && service.tenancy.login !== null) {
      const { DATABASE_URL } = await serviceEnv(context, { system: name, service: service.name })
      logins.push({ of: service.name, url: DATABASE_URL })
    }
  }
  for (const role of declaredLogins(system)) {
    const { DATABASE_URL } = await roleEnv(context, { system: name, role })
    logins.push({ of: role, url: DATABASE_URL })
  }
  return logins
}

/** Tables of the system's services; of a schema per tenant, those of one tenant. */
async function countTables(context: ControlContext, { name }: System): Promise<number> {
  const rows = await platformStatus(context, { systems: [name] })
  const first = new Map(rows.map(({ service, database, schema }) => [service, { database, schema }]))
  let tables = 0
  for (const [database, schemas] of Map.groupBy(first.values(), (target) => target.database)) {
    await using connection = await context.databases.open(database)
    const names = schemas.map(({ schema }) => schema)
    const [row] = await connection.query<{ tables: number }>(sql /* SQL */`
      SELECT count(*)::integer AS tables FROM pg_class
      WHERE relkind IN ('r', 'p') AND NOT relispartition
        AND relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY (${names}::text[]))`)
    tables += row?.tables ?? 0
  }
  return tables
}
