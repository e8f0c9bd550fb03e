import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  type Connection,
  ident,
  join,
  literal,
  openConnection,
  sql,
  withCredentials,
} from '../../src/postgres/index.ts'

/** Migrations of the shop in their order, each as its up and its down part. */
export const migrations = filesOf('migrations').map(({ text }) => {
  const [up, down] = text.slice(text.indexOf('-- migrate:up')).split('-- migrate:down')
  if (up === undefined || down === undefined) throw new Error('A migration of the shop has no down part')
  return { up, down }
})

/** The document's tables, in an order in which each stands after those it points at. */
export const documentTables = [
  'categories',
  'products',
  'users',
  'salesgroups',
  'groupsellers',
  'groupmarketingmanagers',
  'pricelists',
  'pricelistitems',
  'customers',
  'customerinfo',
  'orders',
  'orderitems',
  'cartcache',
  'product_recommendations',
] as const

export const supportTables = ['customer_users'] as const

/** The one owner of all tenants' schemas, as architecture.md has it. */
const owner = 'bo_tech_shop_owner'
const password = 'of-a-tenant'

/** A tenant as Panal makes it: schema of the common owner, login with DML and the search_path of its own. */
export interface Shop {
  readonly slug: string
  readonly schema: string
  /** Of the login `user_<slug>`. */
  readonly url: string
}

/** Makes a tenant's schema and login and runs the migrations as the owner. `admin` is a superuser's session. */
export async function createShop(admin: Connection, adminUrl: string, slug: string): Promise<Shop> {
  const [schema, login] = [`schema_${slug}`, `user_${slug}`] as const
  await admin.script(
    `do $$ begin if to_regrole('${owner}') is null then create role ${owner} nologin; end if; end $$`,
  )
  const inSchema = sql`alter default privileges for role ${ident(owner)} in schema ${ident(schema)} grant`
  const statements = [
    sql`create role ${ident(login)} login password ${literal(password)}`,
    sql`alter role ${ident(login)} set search_path = ${ident(schema)}, extensions`,
    sql`create schema ${ident(schema)} authorization ${ident(owner)}`,
    sql`grant usage on schema ${ident(schema)} to ${ident(login)}`,
    sql`${inSchema} select, insert, update, delete on tables to ${ident(login)}`,
    sql`${inSchema} usage on sequences to ${ident(login)}`,
  ]
  await admin.script(join(statements, '; ').statement)
  const shop = { slug, schema, url: withCredentials(adminUrl, login, password) }
  for (const { up } of migrations) await asOwner(admin, shop, up)
  return shop
}

/** Runs a text the way the migration runner does: in one transaction, as the owner, in the tenant's schema. */
export async function asOwner(
  admin: Connection,
  { schema }: Pick<Shop, 'schema'>,
  text: string,
): Promise<void> {
  await admin.transaction(async () => {
    await admin.script(
      sql`set local role ${ident(owner)}; set local search_path = ${ident(schema)}, extensions`.statement,
    )
    await admin.script(text)
  })
}

export interface SeedOptions {
  /** `panal.tenant`; default: the shop's slug. */
  readonly tenant?: string
  /** `panal.scale`; default: 1. */
  readonly scale?: number
  /** Seed files to run; default: all. */
  readonly only?: RegExp
}

/** Runs the seeds, each file in a transaction of its own. */
export async function seedShop(admin: Connection, shop: Shop, options: SeedOptions = {}): Promise<void> {
  const { tenant = shop.slug, scale = 1, only = /^/ } = options
  for (const { name, text } of filesOf('seeds')) {
    if (!only.test(name)) continue
    await asOwner(
      admin,
      shop,
      `set local panal.tenant = '${tenant}'; set local panal.scale = '${scale}'; ${text}`,
    )
  }
}

/** A session of the tenant's own login. */
export const openShop = (shop: Shop): Promise<Connection> =>
  openConnection(shop.url, { applicationName: 'bo-tech test' })

/** Rows of a table, sorted as text, so that two shops or two moments compare equal. */
export async function rowsOf(admin: Connection, shop: Shop, table: string): Promise<readonly string[]> {
  const rows = await admin.query<{ row: string }>(
    sql`select t::text as row from ${ident(shop.schema, table)} t order by t::text collate "C"`,
  )
  return rows.map(({ row }) => row)
}

function filesOf(folder: 'migrations' | 'seeds'): readonly { name: string; text: string }[] {
  const url = new URL(`../../systems/bo-tech/shop/${folder}/`, import.meta.url)
  return readdirSync(fileURLToPath(url))
    .sort()
    .map((name) => ({ name, text: readFileSync(new URL(name, url), 'utf8') }))
}
