import { type Connection, lockKey, openConnection, withAdvisoryLock } from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import { databasesOf, executeSteps, type Platform, wantedRoles } from '../provision/index.ts'
import { passwordVerifiers } from './password-verifiers.ts'
import { refuseUnmarked } from './plan-platform.ts'
import { provisionDatabase } from './provision-database.ts'
import { LOCK_TIMEOUT_MS, type Provisioning, type ProvisionOptions } from './provisioning.ts'
import { withLatestTargets } from './read-platform.ts'
import { platformOn, serverPlaces } from './server-places.ts'
import { StepRecorder } from './step-recorder.ts'
import { surveyCluster } from './survey.ts'

/** Roles and other shared catalog rows change one apply at a time; advisory locks are per database. */
const CLUSTER_LOCK = lockKey('panal', 'cluster')

/**
 * Brings roles, databases, schemas, extensions and privileges to the model. The control database stands.
 *
 * @param control the registry's connection
 * @returns how many steps were done
 * @throws PANAL_UNMARKED_EXISTS, PANAL_CONFIRMATION_NEEDED, PANAL_STEP_FAILED, PANAL_LOCK_TIMEOUT, PANAL_INTERRUPTED
 */
export async function provisionPlatform(
  context: ControlContext,
  control: Connection,
  platform: Platform,
  options: ProvisionOptions,
): Promise<number> {
  const logins = wantedRoles(platform).flatMap((role) => (role.login ? [role.name] : []))
  const verifierOf = await passwordVerifiers(context, control, logins)
  const recorder = new StepRecorder(context, control, options.run)
  const { signal } = context
  const execute = { verifierOf, signal, onDone: recorder.done.bind(recorder) }
  const provisioning: Provisioning = { context, control, options, execute, recorder }
  const lock = { timeoutMs: LOCK_TIMEOUT_MS, subject: 'roles and databases', signal }
  await withAdvisoryLock(control, CLUSTER_LOCK, lock, () => provisionClusters(provisioning, platform))
  for (const server of serverPlaces(context.databases, platform)) {
    const here = platformOn(server, platform)
    for (const place of server.places) {
      if (here.selected.some((system) => databasesOf(here, system).includes(place.key))) {
        await provisionDatabase(provisioning, place, here)
      }
    }
  }
  return recorder.count
}

/** Roles first, then databases: rights on a database name roles. */
async function provisionClusters(
  { context, control, options, execute, recorder }: Provisioning,
  platform: Platform,
): Promise<void> {
  const latest = await withLatestTargets(context.config, control, platform)
  for (const server of serverPlaces(context.databases, latest)) {
    const here = platformOn(server, latest)
    await using connection = await openConnection(server.maintenanceUrl)
    const { plan } = await surveyCluster(context, connection, server, here, options.adopt)
    refuseUnmarked(plan)
    options.approval.check(plan.steps)
    for (const phase of ['roles', 'databases'] as const) {
      const steps = plan.steps.filter((step) => step.phase === phase)
      recorder.begin(phase, steps.length)
      await executeSteps(connection, steps, execute)
    }
  }
}
