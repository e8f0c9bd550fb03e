import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { type Connection, serverErrorOf } from '../../src/postgres/index.ts'
import { type OrbitPlatform, startOrbitPlatform } from './orbit-engine-platform.ts'
import { idOf, inOrganization, stage, staged, valueIn } from './orbit-engine-stage.ts'

const own = idOf('a')
const customer = idOf('a', staged.customer)
const withKey = (key: string): string => `select set_config('app.document_key', '${key}', true);`
const key = withKey('of-the-organization-a')
const wrong = withKey('of-somebody-else-here')

for (const major of [18, 15] as const) {
  suite(`orbit-engine: document numbers, PostgreSQL ${major}`, () => {
    let platform: OrbitPlatform
    let session: Connection

    before(async () => {
      platform = await startOrbitPlatform({ major, admin: 'operator' })
      session = await platform.session()
      await stage(session, 'a')
      await stage(session, 'b')
    })
    after(async () => {
      await session?.close()
      await platform?.[Symbol.asyncDispose]()
    })

    const value = (statements: string): Promise<unknown> => valueIn(session, own, statements)
    const refusedBy = async (statements: string, constraint: string): Promise<void> => {
      await assert.rejects(
        inOrganization(session, own, statements),
        (error) => serverErrorOf(error)?.constraint === constraint,
      )
    }
    const add = (number: string): string =>
      `insert into customers (organization_id, document_type, document_number, first_name, last_name) values ('${own}', 'DNI', '${number}', 'Eva', 'Paz')`

    test('ORB-19: without a key numbers are what they are, and found', async () => {
      assert.equal(await value(`select document_number from customers where id = '${customer}'`), '45871236')
      assert.equal(await value(`select customer_by_document('DNI', '45871236')`), customer)
      assert.equal(await value(`select customer_document_number('${customer}')`), '45871236')
      await refusedBy('select encrypt_document_numbers()', 'customers_document_key')
      await refusedBy(`${withKey('short')} select encrypt_document_numbers()`, 'customers_document_key')
    })

    test('ORB-19: encrypting leaves nothing of a number but its end', async () => {
      assert.equal(await value(`${key} select encrypt_document_numbers()::int`), 2)
      assert.equal(await value(`${key} select encrypt_document_numbers()::int`), 0)
      const [row] = await platform.superuser.script(
        `select document_number, document_fingerprint, document_number_encrypted from app.customers where id = '${customer}'`,
      )
      assert.equal(row?.rows[0]?.document_number, '****1236')
      const whole = JSON.stringify(row?.rows) + String(row?.rows[0]?.document_number_encrypted)
      assert.ok(!whole.includes('45871236'), whole)
    })

    test('ORB-19: whoever holds the key reads, finds and adds; a number stays unique', async () => {
      assert.equal(await value(`${key} select customer_document_number('${customer}')`), '45871236')
      assert.equal(await value(`${key} select customer_by_document('DNI', '45871236')`), customer)
      await value(key + add('40000001'))
      await refusedBy(key + add('40000001'), 'idx_customers_organization_document')
      assert.equal(
        await value(`select string_agg(document_number, ' ') from customers where first_name = 'Eva'`),
        '****0001',
      )
    })

    test('ORB-19: without the key, or with another, nothing is read or added', async () => {
      for (const none of ['', wrong]) {
        await refusedBy(`${none} select customer_document_number('${customer}')`, 'customers_document_key')
        await refusedBy(`${none} select customer_by_document('DNI', '45871236')`, 'customers_document_key')
        await refusedBy(none + add('40000002'), 'customers_document_key')
      }
    })

    test('ORB-19: what is not the number changes without the key', async () => {
      await value(`update customers set phone = '999 000 111', document_number = document_number, document_number_encrypted = null,
        document_fingerprint = 'x' where id = '${customer}'`)
      assert.equal(await value(`${key} select customer_document_number('${customer}')`), '45871236')
      assert.equal(await value(`${key} select customer_by_document('DNI', '45871236')`), customer)
    })

    test('ORB-19: encryption is not undone by hand, and is each organization’s own', async () => {
      await refusedBy('update organizations set document_key_check = null', 'organizations_document_key_once')
      await refusedBy(
        `${wrong} update organizations set document_key_check = 'x'`,
        'organizations_document_key_once',
      )
      assert.equal(
        await valueIn(
          session,
          idOf('b'),
          `select document_number from customers where document_type = 'DNI'`,
        ),
        '45871236',
      )
    })
  })
}
