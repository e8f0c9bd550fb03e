import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openConnection, sql, sqlStateOf, withDatabase } from '../src/postgres/index.ts'
import {
  type CliOptions,
  type CliResult,
  finished,
  noTerminal,
  panal,
  panalInTerminal,
  startPanal,
} from './cli-runner.ts'
import { serverKinds, startTestServer, type TestServer } from './harness/servers.ts'
import { type TemporaryFolder, temporaryFolder } from './harness/temporary-folder.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

const isForbidden = (error: unknown): boolean => sqlStateOf(error) === '42501'

for (const kind of serverKinds()) {
  const name = `${kind.major} as ${kind.admin}`
  let server: TestServer
  let folder: TemporaryFolder
  /** Where the commands run, and on which server: not the embedded one. */
  let here: CliOptions & { cwd: string; env: Record<string, string> }

  before(async () => {
    server = await startTestServer(kind)
    folder = await temporaryFolder()
    const env = { DATABASE_URL: server.url, PANAL_HOME: join(folder.path, 'home') }
    await mkdir(env.PANAL_HOME)
    here = { cwd: join(folder.path, 'shop'), env }
    assert.equal((await panal(['init', here.cwd])).code, 0)
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  const run = (...args: string[]): Promise<CliResult> => panal(args, here)
  const json = async (...args: string[]) => {
    const result = await run(...args, '--json')
    return { ...JSON.parse(result.stdout), exit: result.code }
  }
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(join(here.cwd, file)), { recursive: true })
    await writeFile(join(here.cwd, file), text)
  }
  const edit = async (file: string, from: string, to: string): Promise<void> => {
    const text = await readFile(join(here.cwd, file), 'utf8')
    assert.ok(text.includes(from))
    await writeFile(join(here.cwd, file), text.replace(from, to))
  }

  test(`${name}: before the first apply, everything is to be done and nothing fails`, async () => {
    const plan = await run('plan')
    assert.equal(plan.code, 0)
    assert.match(plan.stdout, /^hello on hello$/m)
    assert.match(plan.stdout, /^ {2}\+ role hello_catalog_owner +catalog owns its schema$/m)
    assert.match(plan.stdout, /^ {2}↑ migrate catalog 001_products$/m)
    assert.match(plan.stdout, /\d+ steps, 2 migrations\. Nothing is dropped\. .*Apply with: panal apply\n$/)
    assert.equal((await run('plan', '--check')).code, 1)
    const { targets } = await json('status')
    assert.deepEqual(
      targets.map((target: { pending: string[]; provisioned: boolean }) => [
        target.pending,
        target.provisioned,
      ]),
      [
        [['001_products'], false],
        [['001_orders'], false],
      ],
    )
    assert.deepEqual([(await json('runs')).runs, (await json('audit')).entries], [[], []])
    const early = await json('migrate')
    assert.deepEqual([early.exit, early.error.code], [2, 'PANAL_NOT_PROVISIONED'])
  })

  test(`${name}: without a terminal and without --yes, a server that is not embedded is left alone`, async () => {
    const { exit, error } = await json('apply')
    assert.deepEqual([exit, error.code], [2, 'PANAL_CONFIRMATION_NEEDED'])
    assert.ok(error.details.length > 10, 'it says what would be done')
    await using connection = await openConnection(server.superuserUrl)
    assert.deepEqual(await connection.query(sql`SELECT 1 FROM pg_database WHERE datname = 'hello'`), [])
  })

  test(`${name}: apply, and then there is nothing to do`, async () => {
    const applied = await json('apply', '--yes')
    assert.deepEqual([applied.exit, applied.failed, applied.migrated], [0, [], 2])
    assert.match(applied.run, /^r-[0-9a-f]+$/)
    const check = await run('plan', '--check')
    assert.deepEqual(
      [check.code, check.stdout],
      [0, 'Nothing to do: the server is as the model describes it.\n'],
    )
    assert.match((await run('apply')).stdout, /^Nothing to do: /)
    assert.match((await run('status')).stdout, /hello\/orders +hello +orders +001_orders +up to date/)
    assert.match((await run('seed')).stdout, /hello\/catalog +001_products\.sql +3 /)
    // The servers of the tests do without fsync, which a doctor must not like.
    const doctor = await run('doctor')
    assert.equal(doctor.code, 1)
    assert.match(doctor.stdout, /^problem .*fsync.*$/m)
    assert.match(doctor.stdout, /\d+ checks: 1 problem\.\n$/)
  })

  test(`${name}: the .env of a service logs in, and reaches what it may`, async () => {
    const { variables } = await json('env', '--service', 'orders')
    assert.equal(
      (await run('env', '--service', 'orders')).stdout.split('\n')[0],
      `DATABASE_URL=${variables.DATABASE_URL}`,
    )
    await using connection = await openConnection(variables.DATABASE_URL)
    const products = await connection.query(sql`SELECT sku FROM catalog.products`)
    assert.equal(products.length, 3)
    await connection.query(sql`INSERT INTO orders (customer) VALUES ('Ana')`)
    await assert.rejects(connection.query(sql`DELETE FROM catalog.products`), isForbidden)
  })

  test(`${name}: what takes something away needs an answer`, { skip: noTerminal }, async () => {
    await edit('systems/hello/system.ts', ", reads: ['catalog']", '')
    const refused = await json('apply')
    assert.deepEqual([refused.exit, refused.error.code], [2, 'PANAL_CONFIRMATION_NEEDED'])
    assert.match(refused.error.details.join('\n'), /select on .*catalog.*hello_orders_svc/)

    const no = await panalInTerminal(['apply'], [['[y/N]', 'n\\r']], here)
    assert.equal(no.code, 2, no.stdout)
    assert.match(no.stdout, /The answer was no; nothing was done/)
    const interrupted = await panalInTerminal(['apply'], [['[y/N]', '\\x03']], here)
    assert.equal(interrupted.code, 130, interrupted.stdout)
    assert.equal((await run('plan', '--check')).code, 1, 'nothing was done')
    const yes = await panalInTerminal(['apply'], [['[y/N]', 'y\\r']], here)
    assert.equal(yes.code, 0, yes.stdout)
    assert.equal((await run('plan', '--check')).code, 0)
  })

  test(`${name}: a failing file shows its place, and exits 1`, async () => {
    const file = 'systems/hello/orders/migrations/002_channel.sql'
    await write(file, "ALTER TABLE orders\n  ADD channel text NOT NULL\n  CHECK (channel <> '');\n")
    const { exit, failed } = await json('migrate')
    assert.equal(exit, 1)
    assert.deepEqual(
      [failed.length, failed[0].target, failed[0].migration, failed[0].sqlState],
      [1, 'hello/orders', '002_channel', '23502'],
    )
    const text = await run('migrate')
    assert.equal(text.code, 1)
    assert.match(text.stdout, /✗ hello\/orders {3}002_channel {3}\S+ {3}.+\n/)
    const { runs } = await json('runs')
    assert.deepEqual([runs[0].kind, runs[0].status], ['migrate', 'failed'])
    assert.match((await run('runs', 'show', runs[0].id)).stdout, /✗ hello\/orders/)
    await write(
      file,
      '-- migrate:up\nALTER TABLE orders ADD channel text;\n-- migrate:down\nALTER TABLE orders DROP channel;\n',
    )
  })

  test(`${name}: a syntax error is drawn where it stands, and exits 2`, async () => {
    await write(
      'systems/hello/orders/migrations/003_wrong.sql',
      'ALTER TABLE orders\n  ADD x text NOT NUL;\n',
    )
    const { code, stderr } = await run('migrate')
    assert.equal(code, 2)
    assert.match(
      stderr,
      /^error PANAL_MIGRATION_SYNTAX {3}systems\/hello\/orders\/migrations\/003_wrong\.sql:2:18\n/,
    )
    assert.match(stderr, /2 │ {3}ADD x text NOT NUL;\n +│ +▲ syntax error at or near "NUL"/)
    await write('systems/hello/orders/migrations/003_wrong.sql', 'SELECT 1;\n')
  })

  test(`${name}: Ctrl-C lets what is in flight finish, keeps what is done and exits 130`, async () => {
    await write('systems/hello/catalog/migrations/004_slow.sql', 'SELECT pg_sleep(2);\n')
    await write('systems/hello/orders/migrations/005_after.sql', 'SELECT 1;\n')
    const child = startPanal(['migrate', '--json'], here)
    const result = finished(child)
    await using watcher = await openConnection(withDatabase(server.superuserUrl, 'hello'))
    const sleeping = sql`SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'`
    while ((await watcher.query(sleeping)).length === 0) {
      assert.equal(child.exitCode, null, 'it ended before it slept')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    child.kill('SIGINT')
    const { code, stderr } = await result
    assert.equal(code, 130)
    assert.match(stderr, /Stopping after what is in flight/)
    const { targets } = await json('status')
    assert.deepEqual(
      targets.map((target: { version: string; pending: string[] }) => [target.version, target.pending]),
      [
        ['004_slow', []],
        ['001_orders', ['002_channel', '003_wrong', '005_after']],
      ],
    )
    assert.equal((await json('runs')).runs[0].status, 'interrupted')
    assert.equal((await run('migrate')).code, 0)
  })

  test(`${name}: rollback takes back what it is told`, async () => {
    const { exit, migrated } = await json('rollback', '--service', 'orders', '--only', '002')
    assert.deepEqual([exit, migrated], [0, 1])
    assert.equal((await json('rollback', '--service', 'orders')).exit, 2)
    const { entries } = await json('audit', '--since', '1h', '--action', 'role')
    assert.ok(entries.length > 0)
  })

  test(`${name}: a server that is not there or lets nobody in is exit 3`, async () => {
    const down = { ...here, env: { ...here.env, DATABASE_URL: 'postgres://ana:geheim@127.0.0.1:1/x' } }
    const unreachable = await panal(['plan'], down)
    assert.equal(unreachable.code, 3)
    assert.match(unreachable.stderr, /^error PANAL_DATABASE_UNREACHABLE/)
    assert.ok(!unreachable.stderr.includes('geheim'))
    const url = new URL(server.url)
    url.password = 'wrong'
    const refused = await panal(['plan', '--json'], { ...here, env: { ...here.env, DATABASE_URL: url.href } })
    assert.equal(refused.code, 3)
    assert.equal(JSON.parse(refused.stdout).error.code, 'PANAL_AUTHENTICATION_FAILED')
    assert.equal((await panal(['doctor'], down)).code, 3)
  })

  test(`${name}: another environment without a URL is not sent to the embedded server`, async () => {
    await edit(
      'panal.config.ts',
      'export default defineConfig({',
      'export default defineConfig({\n  environments: { staging: {} },',
    )
    const { code, stderr } = await panal(['plan', '--env', 'staging'], {
      ...here,
      env: { ...here.env, DATABASE_URL: '' },
    })
    assert.equal(code, 2)
    assert.match(stderr, /PANAL_CONFIG_INVALID.+"staging" has no URL/s)
  })

  test(`${name}: a reader that goes away does not break the work off`, async () => {
    const child = startPanal(['runs', '--json'], here)
    child.stdout?.destroy()
    const [code] = await once(child, 'close')
    assert.equal(code, 0)
  })

  test(`${name}: the systems that ship: a tenant from nothing to a URL that connects, services kept apart`, async () => {
    const clone = { ...here, cwd: root }
    const asJson = async (...args: string[]) => JSON.parse((await panal([...args, '--json'], clone)).stdout)
    const both = ['--system', 'acc-lms', '--system', 'bo-tech']
    assert.deepEqual((await asJson('apply', '--yes', ...both)).failed, [])
    assert.equal((await panal(['plan', '--check', ...both], clone)).code, 0)

    const { tenants } = await asJson('tenant', 'create', 'acme', '--system', 'bo-tech')
    assert.deepEqual([tenants[0].slug, tenants[0].status], ['acme', 'active'])
    const { variables } = await asJson('tenant', 'env', 'acme', '--system', 'bo-tech')
    await using acme = await openConnection(variables.DATABASE_URL)
    assert.deepEqual(await acme.query(sql`SELECT current_schema() AS schema`), [{ schema: 'schema_acme' }])
    assert.equal((await asJson('tenant', 'list')).tenants.length, 1)
    assert.match(
      (await panal(['tenant', 'show', 'acme', '--system', 'bo-tech'], clone)).stdout,
      /shop +schema_acme/,
    )

    const bad = await asJson('tenant', 'create', "O'Higgins", '--system', 'bo-tech')
    assert.equal(bad.error.code, 'PANAL_TENANT_SLUG')

    const courses = await asJson('env', '--system', 'acc-lms', '--service', 'courses')
    await using session = await openConnection(courses.variables.DATABASE_URL)
    await session.query(sql`SELECT count(*) FROM courses.categories`)
    await assert.rejects(session.query(sql`SELECT 1 FROM auth.users`), isForbidden)
  })
}
