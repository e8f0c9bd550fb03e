import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { PanalError } from '../../model/index.ts'
import { fileSecretProvider } from './file-secret-provider.ts'
import { secretProviderFor } from './secret-provider-for.ts'

const run = promisify(execFile)

async function withHome(work: (home: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'panal-secrets-'))
  try {
    await work(join(folder, 'home'))
  } finally {
    await rm(folder, { recursive: true })
  }
}

const refused = (message: RegExp) => (error: unknown) =>
  error instanceof PanalError && error.code === 'PANAL_MASTER_KEY_INVALID' && message.test(error.message)

test('the first call creates a key of 32 bytes that only the owner can read and git does not see', () =>
  withHome(async (home) => {
    const key = await fileSecretProvider(home).masterKey()
    assert.equal(key.length, 32)
    assert.deepEqual(await fileSecretProvider(home).masterKey(), key)
    assert.deepEqual((await readdir(home)).sort(), ['.gitignore', 'master.key'])
    assert.equal((await stat(join(home, 'master.key'))).mode & 0o777, 0o600)
    assert.equal(await readFile(join(home, '.gitignore'), 'utf8'), '*\n')
  }))

test('eight processes at once end with one key', () =>
  withHome(async (home) => {
    const module = pathToFileURL(join(import.meta.dirname, 'file-secret-provider.ts')).href
    const script = `const { fileSecretProvider } = await import(${JSON.stringify(module)})
      process.stdout.write((await fileSecretProvider(${JSON.stringify(home)}).masterKey()).toString('hex'))`
    const started = Array.from({ length: 8 }, () =>
      run(process.execPath, ['--input-type=module', '-e', script]),
    )
    const keys = new Set((await Promise.all(started)).map(({ stdout }) => stdout))
    assert.equal(keys.size, 1)
    assert.deepEqual((await readdir(home)).sort(), ['.gitignore', 'master.key'], 'no draft stays behind')
  }))

test('within one process, 50 providers at once end with one key', () =>
  withHome(async (home) => {
    const asked = Array.from({ length: 50 }, () => fileSecretProvider(home).masterKey())
    const keys = new Set((await Promise.all(asked)).map((key) => key.toString('hex')))
    assert.equal(keys.size, 1)
  }))

test('a key that others may read is refused, and accepted once mended', () =>
  withHome(async (home) => {
    const provider = fileSecretProvider(home)
    const path = join(home, 'master.key')
    const key = await fileSecretProvider(home).masterKey()
    for (const mode of [0o640, 0o604, 0o620, 0o666]) {
      await chmod(path, mode)
      await assert.rejects(provider.masterKey(), refused(/other users of this machine \(mode 0\d{3}\)/))
    }
    await chmod(path, 0o600)
    assert.deepEqual(await provider.masterKey(), key)
  }))

test('a malformed key is refused and never quoted', () =>
  withHome(async (home) => {
    await mkdir(home)
    const path = join(home, 'master.key')
    for (const [text, reason] of [
      ['', /neither/],
      ['not a key!', /neither/],
      ['ab'.repeat(31), /has 31 bytes/],
      ['ab'.repeat(32).slice(1), /neither/],
      ['QUJD', /has 3 bytes/],
      [`${'ab'.repeat(32)}\n${'cd'.repeat(32)}`, /neither/],
    ] as const) {
      await writeFile(path, text, { mode: 0o600 })
      await assert.rejects(fileSecretProvider(home).masterKey(), (error: unknown) => {
        assert.ok(refused(reason)(error), `${JSON.stringify(text)}: ${error}`)
        assert.ok(text === '' || !String(error).includes(text))
        return true
      })
    }
    await rm(path)
    await mkdir(path, { mode: 0o700 })
    await assert.rejects(fileSecretProvider(home).masterKey(), refused(/no ordinary file|EISDIR/))
  }))

test('a home that cannot be made is named', () =>
  withHome(async (home) => {
    await writeFile(home, 'a file stands where the folder should')
    await assert.rejects(fileSecretProvider(home).masterKey(), refused(/home.*ENOTDIR/))
  }))

test('PANAL_MASTER_KEY wins over the file, in hexadecimal, base64 and base64url', () =>
  withHome(async (home) => {
    const key = Buffer.from('fbff'.repeat(20), 'hex')
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      const provider = secretProviderFor(home, { PANAL_MASTER_KEY: `${key.toString(encoding)}\n` })
      assert.deepEqual(await provider.masterKey(), key, encoding)
      assert.equal(provider.origin, 'PANAL_MASTER_KEY')
    }
    await assert.rejects(
      secretProviderFor(home, { PANAL_MASTER_KEY: key.toString('hex').slice(0, 40) }).masterKey(),
      refused(/PANAL_MASTER_KEY has 20 bytes/),
    )
    await assert.rejects(stat(home), 'the file is not created where the variable gives the key')
    const empty = secretProviderFor(home, { PANAL_MASTER_KEY: '' })
    assert.equal(empty.origin, join(home, 'master.key'), 'an empty variable counts as unset')
  }))
