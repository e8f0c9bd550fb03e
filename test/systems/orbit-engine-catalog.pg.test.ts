import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { migratePlatform, rollbackPlatform } from '../../src/control/operations/index.ts'
import { sql } from '../../src/postgres/index.ts'
import { type OrbitPlatform, startOrbitPlatform } from './orbit-engine-platform.ts'

const documentTables = [
  'audit_logs',
  'categories',
  'customers',
  'inventory_movements',
  'organizations',
  'predictions',
  'products',
  'roles',
  'sale_items',
  'sales',
  'users',
]
const supportTables = ['auth_sessions', 'auth_tokens', 'invoice_counters']

/** Indexes of the dictionary and of §4.1, by table and what follows the table's name. */
const documentIndexes: Readonly<Record<string, readonly string[]>> = {
  organizations: ['domain', 'is_active'],
  users: ['organization_email', 'organization_id', 'role_id', 'is_active'],
  categories: ['organization_id', 'parent_id'],
  products: [
    'organization_sku',
    'organization_id',
    'category_id',
    'stock_quantity',
    'is_active',
    'barcode',
    'low_stock',
  ],
  inventory_movements: ['organization_id', 'product_id', 'created_at', 'reference', 'organization_date'],
  customers: [
    'organization_document',
    'organization_id',
    'email',
    'phone',
    'last_purchase_at',
    'recent_active',
  ],
  sales: [
    'organization_invoice',
    'organization_id',
    'customer_id',
    'user_id',
    'sale_date',
    'status',
    'payment_method',
    'organization_date',
  ],
  sale_items: ['sale_id', 'product_id'],
  predictions: ['organization_product_date', 'organization_id', 'product_id', 'prediction_date'],
  audit_logs: ['organization_id', 'user_id', 'action', 'entity', 'created_at'],
}
/** Left out, for the reasons that the README gives. */
const leftOut = [
  'idx_customers_last_purchase_at',
  'idx_organizations_is_active',
  'idx_predictions_organization_id',
  'idx_predictions_product_id',
  'idx_products_is_active',
  'idx_products_stock_quantity',
  'idx_users_is_active',
]

/** The 20 foreign keys of the document: what they name besides the organization, and what a deletion does. */
const documentForeignKeys: Readonly<Record<string, string>> = {
  fk_audit_logs_organization: 'organizations SET NULL',
  fk_audit_logs_user: 'users SET NULL (user_id)',
  fk_categories_organization: 'organizations CASCADE',
  fk_categories_parent: 'categories SET NULL (parent_id)',
  fk_customers_organization: 'organizations CASCADE',
  fk_inventory_movements_organization: 'organizations CASCADE',
  fk_inventory_movements_product: 'products RESTRICT',
  fk_inventory_movements_user: 'users NO ACTION',
  fk_predictions_organization: 'organizations CASCADE',
  fk_predictions_product: 'products RESTRICT',
  fk_products_category: 'categories SET NULL (category_id)',
  fk_products_organization: 'organizations CASCADE',
  fk_sale_items_product: 'products NO ACTION',
  fk_sale_items_sale: 'sales CASCADE',
  fk_sales_cancelled_by: 'users NO ACTION',
  fk_sales_customer: 'customers SET NULL (customer_id)',
  fk_sales_organization: 'organizations CASCADE',
  fk_sales_user: 'users NO ACTION',
  fk_users_organization: 'organizations CASCADE',
  fk_users_role: 'roles NO ACTION',
}

for (const major of [18, 15] as const) {
  suite(`orbit-engine: tables, keys and indexes, PostgreSQL ${major}`, () => {
    let platform: OrbitPlatform

    before(async () => {
      platform = await startOrbitPlatform({ major, admin: 'superuser' })
    })
    after(() => platform?.[Symbol.asyncDispose]())

    const names = async (statement: ReturnType<typeof sql>): Promise<string[]> =>
      (await platform.superuser.query<{ name: string }>(statement)).map(({ name }) => name)

    test('ORB-03: the 11 tables of the document, and three that support them', async () => {
      const found = await names(sql`select relname::text as name from pg_class
        where relnamespace = 'app'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`)
      assert.deepEqual(found, [...documentTables, ...supportTables].sort())
    })

    test('ORB-13: the indexes of the document, but for those that its corrections drop', async () => {
      const wanted = Object.entries(documentIndexes).flatMap(([table, rest]) =>
        rest.map((columns) => `idx_${table}_${columns}`),
      )
      assert.equal(wanted.length, 45)
      const found = new Set(
        await names(sql`select relname::text as name from pg_class
          where relnamespace = 'app'::regnamespace and relkind in ('i', 'I') and not relispartition`),
      )
      const missing = wanted.filter((name) => !found.has(name))
      assert.deepEqual(missing.sort(), leftOut)
    })

    test('ORB-13: the 20 foreign keys of the document, with what a deletion does', async () => {
      const rows = await platform.superuser.query<{ name: string; rule: string; columns: number }>(
        sql`select conname::text as name, cardinality(conkey) as columns,
                   confrelid::regclass::text || ' ' ||
                   case confdeltype when 'c' then 'CASCADE' when 'r' then 'RESTRICT' when 'a' then 'NO ACTION' when 'n' then 'SET NULL' end ||
                   coalesce(' (' || (select attname from pg_attribute where attrelid = conrelid and attnum = any (confdelsetcols)) || ')', '') as rule
              from pg_constraint
             where connamespace = 'app'::regnamespace and contype = 'f' and conparentid = 0`,
      )
      const found = Object.fromEntries(
        rows.filter(({ name }) => name in documentForeignKeys).map(({ name, rule }) => [name, rule]),
      )
      assert.deepEqual(found, documentForeignKeys)
      // ORB-D01: whatever does not lead to the organization itself, or to a role of the system, carries it.
      const alone = rows.filter(
        ({ name, columns }) => columns === 1 && !name.endsWith('_organization') && name !== 'fk_users_role',
      )
      assert.deepEqual(alone, [])
    })

    test('every foreign key is led by an index of its own columns', async () => {
      const bare = await names(sql`select conname::text as name from pg_constraint k
        where connamespace = 'app'::regnamespace and contype = 'f' and conparentid = 0
          and not exists (select from pg_index i where i.indrelid = k.conrelid
                             and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)`)
      assert.deepEqual(bare, [])
    })

    test('ORB-02: names in snake_case, idx_ and fk_ with their table', async () => {
      const odd = await names(sql`
        select relname::text as name from pg_class where relnamespace = 'app'::regnamespace and relname !~ '^[a-z][a-z0-9_]*$'
        union all
        select attname::text from pg_attribute join pg_class on pg_class.oid = attrelid
         where relnamespace = 'app'::regnamespace and attnum > 0 and not attisdropped and attname !~ '^[a-z][a-z0-9_]*$'
        union all
        select conname::text from pg_constraint join pg_class on pg_class.oid = conrelid
         where connamespace = 'app'::regnamespace and contype = 'f' and conparentid = 0
           and not starts_with(conname, 'fk_' || relname || '_')
        union all
        select c.relname::text from pg_index join pg_class c on c.oid = indexrelid join pg_class t on t.oid = indrelid
         where c.relnamespace = 'app'::regnamespace and not t.relispartition and not c.relispartition
           and not starts_with(c.relname, 'idx_' || t.relname || '_')
           and not exists (select from pg_constraint where conindid = c.oid and contype in ('p', 'u', 'x'))`)
      assert.deepEqual(odd, [])
    })

    test('ORB-D15: no time is without a zone', async () => {
      const naive =
        await names(sql`select attrelid::regclass || '.' || attname as name from pg_attribute join pg_class on pg_class.oid = attrelid
        where relnamespace = 'app'::regnamespace and attnum > 0 and atttypid = 'timestamp'::regtype`)
      assert.deepEqual(naive, [])
    })

    test('the down parts leave nothing behind, and the up parts come back to the same plan', async () => {
      const { failed } = await rollbackPlatform(platform.context, { back: { to: '0' } })
      assert.deepEqual(failed, [])
      const left =
        await names(sql`select relname::text as name from pg_class where relnamespace = 'app'::regnamespace
        union all select proname::text from pg_proc where pronamespace = 'app'::regnamespace`)
      assert.deepEqual(left, [])
      assert.deepEqual((await migratePlatform(platform.context, {})).failed, [])
      assert.ok(await platform.isConverged())
    })
  })
}
