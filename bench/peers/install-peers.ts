import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('../../scripts/ensure-installed.mjs', import.meta.url))

/**
 * Installs the packages of this folder, unless they are there as the lock says.
 * @throws when npm fails, which it then has explained on stderr
 */
export function installPeers(): void {
  const { status } = spawnSync(process.execPath, [script, '--peers'], { stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error('The peers could not be installed.')
}
