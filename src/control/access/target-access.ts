import { type System, serviceOf, type Target } from '../../model/index.ts'
import type { DefaultAclFacts, RowSchemaFacts, SchemaFacts } from '../catalog/index.ts'
import type { AccessChange, ForeignGrant } from './access-change.ts'
import { defaultChanges } from './default-changes.ts'
import { type Rights, RightsBuilder } from './rights.ts'
import { type RowChanges, rowChanges } from './row-changes.ts'
import { schemaChanges } from './schema-changes.ts'
import { type WantedAccess, wantedAccess } from './wanted-access.ts'

/** What is known of one target's schema in the database. */
export interface TargetFacts {
  readonly schema: SchemaFacts
  readonly defaults: readonly DefaultAclFacts[]
  /** Only for row tenancy. */
  readonly rows: RowSchemaFacts | undefined
}

export interface TargetAccess {
  readonly changes: readonly AccessChange[]
  readonly foreign: readonly ForeignGrant[]
  /** Breaches of row tenancy that no statement mends. */
  readonly problems: readonly string[]
  /** Breaches that the changes mend by dropping something, which a migration must not have made. */
  readonly widening: readonly string[]
}

/** Everything that separates one target's rights, default privileges and policies from the model; pure. */
export function targetAccess(
  system: System,
  target: Target,
  facts: TargetFacts,
  isManaged: (role: string) => boolean,
): TargetAccess {
  const service = serviceOf(system, target.service)
  const { tenancy } = service
  const wanted = wantedAccess(system, target)
  const concerns = (role: string): boolean => wanted.onSchema.has(role) || isManaged(role)
  const defaults = defaultChanges(target.schema, target.owner, facts.defaults, wanted.defaults, concerns)
  if (tenancy.kind !== 'row' || facts.rows === undefined) {
    const rights = schemaChanges(facts.schema, wanted, concerns)
    return { changes: [...defaults, ...rights.changes], foreign: rights.foreign, problems: [], widening: [] }
  }
  const rows = rowChanges(system, service, tenancy, target, facts.rows, facts.schema)
  const rights = schemaChanges(facts.schema, narrowed(wanted, rows), concerns)
  // Policies first: no right reaches a table that is still open.
  return {
    changes: [...defaults, ...rows.changes, ...rights.changes],
    foreign: rights.foreign,
    problems: rows.problems,
    widening: rows.widening,
  }
}

/** The matrix without what row tenancy withholds: writes to keyless shared tables, partitions, materialised views, breaches. */
function narrowed(wanted: WantedAccess, rows: RowChanges): WantedAccess {
  const special = new Set([...wanted.named, ...rows.readOnly, ...rows.closed])
  return {
    ...wanted,
    named: special,
    closedRoutines: rows.closedRoutines,
    onColumns: wanted.onColumns.filter((right) => !rows.closed.has(right.relation)),
    onRelation(name, kind) {
      if (kind === 'm' || kind === 'f' || rows.closed.has(name)) return new Map()
      const rights = wanted.onRelation(name, kind)
      return rows.readOnly.has(name) ? onlySelect(rights) : rights
    },
  }
}

function onlySelect(rights: Rights): Rights {
  const builder = new RightsBuilder()
  for (const [role, privileges] of rights) {
    builder.add(
      role,
      [...privileges].filter((privilege) => privilege === 'select' || privilege === 'references'),
    )
  }
  return builder.rights
}
