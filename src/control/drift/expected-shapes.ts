import type { Target } from '../../model/index.ts'
import type { Connection } from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import { findShapes, recordShapes, type ShapeRecord } from '../state/index.ts'
import { type BuiltShape, buildShapes, type ShapesToBuild } from './build-shapes.ts'
import type { NamedFacts } from './compare-shapes.ts'

/** What a target should be: its fingerprint and facts, or why nobody can tell. */
export type ExpectedShape = (NamedFacts & { readonly fingerprint: string }) | { readonly failure: string }

/** What is wanted of one system on one server. */
export interface ExpectedShapes extends Omit<ShapesToBuild, 'wanted'> {
  /** Targets by the key of their shape: those of one key should all be alike. */
  readonly byKey: ReadonlyMap<string, readonly Target[]>
}

/** Looks expected shapes up in the registry, and builds and records those that it does not have. */
export async function expectedShapes(
  context: Pick<ControlContext, 'config' | 'databases' | 'signal'>,
  registry: Connection,
  expected: ExpectedShapes,
): Promise<ReadonlyMap<string, ExpectedShape>> {
  const recorded = await findShapes(registry, [...expected.byKey.keys()])
  const shapes = new Map<string, ExpectedShape>(
    [...recorded].map(([key, record]) => [key, fromRecord(record)]),
  )
  const missing = [...expected.byKey].flatMap(([key, [target]]) =>
    shapes.has(key) || target === undefined ? [] : [{ key, target }],
  )
  if (missing.length === 0) return shapes
  const wanted = missing.map(({ target }) => target)
  const built = await buildShapes(context, { ...expected, wanted })
  const records: ShapeRecord[] = []
  for (const { key, target } of missing) {
    const shape = built.get(target)
    if (shape === undefined) continue
    if ('failure' in shape) shapes.set(key, shape)
    else {
      const record = toRecord(key, target, shape)
      records.push(record)
      shapes.set(key, fromRecord(record))
    }
  }
  await recordShapes(registry, records)
  return shapes
}

function toRecord(
  key: string,
  { system, service, schema }: Target,
  { fingerprint, facts }: Exclude<BuiltShape, { readonly failure: string }>,
): ShapeRecord {
  return {
    key,
    system,
    service,
    schema,
    fingerprint,
    facts: facts.map(({ kind, name, definition }) => [kind, name, definition] as const),
  }
}

const fromRecord = ({ fingerprint, schema, facts }: ShapeRecord): ExpectedShape => ({
  fingerprint,
  schema,
  facts: facts.map(([kind, name, definition]) => ({ kind, name, definition })),
})
