import assert from 'node:assert/strict'
import { test } from 'node:test'
import { insertTenantRecords } from '../src/control/state/index.ts'
import type { SystemDefinition } from '../src/model/index.ts'
import { Connection } from '../src/postgres/connection.ts'
import { serverKinds } from './harness/servers.ts'
import { startProvisionFixture } from './provision-fixture.ts'

const many: SystemDefinition<string> = {
  name: 'many',
  services: {
    shop: {
      tenancy: { kind: 'schema', schema: (slug) => `shop_${slug}`, login: (slug) => `user_${slug}` },
    },
  },
}

/** Messages sent to the server while work runs, by all connections of this process. */
async function messagesOf(work: () => Promise<unknown>): Promise<number> {
  let count = 0
  const { query, script } = Connection.prototype
  Connection.prototype.query = function (...given) {
    count++
    return query.apply(this, given) as never
  }
  Connection.prototype.script = function (...given) {
    count++
    return script.apply(this, given)
  }
  try {
    await work()
  } finally {
    Object.assign(Connection.prototype, { query, script })
  }
  return count
}

for (const kind of serverKinds()) {
  test(`on ${kind.major} as ${kind.admin} a plan asks as often for 300 tenants as for none, and for one of them`, async () => {
    await using fixture = await startProvisionFixture(kind)
    await fixture.write({ 'many/shop/migrations/001_orders.sql': 'CREATE TABLE orders (id int);' })
    const platform = fixture.describe({ systems: [many] })
    const grow = async (from: number, to: number): Promise<void> => {
      await using control = await platform.context.databases.openControl()
      const slugs = Array.from({ length: to - from }, (_, index) => `t${from + index}`)
      await insertTenantRecords(control, 'many', slugs, {})
    }
    await platform.apply()
    await grow(0, 3)
    assert.deepEqual((await platform.apply()).failed, [])
    const selection = { systems: ['many'], tenant: 't1' }
    const few = await messagesOf(() => platform.plan())
    const one = await messagesOf(() => platform.plan({ selection }))
    assert.ok(few > 10, `${few} messages: the counter does not count`)
    await grow(3, 300)
    assert.deepEqual((await platform.apply()).failed, [])
    assert.equal(await messagesOf(() => platform.plan()), few)
    assert.equal(await messagesOf(() => platform.plan({ selection })), one)
    const plan = await platform.plan()
    assert.deepEqual([plan.steps, plan.pending, plan.orphans], [[], [], []])
    // 16+: three hundred logins are more than one creator should have made.
    const [creators] = await (await fixture.open('many')).script(
      "SELECT count(*)::int AS n FROM pg_roles WHERE rolname ~ '^many_creator_'",
    )
    assert.deepEqual(creators!.rows, [{ n: kind.major >= 16 ? 2 : 1 }])
  })
}
