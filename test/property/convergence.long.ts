import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { serverKinds } from '../harness/server-kinds.ts'
import { canonicalDump, dumpDifference } from '../kill/canonical-dump.ts'
import { type ProvisionFixture, startProvisionFixture } from '../provision-fixture.ts'
import { arbitraryHistory } from './arbitrary-platform.ts'
import { explain, holdsForAll } from './counterexample.ts'
import { arbitraryDrift, type Drift, describeDrift, doByHand } from './drift.ts'
import { modelLines } from './model-lines.ts'
import { assertOrphansClosed } from './orphans.ts'
import { applySpec, assertNothingToDo, assertRights, describeSpec } from './platform-run.ts'
import { type PlatformSpec, toTypeScript } from './platform-spec.ts'

/** A version of a platform, whether it is applied at once, and what is done by hand afterwards. */
interface Chapter {
  readonly spec: PlatformSpec
  readonly applied: boolean
  readonly drifts: readonly Drift[]
}

const VERSIONS = 3

const arbitraryLife: fc.Arbitrary<readonly Chapter[]> = fc
  .tuple(
    arbitraryHistory(VERSIONS),
    fc.array(fc.record({ applied: fc.boolean(), drifts: fc.array(arbitraryDrift, { maxLength: 5 }) }), {
      minLength: VERSIONS,
      maxLength: VERSIONS,
    }),
  )
  .map(([specs, chapters]) => specs.map((spec, index) => ({ spec, ...chapters[index]! })))

const print = (chapters: readonly Chapter[]): string =>
  chapters
    .map(
      ({ spec, applied, drifts }, index) =>
        `// version ${index + 1}${applied || index === 0 ? ', applied' : ''}; then: ${drifts.map(describeDrift).join(', ')}\n${toTypeScript(spec)}`,
    )
    .join('\n\n')

// What a superuser did by hand an operator cannot always take back: that he is told is tested drift by drift.
for (const kind of serverKinds().filter(({ admin }) => admin === 'superuser')) {
  test(`changes of the model and of the server by hand converge: ${kind.major} as ${kind.admin}`, async () => {
    await holdsForAll(arbitraryLife, print, 4, async (chapters) => {
      await using lived = await startProvisionFixture(kind)
      const log: string[] = []
      try {
        for (const [index, chapter] of chapters.entries()) await live(lived, chapter, index === 0, log)
        const { spec } = chapters.at(-1)!
        const platform = await describeSpec(lived, spec)
        await applySpec(platform, spec)
        await assertNothingToDo(platform, true)
        await assertRights(lived, spec)
        await assertOrphansClosed(lived, spec)
        await assertLikeFresh(kind, lived, spec)
      } catch (error) {
        throw new Error(`${explain(error)}\n\nWhat happened:\n${log.join('\n')}`, { cause: error })
      }
    })
  })
}

async function live(
  fixture: ProvisionFixture,
  { spec, applied, drifts }: Chapter,
  first: boolean,
  log: string[],
): Promise<void> {
  const platform = await describeSpec(fixture, spec)
  log.push(first || applied ? '-- applied' : '-- not applied')
  if (first || applied) await applySpec(platform, spec)
  for (const drift of drifts) {
    const done = await doByHand(fixture, spec, drift)
    if (done !== null) log.push(...done)
  }
}

async function assertLikeFresh(
  kind: Parameters<typeof startProvisionFixture>[0],
  lived: ProvisionFixture,
  spec: PlatformSpec,
): Promise<void> {
  await using fresh = await startProvisionFixture(kind)
  await applySpec(await describeSpec(fresh, spec), spec)
  const linesOf = async ({ server }: ProvisionFixture): Promise<readonly string[]> =>
    modelLines(await canonicalDump(server.superuserUrl), spec)
  assert.deepEqual(dumpDifference(await linesOf(lived), await linesOf(fresh)), [])
}
