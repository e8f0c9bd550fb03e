import { chown, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from './temporary-folder.ts'
import { watch } from './watchdog.ts'

export interface TemporaryHome extends AsyncDisposable {
  /** A home for startEmbedded, which does not exist yet. */
  readonly home: string
}

/**
 * The path of a home whose server ends, and which is removed, when it is disposed of or this process
 * ends.
 *
 * @param owner uid of an ordinary user who is to make the home; root only
 */
export async function temporaryHome(owner?: number): Promise<TemporaryHome> {
  const folder = await temporaryFolder()
  const parent = join(folder.path, 'of-the-user')
  await mkdir(parent)
  if (owner !== undefined) await chown(parent, owner, owner)
  const home = join(parent, 'home')
  const remove = watch(home)
  return {
    home,
    [Symbol.asyncDispose]: async () => {
      await remove()
      await folder[Symbol.asyncDispose]()
    },
  }
}
