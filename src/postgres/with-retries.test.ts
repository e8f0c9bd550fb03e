import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { PanalError } from '../model/index.ts'
import { retryableSqlStates, retryRuleOf } from './retryable.ts'
import { type Retry, retryDelayMs, withRetries } from './with-retries.ts'

function serverError(code: string, schema?: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('some text', 0, 'error'), { code, schema })
}

/** Fails with each error in turn, then gives the number of its tries. */
function failing(...errors: Error[]): (tryNumber: number) => Promise<number> {
  return async (tryNumber) => {
    const error = errors[tryNumber - 1]
    if (error !== undefined) throw error
    return tryNumber
  }
}

test('work that clashed is tried again, and each wait is reported', async () => {
  const heard: Retry[] = []
  const clash = serverError('40P01')
  const options = { deadlineMs: 5_000, random: () => 0, onRetry: (retry: Retry) => heard.push(retry) }
  assert.equal(await withRetries(failing(clash, clash), options), 3)
  assert.deepEqual(
    heard.map(({ failedTries, delayMs, error }) => [failedTries, delayMs, error]),
    [
      [1, 10, clash],
      [2, 20, clash],
    ],
  )
})

test('an unknown outcome is retried only where the work may be done twice', async () => {
  const lost = new PanalError('PANAL_CONNECTION_LOST', 'gone', { cause: serverError('57P01') })
  await assert.rejects(withRetries(failing(lost), { deadlineMs: 5_000, random: () => 0 }), lost)
  assert.equal(await withRetries(failing(lost), { deadlineMs: 5_000, random: () => 0, repeatable: true }), 2)
})

test('what has no rule is thrown at once, the text never decides', async () => {
  for (const code of ['42P01', '57014', '23505', 'XX000']) {
    const error = Object.assign(serverError(code), { message: 'tuple concurrently updated' })
    await assert.rejects(withRetries(failing(error), { deadlineMs: 5_000 }), error)
  }
  assert.equal(retryRuleOf('40001'), undefined)
})

test('a rule is found behind an error that explains it', () => {
  const wrapped = new Error('migration failed', {
    cause: new Error('in tenant a', { cause: serverError('55P03') }),
  })
  assert.equal(retryRuleOf(wrapped), retryableSqlStates.get('55P03'))
  const starting = new PanalError('PANAL_SERVER_STARTING', 'wait', { cause: serverError('57P01') })
  assert.equal(retryRuleOf(starting)?.effect, 'none')
  assert.equal(retryRuleOf(serverError('23505', 'pg_catalog'))?.effect, 'none')
  assert.equal(retryRuleOf(serverError('23505', 'shop')), undefined)
})

test('tries and deadline end the retries with the last error', async () => {
  const clashes = Array.from({ length: 20 }, () => serverError('55006'))
  let tries = 0
  const work = async (tryNumber: number) => {
    tries = tryNumber
    throw clashes[tryNumber - 1]
  }
  // 50 + 100 ms fit, the next 200 do not.
  await assert.rejects(withRetries(work, { deadlineMs: 300, random: () => 0 }), clashes[2])
  assert.equal(tries, 3)
})

test('an abort ends the wait with its reason', async () => {
  const abort = new AbortController()
  const reason = new PanalError('PANAL_INTERRUPTED', 'Ctrl-C')
  const options = { deadlineMs: 60_000, signal: abort.signal, onRetry: () => abort.abort(reason) }
  await assert.rejects(withRetries(failing(serverError('57P03')), options), reason)
})

test('delays double up to the cap, half of each is jitter', () => {
  const pace = { baseDelayMs: 100, maxDelayMs: 1_000, tries: 9 }
  const delays = (random: number) =>
    [1, 2, 3, 4, 5, 60].map((failed) => retryDelayMs(pace, failed, () => random))
  assert.deepEqual(delays(0), [50, 100, 200, 400, 500, 500])
  assert.deepEqual(delays(1), [100, 200, 400, 800, 1_000, 1_000])
})
