import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { runsAsRoot } from './account.ts'

/**
 * The folder of the embedded PostgreSQL: the environment variable PANAL_HOME (relative to the
 * current folder), else `.panal` beside the configuration. As root it is
 * `/var/lib/panal/<hash of the configuration's folder>`: the server then runs as an unprivileged
 * user, who could not reach a folder under /root.
 *
 * @param configDir the folder that holds panal.config.ts
 */
export function panalHome(configDir: string): string {
  const chosen = process.env.PANAL_HOME
  if (chosen) return resolve(chosen)
  if (!runsAsRoot()) return join(resolve(configDir), '.panal')
  const hash = createHash('sha256').update(realFolder(configDir)).digest('hex').slice(0, 12)
  return join('/var/lib/panal', hash)
}

/** Without symbolic links, so that two ways to one folder lead to one server. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return resolve(folder)
  }
}
