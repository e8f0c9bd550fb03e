/** What is refused, the constraint that refuses it, and a statement on the seeded rows, run as the owner. */
export type Violation = readonly [rule: string, constraint: string, statement: string]

/** The SQLSTATE of a constraint, by the prefix that its name must have. */
export function sqlStateOfConstraint(name: string): string {
  const states: Readonly<Record<string, string>> = { chk: '23514', uq: '23505', pk: '23505', fk: '23503' }
  const state = states[name.slice(0, name.indexOf('_'))]
  if (state === undefined) throw new Error(`The constraint ${name} has none of the prefixes`)
  return state
}

/** Inserts a copy of one row under a new key, with some columns changed to SQL expressions. */
export function copy(
  table: string,
  key: string,
  changes: Readonly<Record<string, string>> = {},
  where = 'true',
): string {
  const values = Object.entries({ [key]: 'gen_random_uuid()', ...changes })
  const object = values.map(([column, value]) => `'${column}', ${value}`).join(', ')
  return `insert into ${table} select (jsonb_populate_record(t, jsonb_build_object(${object}))).*
     from ${table} t where ${where} limit 1`
}

/** Updates one row. */
export const set = (table: string, changes: string, where = 'true'): string =>
  `update ${table} set ${changes} where ctid = (select ctid from ${table} where ${where} limit 1)`
