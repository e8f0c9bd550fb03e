import { type System, serviceOf, type Target } from '../../model/index.ts'
import type { Connection } from '../../postgres/index.ts'
import { readRowFacts, readSchemasFacts } from '../catalog/index.ts'
import { rejectRowProblems } from './row-changes.ts'
import { targetAccess } from './target-access.ts'
import { defaultsSuffice } from './wanted-access.ts'

/** Runs after a file's last statement, in its transaction, and gives the statements that its owner must add before COMMIT. */
export type AccessAfterFile = (connection: Connection) => Promise<readonly string[]>

/**
 * What a migration of this target leaves to do before COMMIT: the rights that `tables`, `only` and
 * `grants` declare, and in row tenancy policies and every right. Null where default privileges give
 * the whole matrix, so that a file costs no further round trip.
 *
 * The function it gives throws PANAL_ROW_TENANCY when the file made something that row tenancy forbids.
 */
export function accessAfterFile(system: System, target: Target): AccessAfterFile | null {
  if (defaultsSuffice(system, target)) return null
  const rowTenancy = serviceOf(system, target.service).tenancy.kind === 'row'
  return async (connection) => {
    const facts = await readSchemasFacts(connection, {
      schemas: [target.schema],
      owners: [target.owner],
      withMarked: false,
    })
    const schema = facts.schemas.get(target.schema)
    if (schema === undefined) throw new TypeError(`schema ${target.schema} vanished while its migration ran`)
    const rows = rowTenancy ? (await readRowFacts(connection, [target.schema])).get(target.schema) : undefined
    // Strangers' grants are `apply`'s to report; a file concerns only what the model declares.
    const access = targetAccess(system, target, { schema, defaults: facts.defaults, rows }, () => false)
    rejectRowProblems(target, [...access.problems, ...access.widening])
    return access.changes
      .filter((change) => change.as === target.owner && change.kind !== 'default')
      .map((change) => change.sql.statement)
  }
}
