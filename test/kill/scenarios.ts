import assert from 'node:assert/strict'
import { applyPlatform } from '../../src/control/apply/index.ts'
import type { ControlContext } from '../../src/control/context/index.ts'
import { listTenantRecords, requireRegistry } from '../../src/control/state/index.ts'
import { createTenants } from '../../src/control/tenants/index.ts'
import type { Place } from './platform-context.ts'
import { applyOnce, recordTenants, type Tenants } from './recovery.ts'
import type { VictimWork } from './victim-run.ts'

/** A piece of work that is killed: what stands before it, and what a person does after the kill. */
export interface Scenario {
  readonly prepare: (context: ControlContext) => Promise<void>
  readonly work: (place: Place) => VictimWork
  readonly finish: (context: ControlContext) => Promise<void>
}

/**
 * An apply, finished by an apply.
 *
 * @param systems default: all three
 * @param tenants recorded before. Default: none, and it starts on an untouched server and makes the registry too
 */
export function applying(systems?: readonly string[], tenants?: Tenants): Scenario {
  const selection = systems === undefined ? {} : { systems }
  return {
    prepare: async (context) => {
      if (tenants !== undefined) await recordTenants(context, tenants)
    },
    work: (place) => ({ kind: 'apply', place, ...selection }),
    finish: (context) => applyOnce(context, selection),
  }
}

/** A creation of tenants in a system that stands. What was recorded one apply finishes; what was not, the same call again. */
export function creatingTenants(system: string, slugs: readonly string[]): Scenario {
  const selection = { systems: [system] }
  return {
    prepare: async (context) => {
      await applyPlatform(context, { selection, seed: true })
    },
    work: (place) => ({ kind: 'tenants', place, system, slugs }),
    finish: async (context) => {
      await applyOnce(context, selection)
      await using registry = await requireRegistry(context)
      const records = await listTenantRecords(registry, [system])
      assert.deepEqual(
        records.filter(({ status }) => status !== 'active'),
        [],
      )
      if (records.length > 0) return
      const { failed } = await createTenants(context, { system, slugs, seed: true })
      assert.deepEqual(failed, [])
      await applyOnce(context, selection)
    },
  }
}
