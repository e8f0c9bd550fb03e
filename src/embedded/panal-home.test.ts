import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, test } from 'node:test'
import { panalHome } from './panal-home.ts'

const before = process.env.PANAL_HOME

afterEach(() => {
  if (before === undefined) delete process.env.PANAL_HOME
  else process.env.PANAL_HOME = before
})

test('PANAL_HOME wins, relative to the current folder', () => {
  process.env.PANAL_HOME = 'some/where'
  assert.equal(panalHome('/any'), resolve('some/where'))
})

test('the default stands beside the configuration, as root in /var/lib/panal', () => {
  delete process.env.PANAL_HOME
  const folder = mkdtempSync(join(tmpdir(), 'panal-config-'))
  const [other, link] = [join(folder, 'other'), join(folder, 'link')]
  try {
    symlinkSync(folder, link)
    if (process.getuid?.() === 0) {
      assert.match(panalHome(folder), /^\/var\/lib\/panal\/[0-9a-f]{12}$/)
      assert.equal(panalHome(link), panalHome(folder))
      assert.notEqual(panalHome(other), panalHome(folder))
    } else {
      assert.equal(panalHome(folder), join(folder, '.panal'))
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})
