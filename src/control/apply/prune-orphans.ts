import { CONTROL_ROLE } from '../../model/index.ts'
import { type Connection, ident, openConnection, sql } from '../../postgres/index.ts'
import { readClusterFacts, systemOfMarker } from '../catalog/index.ts'
import type { ControlContext } from '../context/index.ts'
import type { DatabasePlace } from '../databases/index.ts'
import { executeSteps, type Orphan, type PlanStep, type Platform } from '../provision/index.ts'
import { appendAudit } from '../state/index.ts'
import { type ServerPlaces, serverPlaces } from './server-places.ts'

/**
 * Drops what left the model, each object only when `agree` says so: schemas first, since roles own
 * them. A role that still owns something stays, with a note: nobody agreed to lose that.
 *
 * @param platform the systems that the orphans belonged to, and the servers to look on
 * @returns what was dropped
 * @throws PANAL_STEP_FAILED when the server refuses; what was dropped before stays dropped
 */
export async function pruneOrphans(
  context: ControlContext,
  control: Connection,
  platform: Platform,
  orphans: readonly Orphan[],
  agree: (orphan: Orphan) => Promise<boolean>,
): Promise<readonly Orphan[]> {
  const pruned: Orphan[] = []
  const ordered = [...orphans].sort((a, b) => Number(a.kind === 'role') - Number(b.kind === 'role'))
  for (const orphan of ordered) {
    if (!(await agree(orphan))) continue
    const dropped =
      orphan.kind === 'schema'
        ? await dropSchema(context, orphan)
        : await dropRole(context, serverPlaces(context.databases, platform), orphan)
    if (!dropped) continue
    await appendAudit(control, [{ action: `${orphan.kind}.drop`, subject: `${orphan.kind} ${orphan.name}` }])
    pruned.push(orphan)
  }
  return pruned
}

/** The control role inherits from every owner, and owner of the schema is who may drop it. */
async function dropSchema(context: ControlContext, orphan: Orphan): Promise<boolean> {
  await using connection = await context.databases.open(orphan.database!)
  const text = sql`DROP SCHEMA ${ident(orphan.name)} CASCADE`.statement
  await run(context, connection, orphan, CONTROL_ROLE, text)
  return true
}

/** On every server where it stands with the system's mark. */
async function dropRole(
  context: ControlContext,
  servers: readonly ServerPlaces[],
  orphan: Orphan,
): Promise<boolean> {
  let dropped = false
  for (const server of servers) {
    await using connection = await openConnection(server.maintenanceUrl)
    const facts = await readClusterFacts(connection, [orphan.name], { withMarked: false })
    if (systemOfMarker(facts.roles.get(orphan.name)?.comment ?? null) !== orphan.system) continue
    const owned = await databasesOwnedIn(connection, orphan.name)
    if (owned.length > 0) {
      const where = owned.join(', ')
      context.onProgress({ kind: 'note', line: `role ${orphan.name} stays: it owns objects in ${where}` })
      continue
    }
    const rows = facts.memberships.filter((row) => row.role === orphan.name)
    const { superuser } = facts.operator
    if (superuser || rows.some((row) => row.member === CONTROL_ROLE && row.set)) {
      const standing = server.places.filter((place) => facts.databases.has(place.name))
      await dropOwned(context, standing, orphan)
    }
    const administrator = rows.find((row) => row.admin)?.member ?? null
    const as = facts.serverMajor < 16 ? CONTROL_ROLE : administrator
    const text = sql`DROP ROLE ${ident(orphan.name)}`.statement
    await run(context, connection, orphan, superuser ? null : as, text)
    dropped = true
  }
  return dropped
}

/** Default privileges and what was granted by it: DROP ROLE refuses while anything names it. */
async function dropOwned(
  context: ControlContext,
  places: readonly DatabasePlace[],
  orphan: Orphan,
): Promise<void> {
  const { databases } = context
  for (const { key } of places) {
    await using inside = await (key === 'control' ? databases.openControl() : databases.open(key))
    const text = sql`DROP OWNED BY ${ident(orphan.name)}`.statement
    await run(context, inside, orphan, orphan.name, text)
  }
}

/** Default privileges count as owned too, and go with DROP OWNED; they hold nobody's data. */
async function databasesOwnedIn(connection: Connection, role: string): Promise<readonly string[]> {
  const rows = await connection.query<{ name: string }>(/* SQL */ sql`
    select distinct coalesce(datname, 'the server') as name
    from pg_shdepend left join pg_database on pg_database.oid = dbid
    where refclassid = 'pg_authid'::regclass and deptype = 'o' and classid <> 'pg_default_acl'::regclass
      and refobjid = (select oid from pg_roles where rolname = ${role})
    order by name`)
  return rows.map(({ name }) => name)
}

/** As a step of a plan runs, so that an error names it. */
async function run(
  context: ControlContext,
  connection: Connection,
  orphan: Orphan,
  as: string | null,
  text: string,
): Promise<void> {
  const step: PlanStep = {
    phase: 'prune',
    system: orphan.system,
    database: orphan.database ?? 'control',
    as,
    sql: text,
    action: 'remove',
    subject: `${orphan.kind} ${orphan.name}`,
    reason: 'left the model',
    asks: 'drop',
  }
  const noPasswords = (): Promise<string> => Promise.reject(new TypeError('dropping sets no password'))
  await executeSteps(connection, [step], {
    verifierOf: noPasswords,
    signal: context.signal,
    onDone: () => {},
  })
}
