import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { migrateFleet } from '../src/control/fleet/index.ts'
import { type Connection, openConnection, sql, withDatabase } from '../src/postgres/index.ts'
import { APPEND_EFFECT, effects, makeFleet, startFleetFixture } from './fleet-fixture.ts'
import { serverKinds } from './harness/servers.ts'

for (const kind of serverKinds()) {
  const where = `${kind.major} as ${kind.admin}`

  test(`a server that restarts in mid-run is waited for, and nothing is done twice: ${where}`, async (t) => {
    await using fixture = await startFleetFixture(kind)
    const fleet = await makeFleet(fixture, 'restarted', 300)
    await fleet.write({
      'shop/migrations/002_a.sql': `ALTER TABLE orders ADD COLUMN a int; ${APPEND_EFFECT} SELECT pg_sleep(0.005);`,
      'shop/migrations/003_b.sql': `CREATE INDEX ON orders (a); ${APPEND_EFFECT}`,
    })
    let restarted: Promise<void> | undefined
    const landings: number[] = []
    const context = {
      ...fixture.context,
      onProgress: (event: { kind: string; done?: number }) => {
        if (event.kind !== 'advance' || restarted !== undefined || (event.done ?? 0) < 60) return
        landings.push(event.done ?? 0)
        restarted = fixture.server.restart()
      },
    }
    const result = await migrateFleet(context, { migrations: await fleet.load(), targets: fleet.targets })
    await restarted
    t.diagnostic(`restarted after ${landings.join()} of 300 targets`)
    assert.deepEqual([result.failed, result.left, result.skipped], [[], 0, []])
    assert.equal(result.migrated, 300)
    await using connection = await openConnection(
      withDatabase(fixture.server.superuserUrl, fleet.system.database),
    )
    assert.deepEqual(await effects({ ...fleet, superuser: connection }), { schemas: 300, most: 2 })
    const [ledger] = await connection.query(sql`SELECT count(*)::int AS rows FROM panal.ledger_applied`)
    assert.deepEqual(ledger, { rows: 900 })
  })

  test(`foreign connections up to the limit − 5, and a small lock table: no target fails: ${where}`, async (t) => {
    const settings = { max_connections: '25', max_locks_per_transaction: '10', autovacuum: 'off' }
    await using fixture = await startFleetFixture({ ...kind, settings })
    const fleet = await makeFleet(fixture, 'narrow', 200)
    const tables = Array.from({ length: 10 }, (_, n) => `CREATE TABLE t${n} (id int PRIMARY KEY, note text);`)
    await fleet.write({ 'shop/migrations/002_tables.sql': `${tables.join('\n')} ${APPEND_EFFECT}` })
    const url = withDatabase(fixture.server.superuserUrl, fleet.system.database)
    const foreign: Connection[] = []
    const [used] = await fleet.superuser.query<{ used: number }>(sql`
      SELECT count(*)::int AS used FROM pg_stat_activity WHERE backend_type = 'client backend'`)
    while (foreign.length < 20 - (used?.used ?? 0)) foreign.push(await openConnection(url))
    try {
      // Batches far beyond what the table holds: 20 locks each, 200 targets, some 250 places.
      for (const options of [{}, { batch: 200 }, { batch: 200, concurrency: 8 }]) {
        const number = String(foreign.length + Object.keys(options).length).padStart(3, '0')
        await fleet.write({
          [`shop/migrations/${number}_index.sql`]: tables
            .map((_, n) => `CREATE INDEX ON t${n} (note);`)
            .join('\n'),
        })
        const result = await fleet.migrate(options)
        t.diagnostic(`${JSON.stringify(options)}: ${result.migrated} in ${result.seconds.toFixed(2)} s`)
        assert.deepEqual([result.migrated, result.failed, result.left], [200, [], 0])
      }
      assert.deepEqual(await effects(fleet), { schemas: 200, most: 1 })
    } finally {
      for (const connection of foreign) await connection.close()
    }
  })

  test(`a lock table that others have filled is waited for: ${where}`, async () => {
    const settings = { max_connections: '15', max_locks_per_transaction: '10', autovacuum: 'off' }
    await using fixture = await startFleetFixture({ ...kind, settings })
    const fleet = await makeFleet(fixture, 'filled', 40)
    await fleet.write({
      'shop/migrations/002_a.sql': `CREATE TABLE a (id int PRIMARY KEY); ${APPEND_EFFECT}`,
    })
    const url = withDatabase(fixture.server.superuserUrl, fleet.system.database)
    await using greedy = await openConnection(url)
    let released: Promise<unknown> | undefined
    const fill = async (): Promise<void> => {
      await greedy.script('BEGIN')
      let key = 0
      // In steps of 50, then one by one, until not a single lock is to be had.
      for (const step of [50, 1]) {
        try {
          for (;;) {
            const keys = `generate_series(${key}, ${key + step - 1})`
            await greedy.script(`SAVEPOINT s; SELECT pg_advisory_xact_lock(n) FROM ${keys} AS n`)
            key += step
          }
        } catch {
          await greedy.script('ROLLBACK TO s')
        }
      }
      released = sleep(1_000).then(() => greedy.script('ROLLBACK'))
    }
    let begun = false
    const beforeTarget = async (): Promise<void> => {
      if (begun) return
      begun = true
      await fill()
    }
    const { migrated, failed, seconds } = await fleet.migrate({ batch: 20, concurrency: 2, beforeTarget })
    await released
    assert.ok(seconds > 1)
    assert.deepEqual([migrated, failed], [40, []])
    assert.deepEqual(await effects(fleet), { schemas: 40, most: 1 })
  })
}
