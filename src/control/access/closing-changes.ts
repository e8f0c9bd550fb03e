import type { DefaultAclFacts, SchemaFacts } from '../catalog/index.ts'
import type { AccessChange } from './access-change.ts'
import { defaultChanges } from './default-changes.ts'
import type { Rights } from './rights.ts'
import { schemaChanges } from './schema-changes.ts'
import type { WantedAccess } from './wanted-access.ts'

const NOBODY: Rights = new Map()
const NO_DEFAULTS = { tables: NOBODY, sequences: NOBODY, routines: NOBODY }

/** The statements that take every managed role's rights on a schema, the owner's excepted. */
export function closingChanges(
  schema: SchemaFacts,
  defaults: readonly DefaultAclFacts[],
  isManaged: (role: string) => boolean,
): readonly AccessChange[] {
  const closed: WantedAccess = {
    schema: schema.name,
    owner: schema.owner,
    onSchema: NOBODY,
    onRoutines: NOBODY,
    namedRoutines: new Set(),
    onRoutine: () => NOBODY,
    closedRoutines: new Set(),
    onTables: NOBODY,
    onSequences: NOBODY,
    named: new Set(),
    onRelation: () => NOBODY,
    onColumns: [],
    defaults: NO_DEFAULTS,
  }
  const ofDefaults = defaultChanges(schema.name, schema.owner, defaults, NO_DEFAULTS, isManaged)
  return [...ofDefaults, ...schemaChanges(schema, closed, isManaged).changes]
}
