import { lockKey, openConnection, withAdvisoryLock } from '../../postgres/index.ts'
import { readClusterFacts } from '../catalog/index.ts'
import type { ControlContext } from '../context/index.ts'
import {
  controlRoleSteps,
  executeSteps,
  type Platform,
  planDatabases,
  RolePlanning,
} from '../provision/index.ts'
import { ensureRegistry } from '../state/index.ts'
import { checkOperator } from './operator.ts'

/** Two first applies at once: one makes the control role and database, the other finds them. */
const BOOTSTRAP_LOCK = lockKey('panal', 'bootstrap')
const BOOTSTRAP_TIMEOUT_MS = 60_000

/**
 * Makes the control role, the control database and the registry where they are missing: what every
 * other step is recorded in, and the lock that they take lives in.
 */
export async function ensureControl(context: ControlContext, platform: Platform): Promise<void> {
  const { databases, signal } = context
  const place = databases.control
  const nothing: Platform = { ...platform, selected: [], focus: [], whole: false }
  {
    await using connection = await openConnection(place.maintenanceUrl)
    const options = { timeoutMs: BOOTSTRAP_TIMEOUT_MS, subject: 'the first apply on this server', signal }
    await withAdvisoryLock(connection, BOOTSTRAP_LOCK, options, async () => {
      const narrow = { withMarked: false }
      const execute = { verifierOf: noPasswords, signal, onDone: () => {} }
      const before = await readClusterFacts(connection, [], narrow)
      checkOperator(before)
      await executeSteps(connection, controlRoleSteps(before), execute)
      const planning = new RolePlanning([], await readClusterFacts(connection, [], narrow))
      // The registry's database is Panal's by its declaration; what it must give up is for the plan to ask.
      const input = { platform: nothing, planning, places: [place], managedBy: new Map(), adopt: true }
      const steps = planDatabases(input).steps.filter((step) => step.asks === undefined)
      await executeSteps(connection, steps, execute)
    })
  }
  await using control = await databases.openControl()
  await ensureRegistry(control)
}

/** Nothing that bootstraps logs in. */
const noPasswords = (role: string): Promise<string> =>
  Promise.reject(new TypeError(`${role} has a password before there is a registry`))
