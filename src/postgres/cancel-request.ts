import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import type { ConnectionTarget } from './connection-target.ts'

/** What the server gave a session to identify requests about it. */
export interface BackendKey {
  readonly processId: number
  readonly secretKey: number
}

const cancelRequestCode = 80_877_102
const tlsRequestCode = 80_877_103

/**
 * Asks the server to cancel whatever a session is doing, over a socket of its own as the protocol
 * wants it (Frontend/Backend Protocol, "Canceling Requests in Progress"); encrypted when the session
 * is. Resolves once the server has closed the socket, that is, after the signal was sent. Whether it
 * came in time only the cancelled statement tells.
 */
export async function sendCancelRequest(
  target: ConnectionTarget,
  key: BackendKey,
  tls: ConnectionOptions | undefined,
  timeoutMs = 5_000,
): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs)
  let socket: Socket = target.host.startsWith('/')
    ? connect(`${target.host}/.s.PGSQL.${target.port}`)
    : connect(target.port, target.host)
  // Errors between two waits would otherwise end the process; each wait below sees its own.
  socket.on('error', ignore)
  try {
    await once(socket, 'connect', { signal })
    if (tls !== undefined) socket = await encrypt(socket, target.host, tls, signal)
    const closed = once(socket.resume(), 'close', { signal })
    socket.end(message(cancelRequestCode, key.processId, key.secretKey))
    await closed
  } finally {
    socket.destroy()
  }
}

async function encrypt(
  socket: Socket,
  host: string,
  tls: ConnectionOptions,
  signal: AbortSignal,
): Promise<Socket> {
  socket.write(message(tlsRequestCode))
  const [answer] = (await once(socket, 'data', { signal })) as [Buffer]
  if (answer.toString('latin1') !== 'S') throw new Error('The server takes no encrypted cancel request.')
  const secure = connectTls({ socket, host, ...tls })
  secure.on('error', ignore)
  await once(secure, 'secureConnect', { signal })
  return secure
}

function ignore(): void {}

/** A message without a type byte: its length, then 32-bit words. */
function message(...words: number[]): Buffer {
  const buffer = Buffer.alloc(4 * (words.length + 1))
  buffer.writeInt32BE(buffer.length, 0)
  words.forEach((word, index) => {
    buffer.writeInt32BE(word, 4 * (index + 1))
  })
  return buffer
}
