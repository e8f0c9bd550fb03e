import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** The package as others get it: packed, and installed in an empty folder. */
export interface InstalledPackage {
  /** The folder that has the package in its node_modules. */
  readonly app: string
  /** What the tarball holds. */
  readonly files: readonly string[]
  /** A file of the installed package. */
  path(file: string): string
}

/** Packs this checkout and installs the tarball in `<folder>/app`. Needs the registry of npm. */
export async function installPackage(folder: string): Promise<InstalledPackage> {
  const app = join(folder, 'app')
  await mkdir(app)
  const pack = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root })
  // The build of `prepack` prints before the document.
  const [tarball] = JSON.parse(pack.stdout.slice(pack.stdout.search(/^\[/m)))
  await writeFile(join(app, 'package.json'), '{ "private": true }')
  const options = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  await run('npm', ['install', ...options, join(folder, tarball.filename)], { cwd: app })
  return {
    app,
    files: tarball.files.map((file: { path: string }) => file.path),
    path: (file) => join(app, 'node_modules/panal', file),
  }
}
