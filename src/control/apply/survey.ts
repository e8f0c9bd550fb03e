import { CONTROL_ROLE, type Target } from '../../model/index.ts'
import { type Connection, openConnection } from '../../postgres/index.ts'
import {
  type ClusterFacts,
  granteesOf,
  readClusterFacts,
  readExtensions,
  readRoles,
  readRowFacts,
  readSchemasFacts,
  type SchemasFacts,
} from '../catalog/index.ts'
import type { ControlContext } from '../context/index.ts'
import type { DatabasePlace } from '../databases/index.ts'
import {
  databasesOf,
  joinPlans,
  type Plan,
  type Platform,
  planDatabases,
  planRoles,
  planSchemas,
  RolePlanning,
  type SchemaPlanInput,
  wantedRoles,
} from '../provision/index.ts'
import { hasRegistry, ledgerSystems, lostSchemas } from '../state/index.ts'
import { checkOperator } from './operator.ts'
import { platformOn, type ServerPlaces, serverPlaces } from './server-places.ts'

/** Everything that separates all servers from the model. Changes nothing. */
export async function surveyPlatform(
  context: ControlContext,
  platform: Platform,
  adopt: boolean,
): Promise<Plan> {
  const plans: Plan[] = []
  for (const server of serverPlaces(context.databases, platform)) {
    const here = platformOn(server, platform)
    await using connection = await openConnection(server.maintenanceUrl)
    const cluster = await surveyCluster(context, connection, server, here, adopt)
    plans.push(cluster.plan)
    for (const place of server.places) {
      const systems = here.selected.filter((system) => databasesOf(here, system).includes(place.key))
      if (systems.length === 0) continue
      plans.push(
        cluster.facts.databases.has(place.name)
          ? await surveyDatabase(context, place, here, cluster.facts, adopt)
          : await surveyMissing(connection, place, here, cluster.facts, adopt),
      )
    }
  }
  return joinPlans(plans)
}

/** Roles and databases of one server. */
export async function surveyCluster(
  context: ControlContext,
  connection: Connection,
  server: ServerPlaces,
  platform: Platform,
  adopt: boolean,
): Promise<{ readonly plan: Plan; readonly facts: ClusterFacts }> {
  const facts = await readRolesOf(connection, platform)
  checkOperator(facts)
  const managedBy = await readManagers(context, server.places, facts)
  const planning = new RolePlanning(
    platform.selected.map((system) => system.name),
    facts,
  )
  const plan = joinPlans([
    planRoles(platform, planning, { adopt }),
    planDatabases({ platform, planning, places: server.places, managedBy, adopt }),
  ])
  return { plan, facts }
}

/** What the plan of a platform needs to know of roles: for some tenants, not of all the others. */
export function readRolesOf(connection: Connection, platform: Platform): Promise<ClusterFacts> {
  return readClusterFacts(
    connection,
    wantedRoles(platform).map((role) => role.name),
    { systems: platform.selected.map((system) => system.name), withMarked: platform.whole },
  )
}

async function surveyDatabase(
  context: ControlContext,
  place: DatabasePlace,
  platform: Platform,
  cluster: ClusterFacts,
  adopt: boolean,
): Promise<Plan> {
  await using connection = await openForLooking(context, place, cluster)
  return await planDatabaseSchemas(connection, place, platform, cluster, adopt)
}

/** The schemas of a database that does not stand yet, as they will have to be made. */
async function surveyMissing(
  maintenance: Connection,
  place: DatabasePlace,
  platform: Platform,
  cluster: ClusterFacts,
  adopt: boolean,
): Promise<Plan> {
  const offered = [...(await readExtensions(maintenance)).values()]
  const extensions = new Map(offered.map((facts) => [facts.name, { ...facts, schema: null, version: null }]))
  const schemas = { schemas: new Map(), defaults: [], extensions }
  const facts = { schemas, rows: new Map(), managedBy: null, lost: new Set<string>() }
  return planSchemas(schemaInput(place, platform, cluster, facts, adopt))
}

/** Reads one database and plans its schemas. */
export async function planDatabaseSchemas(
  connection: Connection,
  place: DatabasePlace,
  platform: Platform,
  cluster: ClusterFacts,
  adopt: boolean,
): Promise<Plan> {
  const targets = platform.focus.filter((target) => target.database === place.key)
  const rowSchemas = platform.selected.flatMap((system) =>
    system.services.flatMap(({ tenancy }) => (tenancy.kind === 'row' ? [tenancy.schema] : [])),
  )
  const facts = {
    schemas: await readSchemasFacts(connection, {
      schemas: targets.map((target) => target.schema),
      owners: [...new Set(targets.map((target) => target.owner))],
      withMarked: platform.whole,
    }),
    rows: rowSchemas.length === 0 ? new Map() : await readRowFacts(connection, rowSchemas),
    ...(await readLedgerFacts(connection, platform, cluster, targets)),
  }
  const known = platform.whole ? cluster : await withGrantees(connection, cluster, facts.schemas)
  return planSchemas(schemaInput(place, platform, known, facts, adopt))
}

/** Where only some roles were read, those that have rights on something here are still to be told from strangers. */
async function withGrantees(
  connection: Connection,
  cluster: ClusterFacts,
  schemas: SchemasFacts,
): Promise<ClusterFacts> {
  const missing = granteesOf(schemas).filter((role) => !cluster.roles.has(role))
  if (missing.length === 0) return cluster
  const roles = await readRoles(connection, missing)
  return { ...cluster, roles: new Map([...cluster.roles, ...roles]) }
}

function schemaInput(
  place: DatabasePlace,
  platform: Platform,
  cluster: ClusterFacts,
  facts: Pick<SchemaPlanInput, 'schemas' | 'rows' | 'managedBy' | 'lost'>,
  adopt: boolean,
): SchemaPlanInput {
  return {
    database: { key: place.key, name: place.name },
    cluster,
    declaredRoles: new Set(wantedRoles(platform).map((role) => role.name)),
    ...facts,
    systems: platform.selected.filter((system) => databasesOf(platform, system).includes(place.key)),
    targets: platform.focus.filter((target) => target.database === place.key),
    knownSchemas: new Set(
      platform.targets.filter((target) => target.database === place.key).map((target) => target.schema),
    ),
    adopt,
    orphans: platform.whole,
  }
}

/** The catalog is everybody's to read; the ledger is the control role's, once there is one. */
function openForLooking(
  context: ControlContext,
  place: DatabasePlace,
  cluster: ClusterFacts,
): Promise<Connection> {
  if (!cluster.roles.has(CONTROL_ROLE)) return openConnection(place.url)
  return place.key === 'control' ? context.databases.openControl() : context.databases.open(place.key)
}

/** The ledger is the control role's, once there is one. */
async function readLedgerFacts(
  connection: Connection,
  platform: Platform,
  { operator, roles }: ClusterFacts,
  targets: readonly Target[],
): Promise<Pick<SchemaPlanInput, 'managedBy' | 'lost'>> {
  const mayLook = roles.has(CONTROL_ROLE) && (operator.mayControl || operator.superuser)
  if (!mayLook) return { managedBy: null, lost: new Set() }
  const managedBy = await ledgerSystems(connection)
  if (managedBy.length === 0) return { managedBy, lost: new Set() }
  const schemas = platform.whole ? null : targets.map((target) => target.schema)
  return { managedBy, lost: await lostSchemas(connection, schemas) }
}

/** Which systems manage each database that stands; null: Panal never was there. */
async function readManagers(
  context: ControlContext,
  places: readonly DatabasePlace[],
  facts: ClusterFacts,
): Promise<ReadonlyMap<string, readonly string[] | null>> {
  const managers = new Map<string, readonly string[] | null>()
  for (const place of places) {
    const standing = facts.databases.get(place.name)
    if (standing === undefined || !facts.roles.has(CONTROL_ROLE)) continue
    // One that the control role owns is ours without looking inside.
    if (standing.owner === CONTROL_ROLE) managers.set(place.key, [])
    else managers.set(place.key, await readManagersInside(context, place, facts))
  }
  return managers
}

async function readManagersInside(
  context: ControlContext,
  place: DatabasePlace,
  facts: ClusterFacts,
): Promise<readonly string[] | null> {
  await using connection = await openForLooking(context, place, facts)
  if (place.key === 'control') return (await hasRegistry(connection)) ? [] : null
  const systems = await ledgerSystems(connection)
  return systems.length === 0 ? null : systems
}
