// Makes `npm start` and `npm test` work alone on a fresh clone: installs what the lock files
// say whenever they changed since the last install. Runs on the machine's own Node (>= 20),
// before the devDependency `node` (24) exists, so it uses nothing but the standard library.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folders = foldersOf(process.argv.slice(2))

for (const folder of folders) {
  const lock = readFileSync(join(folder, 'package-lock.json'))
  const wanted = createHash('sha256').update(lock).digest('hex')
  const marker = join(folder, 'node_modules', '.installed-lock-hash')
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) continue

  // Not to stdout, which may be a report.
  process.stderr.write(`Installing the dependencies of ${relative(root, folder) || 'panal'} …\n`)
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['inherit', 2, 'inherit'],
    shell: process.platform === 'win32',
  })
  if (npm.status !== 0) {
    process.stderr.write(`npm ci failed in ${folder}. Check the network, then run it there by hand.\n`)
    process.exit(npm.status ?? 1)
  }
  writeFileSync(marker, wanted)
}

function foldersOf(words) {
  // Other tools that migrate many schemas: bench/fleet runs already, and wants no more than them.
  if (words.includes('--peers')) return [join(root, 'bench', 'peers')]
  // The servers of other major versions are needed by the tests alone.
  return words.includes('--servers') ? [root, join(root, 'test', 'servers')] : [root]
}
