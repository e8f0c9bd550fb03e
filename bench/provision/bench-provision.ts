import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { applyPlatform, type ControlContext, createTenants } from '../../src/control/index.ts'
import type { SystemDefinition } from '../../src/model/index.ts'
import { ident, openConnection, sql, withDatabase } from '../../src/postgres/index.ts'
import boTech from '../../systems/bo-tech/system.ts'
import { startTestServer } from '../../test/harness/servers.ts'
import { benchContext } from '../support/bench-context.ts'
import { machine } from '../support/machine.ts'
import { type BenchReport, bar, median } from '../support/report.ts'
import { serverSettings } from '../support/server-settings.ts'
import { PsqlLike } from './psql-like.ts'
import { measureRoleScaling } from './role-scaling.ts'

const ROUNDS = 5
const TENANTS_PER_ROUND = 100

/** The document's own tables, in a system of Panal's: both sides then run the same DDL. */
const documentSystem: SystemDefinition<string> = {
  name: 'document',
  services: {
    shop: {
      tenancy: {
        kind: 'schema',
        schema: (slug) => `document_${slug}`,
        login: (slug) => `document_user_${slug}`,
      },
      migrations: './document',
    },
  },
}

interface Contender {
  readonly name: string
  provision(slugs: readonly string[]): Promise<void>
}

/**
 * 500 BO Tech tenants, each with its own role, schema, grants and 14 tables, in rounds of 100 that
 * alternate between the contenders on one durable server.
 */
export async function benchProvision(): Promise<BenchReport> {
  await using server = await startTestServer({ major: 18, admin: 'superuser', durable: true })
  await using connection = await openConnection(server.url)
  const settings = await serverSettings(connection)
  const tables = statementsOf(new URL('./document/001_tenant_init.sql', import.meta.url))
  for (const name of ['psql_autocommit', 'psql_transaction']) {
    await connection.script(sql`CREATE DATABASE ${ident(name)} TEMPLATE template0`.statement)
  }
  const autocommit = await PsqlLike.open(withDatabase(server.url, 'psql_autocommit'), tables, false)
  const transaction = await PsqlLike.open(withDatabase(server.url, 'psql_transaction'), tables, true)
  const context = benchContext(server.url, [
    { definition: documentSystem, file: fileURLToPath(new URL('./system.ts', import.meta.url)) },
    { definition: boTech, file: fileURLToPath(new URL('../../systems/bo-tech/system.ts', import.meta.url)) },
  ])
  await applyPlatform(context)
  const contenders: Contender[] = [
    { name: 'psql-like, statement by statement', provision: (slugs) => autocommit.provision(slugs) },
    { name: 'psql-like, a transaction per tenant', provision: (slugs) => transaction.provision(slugs) },
    { name: "panal, the document's DDL", provision: (slugs) => create(context, 'document', slugs) },
    { name: 'panal, the DDL as resolved', provision: (slugs) => create(context, 'bo-tech', slugs) },
  ]
  const rates = contenders.map(() => [] as number[])
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, contender] of contenders.entries()) {
      // Roles are of the whole server, so each contender's tenants have names of their own. Round 0 warms up.
      const count = round === 0 ? 10 : TENANTS_PER_ROUND
      const slugs = Array.from({ length: count }, (_, tenant) => `c${index}_r${round}_${tenant}`)
      const started = performance.now()
      await contender.provision(slugs)
      if (round > 0) rates[index]!.push(count / ((performance.now() - started) / 1_000))
    }
  }
  await autocommit.close()
  await transaction.close()
  const scaling = await measureRoleScaling()
  const [perStatement = 0, perTransaction = 0, panal = 0] = rates.map(median)
  return {
    bench: 'provision',
    config: { ...machine(), ...settings, tenants: ROUNDS * TENANTS_PER_ROUND, rounds: ROUNDS },
    results: [
      ...contenders.map(({ name }, index) => ({
        name,
        perSecond: median(rates[index]!),
        runs: rates[index]!,
      })),
      ...scaling.results,
    ],
    bars: [
      bar('panal / statement by statement', panal / perStatement, { atLeast: 1.8 }),
      bar('panal / a transaction per tenant', panal / perTransaction, { atLeast: 1.3 }),
      ...scaling.bars,
    ],
  }
}

async function create(context: ControlContext, system: string, slugs: readonly string[]): Promise<void> {
  const { failed } = await createTenants(context, { system, slugs })
  if (failed.length > 0) throw new Error(`${failed.length} tenants failed: ${failed[0]?.message}`)
}

/** As psql would send them: one statement after the other. The file holds no semicolon but those that end one. */
function statementsOf(file: URL): readonly string[] {
  return readFileSync(file, 'utf8')
    .replaceAll(/--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
