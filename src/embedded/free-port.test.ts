import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { chooseFreePort, isPortFree } from './free-port.ts'

test('the preferred port is kept while it is free; one in use, on whichever address, is not', async () => {
  for (const address of ['127.0.0.1', '0.0.0.0']) {
    const port = await chooseFreePort()
    assert.ok(port >= 20_000 && port < 30_000)
    assert.equal(await chooseFreePort(port), port)
    const server = createServer().listen(port, address)
    await once(server, 'listening')
    try {
      assert.equal(await isPortFree(port), false)
      assert.notEqual(await chooseFreePort(port), port)
    } finally {
      server.close()
    }
  }
})
