import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { type InstalledPackage, installPackage } from './harness/installed-package.ts'
import { type TemporaryFolder, temporaryFolder } from './harness/temporary-folder.ts'

/** The package as others get it: packed, installed in an empty folder, run from there. */

const run = promisify(execFile)
const root = dirname(dirname(fileURLToPath(import.meta.url)))

let folder: TemporaryFolder
/** The folder that has the package in its node_modules. */
let app: string
let shipped: InstalledPackage

const installed = (path: string): string => shipped.path(path)

async function panal(args: readonly string[], cwd: string, home = 'home'): Promise<string> {
  const { DATABASE_URL: _, ...inherited } = process.env
  const env = { ...inherited, PANAL_HOME: join(folder.path, home) }
  const { stdout } = await run(process.execPath, [installed('bin/panal.js'), ...args], { cwd, env })
  return stdout
}

before(async () => {
  folder = await temporaryFolder()
  shipped = await installPackage(folder.path)
  app = shipped.app
})
after(() => folder[Symbol.asyncDispose]())

test('the package carries built code, the systems and the template, and no tests or sources', () => {
  const unexpected = shipped.files.filter(
    (path) =>
      !/^(dist\/|bin\/panal\.js$|package\.json$|LICENSE$|README\.md$|CHANGELOG\.md$)/.test(path) ||
      path.includes('.test.') ||
      (path.endsWith('.ts') && !path.endsWith('.d.ts') && !path.startsWith('dist/cli/scaffold/template/')),
  )
  assert.deepEqual(unexpected, [])
  for (const file of [
    'dist/cli/main.js',
    'dist/model/index.d.ts',
    'dist/cli/scaffold/template/systems/hello/system.ts',
    'dist/cli/scaffold/template/gitignore',
    'dist/systems/bo-tech/system.js',
    'dist/systems/bo-tech/shop/migrations/001_initial.sql',
  ]) {
    assert.ok(shipped.files.includes(file), file)
  }
})

test('init, an embedded PostgreSQL from nothing, apply', async () => {
  const { files } = JSON.parse(await panal(['init', 'shop', '--json'], app))
  assert.ok(files.includes('shop/panal.config.ts'))
  const shop = join(app, 'shop')
  const started = JSON.parse(await panal(['db', 'start', '--json', '--quiet'], shop))
  try {
    assert.equal(started.running, true)
    assert.match(started.version, /^18\./)
    const again = JSON.parse(await panal(['db', 'start', '--json'], shop))
    assert.deepEqual([again.started, again.url], [false, started.url])
    assert.equal(JSON.parse(await panal(['db', 'status', '--json'], shop)).url, started.url)
    const applied = JSON.parse(await panal(['apply', '--json'], shop))
    assert.deepEqual([applied.failed, applied.migrated], [[], 2])
    await panal(['plan', '--check'], shop)
  } finally {
    assert.equal(JSON.parse(await panal(['db', 'stop', '--json'], shop)).stopped, true)
  }
  assert.equal(JSON.parse(await panal(['db', 'status', '--json'], shop)).running, false)
})

test('the demo stands up from the package, and every command works on it', async () => {
  const folderOfDemo = join(folder.path, 'demo')
  await mkdir(folderOfDemo)
  try {
    const { failed, systems } = JSON.parse(await panal(['demo', '--json'], folderOfDemo, 'demo-home'))
    assert.deepEqual(failed, [])
    assert.ok(systems.length >= 2)
    for (const { tables, logins } of systems) assert.ok(tables > 10 && logins.length > 0)
    await panal(['plan', '--check'], folderOfDemo, 'demo-home')
    const { tenants } = JSON.parse(await panal(['tenant', 'list', '--json'], folderOfDemo, 'demo-home'))
    assert.equal(tenants.length, 3)
  } finally {
    await panal(['db', 'stop'], folderOfDemo, 'demo-home')
  }
})

test('a configuration loads where no panal is installed, as with a global one', async () => {
  const elsewhere = join(folder.path, 'elsewhere')
  await panal(['init', elsewhere], app)
  const module = JSON.stringify(pathToFileURL(installed('dist/cli/config/index.js')).href)
  const config = JSON.stringify(join(elsewhere, 'panal.config.ts'))
  const script = `const { loadConfig } = await import(${module})
process.stdout.write((await loadConfig(${config})).systems.map((system) => system.name).join())`
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script])
  assert.deepEqual([stdout, stderr], ['hello', ''])
})

test('the types travel along: a wrong name in reads does not compile', async () => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--types', '']
  await writeFile(join(app, 'package.json'), '{ "private": true, "type": "module" }')
  const system = await readFile(installed('dist/cli/scaffold/template/systems/hello/system.ts'), 'utf8')
  await writeFile(join(app, 'right.ts'), system)
  await writeFile(join(app, 'wrong.ts'), system.replace("reads: ['catalog']", "reads: ['catalogue']"))
  await run(process.execPath, [tsc, ...flags, 'right.ts'], { cwd: app })
  await assert.rejects(run(process.execPath, [tsc, ...flags, 'wrong.ts'], { cwd: app }), {
    stdout: /wrong\.ts.+'"catalogue"'/,
  })
})
