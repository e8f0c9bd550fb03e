import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { confirmOn } from './confirm.ts'

function fakeConsole({ isTTY = true } = {}) {
  const stdin = Object.assign(new PassThrough(), { isTTY })
  const stderr = Object.assign(new PassThrough(), { isTTY, columns: 80 })
  const abort = new AbortController()
  return { stdin, stderr, signal: abort.signal, abort }
}
type FakeConsole = ReturnType<typeof fakeConsole>

/** Confirms with an answer typed as soon as the question stands there. */
async function answered(answer: string): Promise<{ console: FakeConsole; shown: string }> {
  const console = fakeConsole()
  const asked = confirmOn(console, 'Revoke 1 right?', ['revoke select on auth.users from courses_svc'])
  console.stdin.write(answer)
  await asked
  return { console, shown: stripVTControlCharacters(String(console.stderr.read())) }
}

test('yes goes on; what would happen stands above the question', async () => {
  const { shown } = await answered('y\n')
  assert.match(shown, /^ {2}- revoke select on auth\.users from courses_svc\n\nRevoke 1 right\? \[y\/N\] /)
  await answered(' YES \n')
})

test('anything else is a no', async () => {
  for (const answer of ['\n', 'n\n', 'yeah\n', 'ny\n']) {
    await assert.rejects(answered(answer), { code: 'PANAL_CONFIRMATION_NEEDED', exitCode: 2 })
  }
})

test('the end of the input is a no', async () => {
  const console = fakeConsole()
  console.stdin.end()
  await assert.rejects(confirmOn(console, 'Go on?', []), { code: 'PANAL_CONFIRMATION_NEEDED' })
})

test('without a terminal nobody is asked, and the steps are in the error', async () => {
  const console = fakeConsole({ isTTY: false })
  await assert.rejects(confirmOn(console, 'Revoke 1 right?', ['revoke x']), {
    code: 'PANAL_CONFIRMATION_NEEDED',
    details: ['- revoke x'],
    remedy: /--yes/,
  })
  assert.equal(console.stderr.read(), null)
})

test('an interrupt at the question is an interrupt, not an answer', async () => {
  const console = fakeConsole()
  const asked = confirmOn(console, 'Go on?', [])
  console.abort.abort()
  await assert.rejects(asked, { code: 'PANAL_INTERRUPTED', exitCode: 130 })
})
