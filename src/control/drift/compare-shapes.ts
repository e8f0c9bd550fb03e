import { replaceQualifier, type ShapeFact } from '../catalog/index.ts'

/** One object that is not as the migrations of its target make it. */
export interface ObjectDrift {
  /** `column orders.total`. */
  readonly object: string
  readonly change: 'missing' | 'extra' | 'changed'
  /** What the migrations make; absent where the object is extra. */
  readonly expected?: string
  /** What stands; absent where the object is missing. */
  readonly actual?: string
}

/** The facts of a schema and what it is called, for bodies of functions that name it. */
export interface NamedFacts {
  readonly schema: string
  readonly facts: readonly ShapeFact[]
}

const RELATIONS: ReadonlySet<string> = new Set([
  'table',
  'view',
  'materialized view',
  'foreign table',
  'type',
])

/** Every difference between what should stand and what does. A table that is missing or extra stands for its parts. Pure. */
export function compareShapes(expected: NamedFacts, actual: NamedFacts): readonly ObjectDrift[] {
  const wanted = new Map(expected.facts.map((fact) => [objectOf(fact), fact]))
  const standing = new Map(actual.facts.map((fact) => [objectOf(fact), fact]))
  const missing = expected.facts.filter((fact) => !standing.has(objectOf(fact)))
  const extra = actual.facts.filter((fact) => !wanted.has(objectOf(fact)))
  const changed = expected.facts.filter((fact) => {
    const other = standing.get(objectOf(fact))
    return other !== undefined && !isSame(fact, expected.schema, other, actual.schema)
  })
  const differences = [
    ...withoutParts(missing).map(
      (fact): ObjectDrift => ({ object: objectOf(fact), change: 'missing', expected: fact.definition }),
    ),
    ...withoutParts(extra).map(
      (fact): ObjectDrift => ({ object: objectOf(fact), change: 'extra', actual: fact.definition }),
    ),
    ...changed.map((fact): ObjectDrift => {
      const object = objectOf(fact)
      return {
        object,
        change: 'changed',
        expected: fact.definition,
        actual: standing.get(object)!.definition,
      }
    }),
  ]
  return differences.sort((a, b) => (a.object < b.object ? -1 : a.object > b.object ? 1 : 0))
}

const objectOf = ({ kind, name }: ShapeFact): string => (kind === 'schema' ? 'schema' : `${kind} ${name}`)

/**
 * A body that the file builds with the schema's name in it (`EXECUTE format('… %I.orders …', current_schema)`)
 * differs from tenant to tenant and means the same. A file that spells out a name makes the same body for all.
 */
function isSame(
  expected: ShapeFact,
  expectedSchema: string,
  actual: ShapeFact,
  actualSchema: string,
): boolean {
  if (expected.definition === actual.definition) return true
  if (expected.kind !== 'function' && expected.kind !== 'procedure') return false
  const named = (fact: ShapeFact, schema: string) => replaceQualifier(fact.definition, schema, '{schema}')
  return named(expected, expectedSchema) === named(actual, actualSchema)
}

function withoutParts(facts: readonly ShapeFact[]): readonly ShapeFact[] {
  const relations = facts.filter(({ kind }) => RELATIONS.has(kind)).map(({ name }) => name)
  return facts.filter((fact) => RELATIONS.has(fact.kind) || !relations.some((name) => isPart(fact, name)))
}

const isPart = ({ kind, name, definition }: ShapeFact, relation: string): boolean =>
  name.startsWith(`${relation}.`) ||
  (kind === 'index' && definition.includes(` ON ${relation} USING `)) ||
  (kind === 'sequence' && definition.includes(`, of ${relation}.`))
