// npm records in the lock only some of a package's platform-specific optional dependencies, and
// `npm ci` then refuses the lock on a fresh clone (EUSAGE). Run this after every `npm install`
// that touches such packages: it adds the missing entries, with the registry's integrity hashes.
//   node scripts/complete-lock.mjs [folder]
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const file = join(process.argv[2] ?? '.', 'package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8'))

for (const [parent, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`
    if (lock.packages[path] !== undefined) continue
    lock.packages[path] = lookUp(name, range, entry)
    process.stdout.write(`added ${path} (of ${parent || 'the package itself'})\n`)
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)

function lookUp(name, range, parent) {
  const spec = range.startsWith('npm:') ? range.slice(4) : `${name}@${range}`
  const fields = ['name', 'version', 'dist.integrity', 'os', 'cpu', 'libc', 'license', 'engines']
  const view = spawnSync('npm', ['view', spec, '--json', ...fields], { encoding: 'utf8' })
  const found = view.status === 0 ? JSON.parse(view.stdout) : guessFromName(spec)
  return {
    ...(found.name === name ? {} : { name: found.name }),
    version: found.version,
    ...(found['dist.integrity'] === undefined ? {} : { integrity: found['dist.integrity'] }),
    cpu: [found.cpu].flat(),
    ...(parent.dev ? { dev: true } : {}),
    ...(found.libc === undefined ? {} : { libc: [found.libc].flat() }),
    ...(found.license === undefined ? {} : { license: found.license }),
    optional: true,
    os: [found.os].flat(),
    ...(found.engines === undefined ? {} : { engines: found.engines }),
  }
}

// A registry mirror may not carry a platform it never serves. Its package name still says for
// which machines it is, and npm skips it everywhere else.
function guessFromName(spec) {
  const [, name, os, cpu, libc, version] = /^(.+?[-/](\w+)-(\w+?)(?:-(musl))?)@([^@]+)$/.exec(spec) ?? []
  if (os === undefined) throw new Error(`no platform in ${spec}, and the registry has no such package`)
  return { name, version, os, cpu, ...(libc === undefined ? {} : { libc }) }
}
