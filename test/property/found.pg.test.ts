import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SystemDefinition } from '../../src/model/index.ts'
import { serverKinds } from '../harness/server-kinds.ts'
import { assertConverged } from '../kill/recovery.ts'
import { startProvisionFixture } from '../provision-fixture.ts'

// What the properties once found, as the smallest case each.

const before: SystemDefinition<'shop' | 'stock'> = {
  name: 'found',
  services: { shop: {}, stock: { reads: ['shop'] } },
  roles: { found_clerks: { login: true } },
}
const after: SystemDefinition<'stock'> = {
  name: 'found',
  services: { stock: {} },
  roles: { found_clerks: { login: false } },
}

const cases = [
  {
    name: 'an orphan schema with a table of an owner who may not enter it',
    sql: 'ALTER TABLE shop.goods OWNER TO found_stock_owner',
  },
  { name: 'a superuser who should log in no more', sql: 'ALTER ROLE found_clerks SUPERUSER' },
  { name: 'a superuser who left the model', sql: 'ALTER ROLE found_shop_svc SUPERUSER CREATEROLE' },
]

for (const kind of serverKinds()) {
  for (const { name, sql } of cases) {
    test(`${name}: one apply of a superuser mends it, an operator is told: ${kind.major} as ${kind.admin}`, async () => {
      await using fixture = await startProvisionFixture(kind)
      await fixture.write({ 'found/shop/migrations/001_goods.sql': 'CREATE TABLE goods (id integer);' })
      await fixture.describe({ systems: [before] }).apply()
      const database = await fixture.open('found')
      await database.script(sql)

      const changed = fixture.describe({ systems: [after] })
      const { failed } = await changed.apply()
      const plan = await changed.plan()
      assert.deepEqual(plan.orphans.map((orphan) => orphan.name).sort(), [
        'found_shop_owner',
        'found_shop_svc',
        'shop',
      ])
      if (fixture.superuser || !sql.includes('SUPERUSER')) {
        assert.deepEqual(failed, [])
        assertConverged({ ...plan, orphans: [] })
      } else {
        assert.deepEqual(plan.steps, [])
        assert.ok(plan.unreachable.some((step) => step.sql.endsWith(' NOSUPERUSER')))
      }
      const [powers] = await database.script(
        `SELECT rolname, rolcanlogin FROM pg_roles WHERE rolname IN ('found_clerks', 'found_shop_svc') AND (rolsuper OR rolcanlogin)`,
      )
      if (fixture.superuser) assert.deepEqual(powers?.rows, [])
    })
  }
}
