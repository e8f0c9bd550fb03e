import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { PanalError } from '../model/index.ts'
import { hasErrorCode } from './system-error.ts'

/** Below the ports that systems hand out to outgoing connections, which would take it while the server is down. */
const lowest = 20_000
const highest = 29_999
const tries = 20

/** Whether a server could listen on this port of 127.0.0.1 now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => {
      if (hasErrorCode(error, 'EADDRINUSE', 'EACCES')) resolve(false)
      else reject(error)
    })
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** A free port of 127.0.0.1: the preferred one if nothing else listens there, else any from 20000 to 29999. @throws PANAL_EMBEDDED_START */
export async function chooseFreePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isPortFree(preferred))) return preferred
  for (let attempt = 0; attempt < tries; attempt++) {
    const port = randomInt(lowest, highest + 1)
    if (await isPortFree(port)) return port
  }
  throw new PanalError('PANAL_EMBEDDED_START', `${tries} ports from ${lowest} to ${highest} are all in use`, {
    remedy: 'Look at what listens on 127.0.0.1, and end what is not needed.',
  })
}
