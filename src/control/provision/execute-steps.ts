import { PanalError } from '../../model/index.ts'
import {
  type Connection,
  describeServerError,
  ident,
  isServerError,
  type ServerError,
  sqlStateOf,
} from '../../postgres/index.ts'
import type { PlanStep } from './step.ts'
import { handOverVerifiers, statementOf, type VerifierOf } from './verifiers.ts'

export interface ExecuteOptions {
  readonly verifierOf: VerifierOf
  readonly signal: AbortSignal
  /** After a transaction committed, with the steps it held. */
  readonly onDone: (steps: readonly PlanStep[]) => void | Promise<void>
}

const DISK_FULL = '53100'

/**
 * Steps that share a transaction. A role change makes the next SET ROLE slower (10 ms at 9,000
 * memberships), so the fewer transactions the better; but a killed run should find most done.
 */
const STEPS_PER_TRANSACTION = 50

/**
 * Runs steps in their order, several to a transaction, each under its own role.
 *
 * @param connection logged in as the operator, no matter under which role
 * @throws PANAL_STEP_FAILED naming the step; those before it are committed
 * @throws PANAL_INTERRUPTED between two transactions
 */
export async function executeSteps(
  connection: Connection,
  steps: readonly PlanStep[],
  options: ExecuteOptions,
): Promise<void> {
  for (const chunk of chunks(steps)) {
    if (options.signal.aborted) {
      throw new PanalError('PANAL_INTERRUPTED', 'Interrupted; what was finished stays.')
    }
    await executeChunk(connection, chunk, options)
    await options.onDone(chunk)
  }
}

/** Runs steps in one transaction: the schema of one target with everything on it, say. */
export async function executeTogether(
  connection: Connection,
  steps: readonly PlanStep[],
  options: ExecuteOptions,
): Promise<void> {
  await executeChunk(connection, steps, options)
  await options.onDone(steps)
}

function* chunks(steps: readonly PlanStep[]): Generator<readonly PlanStep[]> {
  let chunk: PlanStep[] = []
  for (const step of steps) {
    if (step.outsideTransaction === true || chunk.length === STEPS_PER_TRANSACTION) {
      if (chunk.length > 0) yield chunk
      chunk = []
    }
    if (step.outsideTransaction === true) yield [step]
    else chunk.push(step)
  }
  if (chunk.length > 0) yield chunk
}

async function executeChunk(
  connection: Connection,
  steps: readonly PlanStep[],
  options: ExecuteOptions,
): Promise<void> {
  const [first] = steps
  if (first === undefined) return
  if (first.outsideTransaction === true) return executeAlone(connection, first)
  try {
    await sendTransaction(connection, steps, options)
  } catch (error) {
    if (!isServerError(error)) throw error
    if (steps.length === 1) throw stepError(first, error)
    // The message does not say which of the steps it was; one by one, the guilty one names itself.
    for (const step of steps) await executeChunk(connection, [step], options)
  }
}

async function sendTransaction(
  connection: Connection,
  steps: readonly PlanStep[],
  { verifierOf }: ExecuteOptions,
): Promise<void> {
  const logins = steps.flatMap((step) => step.passwordOf ?? [])
  const parts: string[] = []
  let role: string | null | undefined
  for (const step of steps) {
    if (step.as !== role) parts.push(setLocalRole(step.as))
    role = step.as
    parts.push(statementOf(step))
  }
  try {
    if (logins.length === 0) {
      await connection.script(['BEGIN', ...parts, 'COMMIT'].join(';\n'))
    } else {
      await connection.script('BEGIN')
      await handOverVerifiers(connection, logins, verifierOf)
      await connection.script([...parts, 'COMMIT'].join(';\n'))
    }
  } catch (error) {
    if (isServerError(error)) {
      // The context of a nested statement quotes it with the verifier.
      if (logins.length > 0) Object.assign(error, { where: undefined, internalQuery: undefined })
      await connection.script('ROLLBACK')
    }
    throw error
  }
}

/** NONE is the operator as he logged in, whatever role the session has taken since. */
const setLocalRole = (role: string | null): string =>
  role === null ? 'SET LOCAL ROLE NONE' : `SET LOCAL ROLE ${ident(role).statement}`

async function executeAlone(connection: Connection, step: PlanStep): Promise<void> {
  const [before] = await connection.script('SELECT current_role')
  const role = String(before?.rows[0]?.current_role)
  await connection.script(step.as === null ? 'SET ROLE NONE' : `SET ROLE ${ident(step.as).statement}`)
  try {
    await connection.script(statementOf(step))
  } catch (error) {
    throw isServerError(error) ? stepError(step, error) : error
  } finally {
    await connection.script(`SET ROLE ${ident(role).statement}`)
  }
}

/** The statement as the plan shows it: the server's own error may quote what was really sent. */
function stepError(step: PlanStep, error: ServerError): PanalError {
  const who = step.as === null ? '' : ` as ${step.as}`
  const [message, ...more] = describeServerError(error)
  return new PanalError(
    sqlStateOf(error) === DISK_FULL ? 'PANAL_DISK_FULL' : 'PANAL_STEP_FAILED',
    `Cannot bring about ${step.subject}${who}: ${message}`,
    { details: [...more, ...step.sql.split('\n')], cause: error },
  )
}
