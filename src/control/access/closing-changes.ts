import type { DefaultAclFacts, SchemaFacts } from '../catalog/index.ts'
import type { AccessChange } from './access-change.ts'
import type { Rights } from './rights.ts'
import { defaultChanges, schemaChanges } from './schema-changes.ts'

const NOBODY: Rights = new Map()

/** The statements that take every managed role's rights on a schema, the owner's excepted. */
export function closingChanges(
  schema: SchemaFacts,
  defaults: readonly DefaultAclFacts[],
  isManaged: (role: string) => boolean,
): readonly AccessChange[] {
  const nothing = { tables: NOBODY, sequences: NOBODY, routines: NOBODY }
  const closed = {
    schema: schema.name,
    owner: schema.owner,
    onSchema: NOBODY,
    onRoutines: NOBODY,
    onTables: NOBODY,
    onSequences: NOBODY,
    named: new Set<string>(),
    onRelation: () => NOBODY,
    onColumns: [],
    defaults: nothing,
  }
  const ofDefaults = defaultChanges(schema.name, schema.owner, defaults, nothing, isManaged)
  return [...ofDefaults, ...schemaChanges(schema, closed, isManaged).changes]
}
