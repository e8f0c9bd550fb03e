import { PanalError } from '../../model/index.ts'
import { type Connection, lockKey, openConnection, withAdvisoryLock } from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import type { DatabasePlace } from '../databases/index.ts'
import {
  databasesOf,
  type ExecuteOptions,
  executeSteps,
  executeTogether,
  type PlanStep,
  type Platform,
  wantedRoles,
} from '../provision/index.ts'
import { addLedgerSystem, appendAudit, ensureLedger } from '../state/index.ts'
import type { Approval } from './approval.ts'
import { passwordVerifiers } from './password-verifiers.ts'
import { refuseUnmarked } from './plan-platform.ts'
import { platformOn, serverPlaces } from './server-places.ts'
import { planDatabaseSchemas, readRolesOf, surveyCluster } from './survey.ts'

export interface ProvisionOptions {
  readonly adopt: boolean
  readonly approval: Approval
  readonly run: string | null
}

/** Roles and other shared catalog rows change one apply at a time; advisory locks are per database. */
const CLUSTER_LOCK = lockKey('panal', 'cluster')
/** One apply or tenant creation at a time plans and makes the schemas of a database. */
const SCHEMAS_LOCK = lockKey('panal', 'schemas')
/** Ten thousand roles take half a minute; whoever waits longer than this should be told for whom. */
const LOCK_TIMEOUT_MS = 300_000
/** Schemas are made over several connections once it pays to open them. Measured: 4 lanes, 500 tenants: bench/provision. */
const LANES = 4
const TARGETS_WORTH_LANES = 16

/** Brings roles, databases, schemas, extensions and privileges to the model. The control database stands. */
export async function provisionPlatform(
  context: ControlContext,
  control: Connection,
  platform: Platform,
  options: ProvisionOptions,
): Promise<number> {
  const logins = wantedRoles(platform).flatMap((role) => (role.login ? [role.name] : []))
  const verifierOf = await passwordVerifiers(context, control, logins)
  const recorder = new StepRecorder(context, control, options.run)
  const execute: ExecuteOptions = {
    verifierOf,
    signal: context.signal,
    onDone: (steps) => recorder.done(steps),
  }
  const lock = { timeoutMs: LOCK_TIMEOUT_MS, subject: 'roles and databases', signal: context.signal }
  await withAdvisoryLock(control, CLUSTER_LOCK, lock, async () => {
    for (const server of serverPlaces(context.databases, platform)) {
      await using connection = await openConnection(server.maintenanceUrl)
      // Roles first, then databases from fresh facts: rights on a database name roles.
      for (const phase of ['roles', 'databases'] as const) {
        const { plan } = await surveyCluster(
          context,
          connection,
          server,
          platformOn(server, platform),
          options.adopt,
        )
        refuseUnmarked(plan)
        const steps = plan.steps.filter((step) => step.phase === phase)
        options.approval.check(steps)
        recorder.begin(phase, steps.length)
        await executeSteps(connection, steps, execute)
      }
    }
  })
  for (const server of serverPlaces(context.databases, platform)) {
    const here = platformOn(server, platform)
    for (const place of server.places) {
      if (here.selected.some((system) => databasesOf(here, system).includes(place.key))) {
        await provisionDatabase(context, place, here, options, execute, recorder)
      }
    }
  }
  return recorder.count
}

async function provisionDatabase(
  context: ControlContext,
  place: DatabasePlace,
  platform: Platform,
  options: ProvisionOptions,
  execute: ExecuteOptions,
  recorder: StepRecorder,
): Promise<void> {
  await using connection = await context.databases.open(place.key)
  const lock = {
    timeoutMs: LOCK_TIMEOUT_MS,
    subject: `the schemas of database ${place.name}`,
    signal: context.signal,
  }
  await withAdvisoryLock(connection, SCHEMAS_LOCK, lock, async () => {
    const cluster = await readRolesOf(connection, platform)
    const plan = await planDatabaseSchemas(connection, place, platform, cluster, options.adopt)
    refuseUnmarked(plan)
    options.approval.check(plan.steps)
    recorder.begin(`schemas of ${place.name}`, plan.steps.length)
    const common = plan.steps.filter((step) => step.service === undefined)
    for (const phase of ['schemas', 'extensions', 'privileges'] as const) {
      const steps = common.filter((step) => step.phase === phase)
      for (const step of steps.filter((candidate) => candidate.makes === 'ledger')) {
        await ensureLedger(connection)
        await addLedgerSystem(connection, step.system)
      }
      await executeSteps(
        connection,
        steps.filter((step) => step.makes === undefined),
        execute,
      )
    }
    const byTarget = [
      ...Map.groupBy(
        plan.steps.filter((step) => step.service !== undefined),
        targetKey,
      ).values(),
    ]
    await inLanes(context, place, connection, byTarget, execute)
  })
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
      if (context.signal.aborted)
        throw new PanalError('PANAL_INTERRUPTED', 'Interrupted; what was finished stays.')
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

/** Tells the watcher and the audit log what was done. */
class StepRecorder {
  readonly #context: ControlContext
  readonly #control: Connection
  readonly #run: string | null
  #done = 0
  #doneOfPart = 0

  constructor(context: ControlContext, control: Connection, run: string | null) {
    this.#context = context
    this.#control = control
    this.#run = run
  }

  get count(): number {
    return this.#done
  }

  begin(label: string, total: number): void {
    this.#doneOfPart = 0
    if (total > 0) this.#context.onProgress({ kind: 'begin', label, total })
  }

  async done(steps: readonly PlanStep[]): Promise<void> {
    this.#done += steps.length
    this.#doneOfPart += steps.length
    this.#context.onProgress({ kind: 'advance', done: this.#doneOfPart, failed: 0 })
    await appendAudit(this.#control, steps.map(auditEvent), this.#run)
  }
}

function auditEvent(step: PlanStep): { action: string; subject: string; detail: Record<string, string> } {
  const [kind = 'object'] = step.subject.split(' ')
  return {
    action: `${kind}.${step.action}`,
    subject: step.subject,
    detail: { system: step.system, database: step.database, reason: step.reason },
  }
}
