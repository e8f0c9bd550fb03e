import type pg from 'pg'
import { serverErrorOf } from './server-error.ts'

const completedBefore = new WeakMap<object, number>()

/**
 * How many statements of a script had completed when this error came: 2 means that the third one
 * failed (a syntax error anywhere fails the whole message at 0). It finds the statement where the
 * server gives no position. `undefined` when the error comes from no script.
 */
export function completedStatements(error: unknown): number | undefined {
  const serverError = serverErrorOf(error)
  return serverError === undefined ? undefined : completedBefore.get(serverError)
}

/** Counts the statements that complete while a script runs, and notes the count for its error. */
export async function completedStatementsBefore<Result>(
  client: pg.Client,
  run: () => Promise<Result>,
): Promise<Result> {
  let completed = 0
  const count = (): void => {
    completed += 1
  }
  client.connection.on('commandComplete', count)
  try {
    return await run()
  } catch (error) {
    if (error instanceof Error) completedBefore.set(error, completed)
    throw error
  } finally {
    client.connection.off('commandComplete', count)
  }
}
