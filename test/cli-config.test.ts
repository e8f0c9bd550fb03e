import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { findConfig, loadConfig } from '../src/cli/config/index.ts'
import { PanalError } from '../src/model/index.ts'
import { temporaryFolder } from './harness/temporary-folder.ts'

const CONFIG = `import { defineConfig } from 'panal'
export default defineConfig({ systems: ['./systems/*/system.ts'] })
`
const system = (name: string, services = '{ a: {} }'): string =>
  `import { defineSystem } from 'panal'
export default defineSystem({ name: '${name}', services: ${services} })
`

/** Writes a project outside any package: nothing but Panal itself can say where 'panal' is. */
async function project(files: Record<string, string>) {
  const folder = await temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder.path, name)), { recursive: true })
    await writeFile(join(folder.path, name), text)
  }
  return folder
}

async function refusalOf(folder: string): Promise<PanalError> {
  try {
    await loadConfig(join(folder, 'panal.config.ts'))
  } catch (error) {
    assert.ok(error instanceof PanalError, String(error))
    return error
  }
  return assert.fail('the configuration was accepted')
}

/** What a person is told: code, place from the project's folder, message. */
function told(error: PanalError, folder: string): string {
  const { file = '', line, column } = error.place ?? {}
  return [error.code, file.replace(`${folder}/`, ''), line, column]
    .filter((part) => part !== undefined)
    .join(' ')
}

test('a project outside any package loads, without a warning of Node', async () => {
  await using folder = await project({
    'panal.config.ts': CONFIG,
    'systems/one/system.ts': system('one'),
    'systems/two/system.ts': system('two', '{ b: { schema: "b_of_two" } }'),
  })
  const warnings: Error[] = []
  const listener = (warning: Error) => warnings.push(warning)
  process.on('warning', listener)
  const config = await loadConfig(join(folder.path, 'panal.config.ts'))
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', listener)
  assert.deepEqual(
    config.systems.map(({ name }) => name),
    ['one', 'two'],
  )
  assert.equal(
    config.systems[0]?.services[0]?.migrationsFolder,
    join(folder.path, 'systems/one/a/migrations'),
  )
  assert.deepEqual(
    warnings.map((warning) => warning.message),
    [],
  )
})

test('the configuration is found from a folder below it, the nearest one', async () => {
  await using folder = await project({
    'panal.config.mjs': '',
    'inner/panal.config.ts': '',
    'inner/deep/er/file': '',
  })
  const { path } = folder
  assert.equal(findConfig(join(path, 'inner/deep/er'), undefined), join(path, 'inner/panal.config.ts'))
  assert.equal(findConfig(path, undefined), join(path, 'panal.config.mjs'))
  assert.equal(findConfig(path, 'inner/panal.config.ts'), join(path, 'inner/panal.config.ts'))
  assert.throws(() => findConfig(path, 'nowhere.ts'), {
    code: 'PANAL_CONFIG_NOT_FOUND',
    message: /nowhere\.ts/,
  })
})

test('a syntax error is shown where it stands', async () => {
  await using folder = await project({
    'panal.config.ts': "const a = 1\nexport default {\n  systems: = ['x']\n}\n",
  })
  const error = await refusalOf(folder.path)
  assert.equal(told(error, folder.path), 'PANAL_CONFIG_INVALID panal.config.ts 3 12')
  assert.match(error.details.join('\n'), /3 │ {3}systems: = \['x'\]\n.*│ {12}▲ Expression expected/)
})

test('TypeScript that cannot be erased is refused with its line', async () => {
  await using folder = await project({
    'panal.config.ts': 'const a: number = 1\nenum Kind { A }\nexport default Kind\n',
  })
  const error = await refusalOf(folder.path)
  assert.equal(told(error, folder.path), 'PANAL_CONFIG_INVALID panal.config.ts 2 1')
  assert.match(error.message, /enum is not supported/)
})

test('a mistake in plain JavaScript is placed too, in the system that has it', async () => {
  await using folder = await project({
    'panal.config.ts': "export default { systems: ['./s/system.mjs'] }\n",
    's/system.mjs': 'const a = 1\n\nconst a = 2\nexport default a\n',
  })
  const error = await refusalOf(folder.path)
  assert.equal(told(error, folder.path), 'PANAL_MODEL_INVALID s/system.mjs 3 7')
})

test('a throwing file is placed at the line that throws, also below the file that was asked for', async () => {
  await using folder = await project({
    'panal.config.ts': "import './helper.ts'\nexport default {}\n",
    'helper.ts':
      "export function need(name: string): never {\n  throw new Error(name + ' is not set')\n}\nneed('HOST')\n",
  })
  const error = await refusalOf(folder.path)
  assert.equal(told(error, folder.path), 'PANAL_CONFIG_INVALID helper.ts 2 9')
  assert.equal(error.message, 'Error: HOST is not set')
})

test('a missing import names the file that is not there', async () => {
  await using folder = await project({ 'panal.config.ts': "import './gone.ts'\nexport default {}\n" })
  const error = await refusalOf(folder.path)
  assert.match(told(error, folder.path), /^PANAL_CONFIG_INVALID panal\.config\.ts/)
  assert.match(error.message, /gone\.ts/)
})

test('what is no configuration is told how one looks', async () => {
  await using empty = await project({ 'panal.config.ts': 'export const config = 1\n' })
  const noDefault = await refusalOf(empty.path)
  assert.match(noDefault.message, /has no default export/)
  assert.match(noDefault.remedy, /export default defineConfig/)

  await using folder = await project({ 'panal.config.ts': 'export default { system: [] }\n' })
  assert.match((await refusalOf(folder.path)).details.join(), /systems: must be a list/)

  await using unmatched = await project({ 'panal.config.ts': CONFIG })
  assert.match(
    (await refusalOf(unmatched.path)).details.join(),
    /"\.\/systems\/\*\/system\.ts" matches no file/,
  )
})

test('the problems of all systems come together', async () => {
  await using folder = await project({
    'panal.config.ts': CONFIG,
    'systems/one/system.ts': system('one', "{ a: { reads: ['b'] } }"),
    'systems/two/system.ts': system('Two'),
  })
  const error = await refusalOf(folder.path)
  assert.equal(error.code, 'PANAL_MODEL_INVALID')
  assert.match(
    error.details.join('\n'),
    /one\/system\.ts has 1 problem.*services\.a\.reads.*two\/system\.ts.*name: "Two"/s,
  )
})
