import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { PanalError } from '../src/model/index.ts'
import {
  type Connection,
  ident,
  isServerError,
  type LockHolder,
  literal,
  lockHolder,
  lockKey,
  openConnection,
  retryRuleOf,
  scramVerifier,
  sql,
  takeTransactionLock,
  withAdvisoryLock,
  withCredentials,
} from '../src/postgres/index.ts'
import { startTestServer, type TestServer } from './harness/servers.ts'

const failsWith = (code: string) => (error: unknown) => error instanceof PanalError && error.code === code
const key = lockKey('panal', 'test', 'ñ')

test('keys are stable across releases, signed, and tell lists apart', () => {
  assert.equal(lockKey('panal', 'target'), -4087592750128268289n)
  assert.notEqual(lockKey('ab', 'c'), lockKey('a', 'bc'))
  assert.equal(BigInt.asIntN(64, key), key)
})

for (const major of [18, 15] as const) {
  describe(`advisory locks on PostgreSQL ${major}`, () => {
    let server: TestServer
    let one: Connection
    let two: Connection

    before(async () => {
      server = await startTestServer({ major, admin: 'superuser' })
      one = await openConnection(server.url, { applicationName: 'the first' })
      two = await openConnection(server.url)
    })
    after(async () => {
      await one?.close()
      await two?.close()
      await server?.[Symbol.asyncDispose]()
    })

    test('work waits for the lock, hears once who holds it, and nobody else is inside', async () => {
      const heard: (LockHolder | undefined)[] = []
      const order: string[] = []
      const first = withAdvisoryLock(one, key, { timeoutMs: 0 }, async () => {
        order.push('one enters')
        await sleep(300)
        order.push('one leaves')
      })
      await sleep(100)
      const options = { timeoutMs: 20_000, onWait: (holder: LockHolder | undefined) => heard.push(holder) }
      await Promise.all([first, withAdvisoryLock(two, key, options, async () => order.push('two enters'))])
      assert.deepEqual(order, ['one enters', 'one leaves', 'two enters'])
      assert.deepEqual(
        heard.map((holder) => [holder?.processId, holder?.applicationName, holder?.user]),
        [[one.processId, 'the first', 'postgres']],
      )
      assert.ok(heard[0]?.since instanceof Date)
      assert.equal(await lockHolder(one, key), undefined)
    })

    test('a wait that is too long names the holder, and other keys are free', async () => {
      await withAdvisoryLock(one, key, { timeoutMs: 0 }, async () => {
        const late = withAdvisoryLock(two, key, { timeoutMs: 60, subject: 'the roles' }, async () =>
          assert.fail(),
        )
        await assert.rejects(late, (error) => {
          assert.ok(failsWith('PANAL_LOCK_TIMEOUT')(error) && error instanceof PanalError)
          assert.match(error.message, new RegExp(`the roles.*60 ms.*${one.processId}.*"the first"`))
          assert.equal(retryRuleOf(error), undefined)
          return true
        })
        await withAdvisoryLock(two, lockKey('other'), { timeoutMs: 0 }, async () => undefined)
      })
    })

    test('the lock is released when work throws, and gone with its session', async () => {
      const failure = new Error('no')
      const failing = withAdvisoryLock(one, key, { timeoutMs: 0 }, async () => {
        await one.query(sql`SELECT 1/0`).catch(() => undefined)
        throw failure
      })
      await assert.rejects(failing, failure)
      assert.equal(await lockHolder(two, key), undefined)

      const doomed = await openConnection(server.url)
      const dropped = withAdvisoryLock(doomed, key, { timeoutMs: 0 }, () => doomed.close())
      await assert.rejects(dropped, failsWith('PANAL_CONNECTION_LOST'))
      await withAdvisoryLock(two, key, { timeoutMs: 5_000 }, async () => undefined)
    })

    test('an abort ends the wait', async () => {
      const reason = new PanalError('PANAL_INTERRUPTED', 'Ctrl-C')
      const abort = new AbortController()
      await withAdvisoryLock(one, key, { timeoutMs: 0 }, async () => {
        const onWait = () => abort.abort(reason)
        const waiting = withAdvisoryLock(
          two,
          key,
          { timeoutMs: 60_000, onWait, signal: abort.signal },
          async () => 1,
        )
        await assert.rejects(waiting, reason)
      })
    })

    test('a transaction keeps its lock to the end, whichever end', async () => {
      const fails = one.transaction(async () => {
        await takeTransactionLock(one, key, { timeoutMs: 0 })
        assert.equal((await lockHolder(two, key))?.processId, one.processId)
        await one.query(sql`SELECT 1/0`)
      })
      await assert.rejects(fails, isServerError)
      assert.equal(await lockHolder(two, key), undefined)
      await assert.rejects(takeTransactionLock(one, key, { timeoutMs: 0 }), failsWith('PANAL_INTERNAL'))
      const within = one.transaction(() =>
        withAdvisoryLock(one, key, { timeoutMs: 0 }, async () => undefined),
      )
      await assert.rejects(within, failsWith('PANAL_INTERNAL'))
    })

    test('one who waits does not hold up CREATE INDEX CONCURRENTLY of the holder', async () => {
      await one.script('CREATE TABLE indexed (id int)')
      let waiting: Promise<string> | undefined
      await withAdvisoryLock(one, key, { timeoutMs: 0 }, async () => {
        waiting = withAdvisoryLock(two, key, { timeoutMs: 20_000 }, async () => 'entered')
        await sleep(50)
        await one.script('CREATE INDEX CONCURRENTLY indexed_id ON indexed (id)')
      })
      assert.equal(await waiting, 'entered')
    })

    test('a session that may see little still learns who holds the lock', async () => {
      const password = 'p/+=@:%'
      await one.script(
        sql`CREATE ROLE plain LOGIN PASSWORD ${literal(await scramVerifier(password))}`.statement,
      )
      await using plain = await openConnection(withCredentials(server.url, 'plain', password))
      await withAdvisoryLock(one, key, { timeoutMs: 0 }, async () => {
        const holder = await lockHolder(plain, key)
        assert.deepEqual(
          [holder?.processId, holder?.applicationName, holder?.since],
          [one.processId, 'the first', null],
        )
      })
    })

    test('a race of IF NOT EXISTS may be retried, the same code on a table of one’s own may not', async () => {
      await two.script('CREATE TABLE own (id int PRIMARY KEY)')
      await two.script('BEGIN; CREATE SCHEMA raced')
      const raced = one
        .query(sql`CREATE SCHEMA IF NOT EXISTS ${ident('raced')}`)
        .catch((error: unknown) => error)
      await sleep(100)
      await two.script('COMMIT')
      const race = await raced
      assert.ok(isServerError(race) && race.code === '23505')
      assert.equal(retryRuleOf(race)?.effect, 'none')
      const own = await one.script('INSERT INTO own VALUES (1), (1)').catch((error: unknown) => error)
      assert.ok(isServerError(own) && own.code === '23505')
      assert.equal(retryRuleOf(own), undefined)
    })
  })
}
