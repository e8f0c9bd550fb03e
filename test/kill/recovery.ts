import assert from 'node:assert/strict'
import {
  applyPlatform,
  buildPlatform,
  ensureControl,
  isConverged,
  type PlatformPlan,
  planPlatform,
  type Selection,
} from '../../src/control/apply/index.ts'
import type { ControlContext } from '../../src/control/context/index.ts'
import { derivePassword } from '../../src/control/secrets/index.ts'
import { FIRST_ROTATION, recordSystems } from '../../src/control/state/index.ts'
import { registerTenants } from '../../src/control/tenants/register-tenants.ts'
import { canonicalDump, dumpDifference } from './canonical-dump.ts'

/** Tenants by system. */
export type Tenants = Readonly<Record<string, readonly string[]>>

/** What a creation of tenants that was killed right at its start leaves: records in a registry, nothing else. */
export async function recordTenants(context: ControlContext, tenants: Tenants): Promise<void> {
  await ensureControl(context, buildPlatform(context.config, [], { systems: [] }))
  await using registry = await context.databases.openControl()
  for (const [name, slugs] of Object.entries(tenants)) {
    const system = context.config.systems.find((candidate) => candidate.name === name)
    assert.ok(system, `there is a system ${name}`)
    await recordSystems(registry, [name])
    await registerTenants(registry, context.config, system, { slugs }, {})
  }
}

/** Dumps a server of these tests, whose every password has to be the one that its master key gives. */
export async function dumpServer(
  superuserUrl: string,
  { secrets }: ControlContext,
): Promise<readonly string[]> {
  const key = await secrets.masterKey()
  return await canonicalDump(superuserUrl, {
    passwordOf: (role) => derivePassword(key, role, FIRST_ROTATION),
  })
}

/** One apply, after which there is nothing left to do. */
export async function applyOnce(context: ControlContext, selection: Selection = {}): Promise<void> {
  const { failed } = await applyPlatform(context, { seed: true, selection })
  assert.deepEqual(failed, [])
  assertConverged(await planPlatform(context, { selection }))
}

/** What `panal plan --check` asks. */
export function assertConverged(plan: PlatformPlan): void {
  const { steps, pending, unmarked, unreachable, problems, orphans } = plan
  const left = { steps: steps.map((step) => step.sql), pending, unmarked, unreachable, problems, orphans }
  assert.deepEqual(left, { steps: [], pending: [], unmarked: [], unreachable: [], problems: [], orphans: [] })
  assert.ok(isConverged(plan))
}

export function assertSameDump(actual: readonly string[], wanted: readonly string[]): void {
  const difference = dumpDifference(actual, wanted)
  assert.equal(difference.length, 0, `differs from a fresh install:\n${difference.slice(0, 30).join('\n')}`)
}
