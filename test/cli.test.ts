import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { commandTable } from '../src/cli/commands/index.ts'
import { type CliResult, finished, launcher, noTerminal, panal, panalInTerminal } from './cli-runner.ts'
import { temporaryFolder } from './harness/temporary-folder.ts'

const interruptsModule = new URL('../src/cli/interrupts.ts', import.meta.url).href

test('the help names every command, and every command has help with an example', async () => {
  const { code, stdout, stderr } = await panal(['--help'])
  assert.deepEqual([code, stderr], [0, ''])
  for (const { name, summary } of commandTable) {
    assert.match(stdout, new RegExp(`^  ${name} +${summary}$`, 'm'))
    const help = await panal([...name.split(' '), '--help'])
    assert.equal(help.code, 0)
    assert.match(help.stdout, new RegExp(`^Usage\n  panal ${name}.*\n`, 'm'))
    assert.match(help.stdout, /^Examples\n {2}# .+\n {2}panal /m)
  }
  assert.deepEqual(await panal([]), { code, stdout, stderr })
})

test('help of a group, of a command by its name, and of an error code', async () => {
  assert.match((await panal(['db', '--help'])).stdout, /db start.*\n.*db stop/)
  assert.equal((await panal(['help', 'db', 'start'])).stdout, (await panal(['db', 'start', '-h'])).stdout)
  assert.match((await panal(['help', 'PANAL_USAGE'])).stdout, /^PANAL_USAGE {3}exit 2/)
})

test('the version is that of the package', async () => {
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
  assert.equal((await panal(['--version'])).stdout, `${manifest.version}\n`)
  assert.deepEqual(JSON.parse((await panal(['--version', '--json'])).stdout), { version: manifest.version })
})

test('a command that does not exist suggests the nearest and exits 2', async () => {
  const { code, stdout, stderr } = await panal(['inti'])
  assert.deepEqual([code, stdout], [2, ''])
  assert.equal(
    stderr,
    'error PANAL_USAGE\n\n  There is no command "inti".\n\nDid you mean init? Otherwise see panal --help.\n',
  )
  assert.match((await panal(['db', 'strt'])).stderr, /"db strt"\.\n\nDid you mean start\?/)
  assert.match(
    (await panal(['db'])).stderr,
    /needs to know what to do\.\n\nWrite one of: db start, db stop, db status/,
  )
  assert.match((await panal(['db', 'stop', 'now'])).stderr, /panal db stop cannot use "now"/)
})

test('with --json an error is one document on stdout, and nothing else is printed', async () => {
  for (const args of [
    ['inti', '--json'],
    ['--json', 'db', 'stop', '--nwo'],
    ['db', 'status', '--json'],
  ]) {
    const { code, stdout, stderr } = await panal(args)
    assert.deepEqual([code, stderr], [2, ''])
    const { error } = JSON.parse(stdout)
    assert.match(error.code, /^PANAL_(USAGE|CONFIG_NOT_FOUND)$/)
    assert.ok(error.message.length > 10 && error.remedy.length > 10)
  }
})

test('init writes a project, once', async () => {
  await using folder = await temporaryFolder()
  const first = await panal(['init', 'shop', '--json'], { cwd: folder.path })
  assert.equal(first.code, 0)
  const { files } = JSON.parse(first.stdout)
  for (const file of files) assert.ok((await readFile(join(folder.path, file), 'utf8')).length > 0)
  assert.ok(files.includes('shop/panal.config.ts') && files.includes('shop/.gitignore'))

  await writeFile(join(folder.path, 'shop/panal.config.ts'), 'mine')
  const second = await panal(['init', 'shop'], { cwd: folder.path })
  assert.equal(second.code, 2)
  assert.match(second.stderr, /PANAL_INIT_EXISTS.+panal\.config\.ts.+Name another folder/s)
  assert.equal(await readFile(join(folder.path, 'shop/panal.config.ts'), 'utf8'), 'mine')
})

test('init joins a project that has a README and a .gitignore, and keeps the secrets out of it', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'README.md'), 'ours')
  await writeFile(join(folder.path, '.gitignore'), 'dist')
  const { code, stdout } = await panal(['init', '--json'], { cwd: folder.path })
  assert.equal(code, 0)
  const { files, kept, extended } = JSON.parse(stdout)
  assert.deepEqual([kept, extended], [['README.md'], ['.gitignore']])
  assert.ok(!files.includes('README.md'))
  assert.equal(await readFile(join(folder.path, 'README.md'), 'utf8'), 'ours')
  assert.equal(await readFile(join(folder.path, '.gitignore'), 'utf8'), 'dist\n.panal/\n')
})

test('init where it cannot write says so, without a stack', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'file'), '')
  const { code, stderr } = await panal(['init', 'file/below'], { cwd: folder.path })
  assert.equal(code, 2)
  assert.match(stderr, /^error PANAL_FOLDER_UNWRITABLE\n\n {2}\S+file\/below cannot be written: ENOTDIR/)
  assert.ok(!stderr.includes('    at '))
})

test('a Node without TypeScript starts the clone under its own Node, with the same exit codes', async () => {
  const node = ['--no-experimental-strip-types']
  const version = await panal(['--version'], { node })
  assert.deepEqual([version.code, version.stderr], [0, ''])
  const unknown = await panal(['inti'], { node })
  assert.equal(unknown.code, 2)
  assert.match(unknown.stderr, /Did you mean init/)
})

test('a terminal gets colours, and none with NO_COLOR', { skip: noTerminal }, async () => {
  const coloured = await panalInTerminal(['inti'], [])
  assert.equal(coloured.code, 2)
  assert.ok(coloured.stdout.includes('\x1b[31merror\x1b[39m'))
  const plain = await panalInTerminal(['inti'], [], { env: { NO_COLOR: '1' } })
  assert.ok(plain.stdout.startsWith('error PANAL_USAGE'))
})

test('a reader that goes away ends nothing and is no error', async () => {
  const child = spawn(process.execPath, [launcher, '--help'], { stdio: 'pipe' })
  child.stdout.destroy()
  const { code, stderr } = await finished(child)
  assert.deepEqual([code, stderr], [0, ''])
})

/** A process that counts signals as a command does, and ends at the second. */
async function interruptible(): Promise<{ child: ChildProcess; result: Promise<CliResult> }> {
  const script = `import { listenForInterrupts } from ${JSON.stringify(interruptsModule)}
const { signal } = listenForInterrupts((name) => process.stdout.write('first ' + name + '\\n'), () => process.exit(130))
signal.addEventListener('abort', () => process.stdout.write('aborted\\n'))
process.stdout.write('ready\\n')
setTimeout(() => process.exit(0), 2000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'pipe' })
  const result = finished(child)
  await once(child.stdout, 'data')
  return { child, result }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

test('the first signal asks to stop, a second one ends at once with 130', async () => {
  const { child, result } = await interruptible()
  child.kill('SIGINT')
  await pause(400)
  child.kill('SIGTERM')
  assert.deepEqual(await result, { code: 130, stdout: 'ready\naborted\nfirst SIGINT\n', stderr: '' })
})

test('one key press that arrives twice is one signal', async () => {
  const { child, result } = await interruptible()
  child.kill('SIGINT')
  await pause(30)
  child.kill('SIGINT')
  assert.equal((await result).code, 0, 'it went on to its end')
})
