import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface LatencyProxy extends AsyncDisposable {
  /** The given URL, by way of the proxy. */
  readonly url: string
}

/**
 * Makes a near server distant: whatever goes through it arrives half the round trip later, in order,
 * and as many messages at once as anybody likes.
 */
export async function latencyProxy(url: string, roundTripMs: number): Promise<LatencyProxy> {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.setNoDelay()
      from.on('data', (data) => setTimeout(() => to.write(data), roundTripMs / 2))
      from.on('close', () => {
        sockets.delete(from)
        setTimeout(() => to.destroy(), roundTripMs / 2)
      })
      // The other side is told by the close that follows.
      from.on('error', () => undefined)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = `${address.port}`
  return {
    url: through.href,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
