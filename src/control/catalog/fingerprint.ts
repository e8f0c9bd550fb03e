import { createHash } from 'node:crypto'

/**
 * The form of the facts and of the hash. Whatever changes what is read, or how it is written down, counts it up:
 * fingerprints of different algorithms are never compared.
 */
export const FINGERPRINT_ALGORITHM = 1

/** What one object of a schema is, as far as a fingerprint goes. */
export interface ShapeFact {
  /** `table`, `column`, `constraint`, `index`, `trigger`, `function` … */
  readonly kind: string
  /** Within the schema: `orders.total`. Kind and name together name one object. */
  readonly name: string
  /** In the server's own words, with tokens in the place of the schema and its owner and login. */
  readonly definition: string
}

/** A schema as its facts and their hash. Schemas of one shape share one value. */
export interface SchemaShape {
  readonly fingerprint: string
  /** In the order of kind and name. */
  readonly facts: readonly ShapeFact[]
}

/** The place of the schema's own name in a definition. No identifier that Panal accepts looks like it. */
export const SCHEMA_TOKEN = '{schema}'
export const OWNER_TOKEN = '{owner}'
export const LOGIN_TOKEN = '{login}'

/**
 * Puts facts in order and hashes them. The tag tells algorithm and server major, since majors describe the
 * same table differently (18 keeps NOT NULL among the constraints).
 */
export function shapeOf(facts: readonly ShapeFact[], serverMajor: number): SchemaShape {
  const sorted = [...facts].sort(inOrder)
  const hash = createHash('sha256')
  for (const { kind, name, definition } of sorted) hash.update(JSON.stringify([kind, name, definition]))
  return { fingerprint: `${FINGERPRINT_ALGORITHM}-pg${serverMajor}-${hash.digest('hex')}`, facts: sorted }
}

function inOrder(a: ShapeFact, b: ShapeFact): number {
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
