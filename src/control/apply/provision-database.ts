import { PanalError } from '../../model/index.ts'
import { type Connection, lockKey, withAdvisoryLock } from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import type { DatabasePlace } from '../databases/index.ts'
import {
  type ExecuteOptions,
  executeSteps,
  executeTogether,
  type PlanStep,
  type Platform,
} from '../provision/index.ts'
import { addLedgerSystem, ensureLedger } from '../state/index.ts'
import { refuseUnmarked } from './plan-platform.ts'
import { LOCK_TIMEOUT_MS, type Provisioning } from './provisioning.ts'
import { withLatestTargets } from './read-platform.ts'
import { planDatabaseSchemas, readRolesOf } from './survey.ts'

/** One apply or tenant creation at a time plans and makes the schemas of a database. */
const SCHEMAS_LOCK = lockKey('panal', 'schemas')
/** Schemas are made over several connections once it pays to open them. Measured: 4 lanes, 500 tenants: bench/provision. */
const LANES = 4
const TARGETS_WORTH_LANES = 16

/** Brings schemas, extensions and privileges of one database to the model. Roles and the database stand. */
export async function provisionDatabase(
  { context, control, options, execute, recorder }: Provisioning,
  place: DatabasePlace,
  platform: Platform,
): Promise<void> {
  await using connection = await context.databases.open(place.key)
  const subject = `the schemas of database ${place.name}`
  const lock = { timeoutMs: LOCK_TIMEOUT_MS, subject, signal: context.signal }
  await withAdvisoryLock(connection, SCHEMAS_LOCK, lock, async () => {
    const latest = await withLatestTargets(context.config, control, platform)
    const cluster = await readRolesOf(connection, latest)
    const plan = await planDatabaseSchemas(connection, place, latest, cluster, options.adopt)
    refuseUnmarked(plan)
    options.approval.check(plan.steps)
    recorder.begin(`schemas of ${place.name}`, plan.steps.length)
    const common = plan.steps.filter((step) => step.service === undefined)
    const ofTargets = plan.steps.filter((step) => step.service !== undefined)
    await makeCommon(connection, common, execute)
    await inLanes(context, place, connection, [...Map.groupBy(ofTargets, targetKey).values()], execute)
  })
}

/** What all targets of the database share, phase by phase. */
async function makeCommon(
  connection: Connection,
  common: readonly PlanStep[],
  execute: ExecuteOptions,
): Promise<void> {
  for (const phase of ['schemas', 'extensions', 'privileges'] as const) {
    const steps = common.filter((step) => step.phase === phase)
    for (const step of steps.filter((candidate) => candidate.makes === 'ledger')) {
      await ensureLedger(connection)
      await addLedgerSystem(connection, step.system)
      await execute.onDone([step])
    }
    const others = steps.filter((step) => step.makes === undefined)
    await executeSteps(connection, others, execute)
  }
}

const targetKey = (step: PlanStep): string => `${step.system}/${step.service}/${step.tenant ?? ''}`

/** Everything of one target in one transaction: a killed run leaves no schema half made. */
async function inLanes(
  context: ControlContext,
  place: DatabasePlace,
  first: Connection,
  groups: readonly (readonly PlanStep[])[],
  execute: ExecuteOptions,
): Promise<void> {
  const queue = groups.values()
  const work = async (connection: Connection): Promise<void> => {
    for (const steps of queue) {
      if (context.signal.aborted) {
        throw new PanalError('PANAL_INTERRUPTED', 'Interrupted; what was finished stays.')
      }
      await executeTogether(connection, steps, execute)
    }
  }
  if (groups.length < TARGETS_WORTH_LANES) return work(first)
  const others = Array.from({ length: LANES - 1 }, async () => {
    await using connection = await context.databases.open(place.key)
    await work(connection)
  })
  // A lane that fails must not leave the others running behind the caller's back.
  const results = await Promise.allSettled([work(first), ...others])
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
