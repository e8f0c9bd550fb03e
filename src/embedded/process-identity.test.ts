import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { processIdentity } from './process-identity.ts'

test('a process keeps its identity until it ends, and no other has it', async () => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  await once(child, 'spawn')
  const identity = processIdentity(child.pid!)
  assert.notEqual(identity, undefined)
  assert.equal(processIdentity(child.pid!), identity)
  assert.notEqual(identity, processIdentity(process.pid))
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.equal(processIdentity(child.pid!), undefined)
})

test('a zombie does not live', async () => {
  // The shell's child ends, and the program that takes the shell's place never asks for it.
  const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  try {
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const pid = Number(line.toString())
    assert.notEqual(processIdentity(pid), undefined)
    await sleep(400)
    assert.equal(process.kill(pid, 0), true, 'it still answers signals')
    assert.equal(processIdentity(pid), undefined)
  } finally {
    parent.kill()
  }
})
