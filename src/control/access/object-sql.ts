import { ident, join, type Sql, sql, trusted } from '../../postgres/index.ts'
import type { RelationKind, RoutineGroup, RoutineName } from '../catalog/index.ts'

/** `TABLE a.x, a.y` or `SEQUENCE a.x`: what stands behind ON. Views and foreign tables are tables to GRANT. */
export function relationsSql(schema: string, kind: RelationKind, names: readonly string[]): Sql {
  const keyword = kind === 'S' ? trusted('SEQUENCE') : trusted('TABLE')
  return sql`${keyword} ${join(names.map((name) => ident(schema, name)))}`
}

export function routinesSql(
  schema: string,
  kind: RoutineGroup['kind'],
  routines: readonly RoutineName[],
): Sql {
  const keyword = kind === 'procedure' ? trusted('PROCEDURE') : trusted('FUNCTION')
  const names = routines.map(({ name, argumentTypes }) => {
    const types = argumentTypes.map(([typeSchema, type]) => ident(typeSchema, type))
    return sql`${ident(schema, name)}(${join(types)})`
  })
  return sql`${keyword} ${join(names)}`
}

/** A role as GRANT wants it; PUBLIC is a keyword there, not a name. */
export const roleSql = (role: string): Sql => (role === 'public' ? trusted('PUBLIC') : ident(role))
