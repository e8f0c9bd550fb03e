import { spawn } from 'node:child_process'
import { Socket } from 'node:net'

/** Waits for the end of its input, which comes with the end of this process, however that ends. */
const script = `
cat > /dev/null
pid=$(head -n 1 "$1/data/postmaster.pid" 2> /dev/null)
case "$(cat "/proc/\${pid:-0}/comm" 2> /dev/null || ps -o comm= -p "\${pid:-0}" 2> /dev/null)" in *postgres*) kill -QUIT "$pid" ;; esac
for attempt in 1 2 3 4 5; do rm -rf "$1" 2> /dev/null && exit; sleep 0.2; done
`

/**
 * Ends the server in `folder` and removes the folder when this process ends, be it by kill -9.
 *
 * @returns does so now
 */
export function watch(folder: string): () => Promise<void> {
  // A session of its own, else the terminal's Ctrl-C would end it before it has done its work.
  const watchdog = spawn('sh', ['-c', script, 'watchdog', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const ended = new Promise<void>((resolve) => {
    watchdog.on('exit', () => resolve())
  })
  watchdog.unref()
  if (watchdog.stdin instanceof Socket) watchdog.stdin.unref()
  return async () => {
    watchdog.ref()
    watchdog.stdin.end()
    await ended
  }
}
