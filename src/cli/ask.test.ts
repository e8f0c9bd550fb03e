import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { askOn } from './ask.ts'

function fakeConsole({ isTTY = true } = {}) {
  const stdin = Object.assign(new PassThrough(), { isTTY })
  const stderr = Object.assign(new PassThrough(), { isTTY, columns: 80 })
  const abort = new AbortController()
  return { stdin, stderr, signal: abort.signal, abort }
}

/** Confirms with an answer typed as soon as the question stands there. */
async function answered(answer: string): Promise<{ yes: boolean; shown: string }> {
  const console = fakeConsole()
  const asked = askOn(console, 'Revoke 1 right?', ['revoke select on auth.users from courses_svc'])
  console.stdin.write(answer)
  return { yes: await asked, shown: stripVTControlCharacters(String(console.stderr.read())) }
}

test('yes goes on; what would happen stands above the question', async () => {
  const { yes, shown } = await answered('y\n')
  assert.equal(yes, true)
  assert.match(shown, /^ {2}- revoke select on auth\.users from courses_svc\n\nRevoke 1 right\? \[y\/N\] /)
  assert.equal((await answered(' YES \n')).yes, true)
})

test('anything else is a no', async () => {
  for (const answer of ['\n', 'n\n', 'yeah\n', 'ny\n']) {
    assert.equal((await answered(answer)).yes, false, answer)
  }
})

test('the end of the input is a no', async () => {
  const console = fakeConsole()
  console.stdin.end()
  assert.equal(await askOn(console, 'Go on?', []), false)
})

test('without a terminal nobody is asked, and the steps are in the error', async () => {
  const console = fakeConsole({ isTTY: false })
  await assert.rejects(askOn(console, 'Revoke 1 right?', ['revoke x']), {
    code: 'PANAL_CONFIRMATION_NEEDED',
    exitCode: 2,
    details: ['- revoke x'],
    remedy: /--yes/,
  })
  assert.equal(console.stderr.read(), null)
})

test('an interrupt at the question is an interrupt, not an answer', async () => {
  const console = fakeConsole()
  const asked = askOn(console, 'Go on?', [])
  console.abort.abort()
  await assert.rejects(asked, { code: 'PANAL_INTERRUPTED', exitCode: 130 })
})
