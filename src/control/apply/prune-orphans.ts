import { CONTROL_ROLE } from '../../model/index.ts'
import { type Connection, ident, openConnection, sql } from '../../postgres/index.ts'
import { readClusterFacts } from '../catalog/index.ts'
import type { ControlContext } from '../context/index.ts'
import type { Orphan } from '../provision/index.ts'
import { appendAudit } from '../state/index.ts'

/**
 * Drops what left the model, each object only when `agree` says so: schemas first, since roles own
 * them.
 *
 * @returns what was dropped
 */
export async function pruneOrphans(
  context: ControlContext,
  control: Connection,
  orphans: readonly Orphan[],
  agree: (orphan: Orphan) => Promise<boolean>,
): Promise<readonly Orphan[]> {
  const pruned: Orphan[] = []
  const ordered = [...orphans].sort((a, b) => Number(a.kind === 'role') - Number(b.kind === 'role'))
  for (const orphan of ordered) {
    if (!(await agree(orphan))) continue
    if (orphan.kind === 'schema') await dropSchema(context, orphan)
    else await dropRole(context, orphan)
    await appendAudit(control, [{ action: `${orphan.kind}.drop`, subject: `${orphan.kind} ${orphan.name}` }])
    pruned.push(orphan)
  }
  return pruned
}

/** The control role inherits from every owner, and owner of the schema is who may drop it. */
async function dropSchema(context: ControlContext, orphan: Orphan): Promise<void> {
  await using connection = await context.databases.open(orphan.database!)
  await connection.script(sql`DROP SCHEMA ${ident(orphan.name)} CASCADE`.statement)
}

/**
 * What a role was granted, or granted by default, must go first, in every database: DROP ROLE
 * refuses while anything names it.
 */
async function dropRole(context: ControlContext, orphan: Orphan): Promise<void> {
  await using cluster = await openConnection(context.databases.defaultUrl)
  const facts = await readClusterFacts(cluster, [orphan.name])
  const role = ident(orphan.name)
  const becomes =
    facts.operator.superuser ||
    facts.memberships.some((row) => row.role === orphan.name && row.member === CONTROL_ROLE && row.set)
  for (const key of new Set(context.config.systems.map((system) => system.database))) {
    if (!facts.databases.has(context.databases.place(key).name) || !becomes) continue
    await using connection = await context.databases.open(key)
    await connection.script(
      `BEGIN; SET LOCAL ROLE ${role.statement}; DROP OWNED BY ${role.statement}; COMMIT`,
    )
  }
  const administrator = facts.memberships.find((row) => row.role === orphan.name && row.admin)?.member
  const creator = facts.serverMajor < 16 ? CONTROL_ROLE : administrator
  const as = creator === undefined || facts.operator.superuser ? 'NONE' : ident(creator).statement
  await cluster.script(`BEGIN; SET LOCAL ROLE ${as}; DROP ROLE ${role.statement}; COMMIT`)
}
