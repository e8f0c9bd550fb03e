// Builds dist/, what `npm pack` ships: plain JavaScript with declarations, since Node strips no
// types under node_modules. `prepack` runs it.
//   node scripts/build.mjs
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, 'dist')
/** What `panal init` copies as it is; compiled, it would no longer be what a person should read. */
const TEMPLATE = join('cli', 'scaffold', 'template')

rmSync(dist, { recursive: true, force: true })
compile({
  include: ['../src'],
  exclude: ['../src/**/*.test.ts', `../src/${TEMPLATE.replaceAll('\\', '/')}`],
  options: { rootDir: '../src', outDir: '.', declaration: true },
})
copy(join('src', TEMPLATE), TEMPLATE, () => true)
// The systems travel along, so that `panal demo` works from the package. Their `import 'panal'` is
// not followed: what it leads to would be emitted a second time, beside its source.
compile({
  include: ['../systems'],
  exclude: [],
  options: { rootDir: '../systems', outDir: './systems', noResolve: true },
})
copy('systems', 'systems', (path) => !path.endsWith('.ts'))

function compile({ include, exclude, options }) {
  const config = join(dist, 'tsconfig.json')
  mkdirSync(dist, { recursive: true })
  // Types are checked by `npm run check`; a build only translates.
  const compilerOptions = { noEmit: false, noCheck: true, ...options }
  writeFileSync(config, JSON.stringify({ extends: '../tsconfig.json', include, exclude, compilerOptions }))
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', config], { stdio: 'inherit' })
  rmSync(config)
  if (status !== 0) process.exit(status ?? 1)
}

/** Copies the files of a folder for which `wanted` is true, their folders with them. */
function copy(from, to, wanted) {
  const source = join(root, from)
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || !wanted(path)) continue
    const target = join(dist, to, path.slice(source.length))
    mkdirSync(dirname(target), { recursive: true })
    cpSync(path, target)
  }
}
