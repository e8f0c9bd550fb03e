import { sql } from '../../postgres/index.ts'
import { type DefaultAclFacts, PUBLIC } from '../catalog/index.ts'
import type { AccessChange } from './access-change.ts'
import { ChangeCollector, type DefaultObjects } from './change-collector.ts'
import type { Rights } from './rights.ts'
import type { WantedAccess } from './wanted-access.ts'

const NOBODY: Rights = new Map()

/** The statements that make an owner's default privileges in one schema equal the matrix. */
export function defaultChanges(
  schema: string,
  owner: string,
  facts: readonly DefaultAclFacts[],
  wanted: WantedAccess['defaults'],
  isManaged: (role: string) => boolean,
): readonly AccessChange[] {
  const collector = new ChangeCollector(isManaged)
  const here = facts.filter((row) => row.schema === schema)
  const objects = { tables: wanted.tables, sequences: wanted.sequences, routines: wanted.routines }
  for (const [kind, rights] of Object.entries(objects) as [keyof typeof objects, Rights][]) {
    const own = here.find((row) => row.creator === owner && row.objects === kind)
    collector.compareDefault(own?.acl ?? [], rights, owner, kind, schema)
  }
  for (const row of here) {
    if (row.objects === 'large objects') continue
    // Whoever else creates things in a managed schema must not open them to a managed role.
    if (row.creator === owner && row.objects in objects) continue
    collector.compareDefault(row.acl, NOBODY, row.creator, row.objects, schema)
  }
  return collector.changes
}

/**
 * PostgreSQL lets PUBLIC execute every new routine; only a default without a schema can take that
 * back (one within a schema adds to it and never takes away). Any other default of an owner that
 * names no schema would reach into all its schemas, so there is none.
 */
export function ownerDefaultChanges(
  owner: string,
  facts: readonly DefaultAclFacts[],
  isManaged: (role: string) => boolean,
): readonly AccessChange[] {
  const own = facts.filter((row) => row.creator === owner && row.schema === null)
  const collector = new ChangeCollector(isManaged)
  for (const row of own) {
    const { acl, objects } = row
    if (objects === 'large objects') continue
    const notBuiltIn = acl.filter((item) => item.grantee !== PUBLIC || !isBuiltIn(objects))
    collector.compareDefault(notBuiltIn, NOBODY, owner, objects, null)
  }
  const routines = own.find((row) => row.objects === 'routines')
  if (routines !== undefined && !routines.acl.some((item) => item.grantee === PUBLIC))
    return collector.changes
  return [
    {
      kind: 'default',
      as: owner,
      sql: sql`ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON ROUTINES FROM PUBLIC`,
      subject: `new routines of ${owner} are not executable by public`,
    },
    ...collector.changes,
  ]
}

/** PUBLIC has EXECUTE on new routines, which goes by a statement of its own, and USAGE on types, which stays. */
const isBuiltIn = (objects: DefaultObjects): boolean => objects === 'routines' || objects === 'types'
