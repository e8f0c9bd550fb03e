// Makes `npm start` and `npm test` work alone on a fresh clone: installs what the lock files
// say whenever they changed since the last install. Runs on the machine's own Node (>= 20),
// before the devDependency `node` (24) exists, so it uses nothing but the standard library.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folders = [root]
// The servers of other major versions are needed by the tests alone.
if (process.argv.includes('--servers')) folders.push(join(root, 'test', 'servers'))

for (const folder of folders) {
  const lock = readFileSync(join(folder, 'package-lock.json'))
  const wanted = createHash('sha256').update(lock).digest('hex')
  const marker = join(folder, 'node_modules', '.installed-lock-hash')
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) continue

  process.stdout.write(`Installing the dependencies of ${folder === root ? 'panal' : 'the test servers'} …\n`)
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (npm.status !== 0) {
    process.stderr.write(`npm ci failed in ${folder}. Check the network, then run it there by hand.\n`)
    process.exit(npm.status ?? 1)
  }
  writeFileSync(marker, wanted)
}
