/**
 * Keeps docs/reference/errors.md in step with the registry in src/model/errors.ts: headings, exit
 * codes, statuses, meanings and remedies come from there; what a person wrote under a heading stays.
 *
 *   node scripts/generate-errors.ts           writes the page
 *   node scripts/generate-errors.ts --check   exits 1 where the page is not what it would write
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type ErrorEntry, errorRegistry } from '../src/model/index.ts'

const page = new URL('../docs/reference/errors.md', import.meta.url)
const SECTION = /^## (PANAL_[A-Z0-9_]+)\n([\s\S]*?)(?=^## |$(?![\s\S]))/gm
const RETIRED = /^- `(PANAL_[A-Z0-9_]+)`: (.*)$/gm

const INTRODUCTION = `# Errors

Every error that Panal gives has a code. A code is a promise: programs may branch on it, and it is never reused for something else. On a terminal an error shows what happened, where, why, and what to do; with \`--json\` it is \`{ "error": { "code", "message", "remedy", … } }\` on stdout. \`panal help CODE\` explains one.

Exit codes: 0 done and nothing wrong · 1 done, but something is wrong · 2 usage or bad input · 3 the database cannot be reached or refuses · 130 interrupted. The HTTP status is what an API answers with the code.

Headings, meanings and the lines in italics are generated: \`node scripts/generate-errors.ts\`.
`

/** The page as it should be. Codes that left the registry are listed as retired, so that nobody takes them again. */
export function generatePage(registry: Readonly<Record<string, ErrorEntry>>, before: string): string {
  const written = new Map([...before.matchAll(SECTION)].map(([, code, body]) => [code!, body!]))
  const retired = new Map([...before.matchAll(RETIRED)].map(([, code, meaning]) => [code!, meaning!]))
  for (const [code, body] of written) {
    if (registry[code] === undefined) retired.set(code, body.trim().split('\n')[0]!)
  }
  const reused = [...retired.keys()].filter((code) => registry[code] !== undefined)
  if (reused.length > 0) throw new Error(`retired codes are never reused: ${reused.join(', ')}`)
  const codes = Object.entries(registry)
  const rows = codes.map(
    ([code, entry]) =>
      `| [${code}](#${code.toLowerCase()}) | ${entry.exitCode} | ${entry.httpStatus} | ${entry.meaning} |`,
  )
  const table = `| code | exit | HTTP | what happened |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`
  const sections = codes.map(([code, entry]) => section(code, entry, proseOf(written.get(code) ?? '')))
  return [INTRODUCTION, table, ...sections, ...retiredSection(retired)].join('\n')
}

function section(code: string, { exitCode, httpStatus, meaning, remedy }: ErrorEntry, prose: string): string {
  const facts = `*Exit ${exitCode} · HTTP ${httpStatus} · What to do: ${remedy}*`
  return `## ${code}\n\n${meaning}\n\n${facts}\n${prose === '' ? '' : `\n${prose}\n`}`
}

/** What a person wrote: everything after the generated line in italics. */
export function proseOf(body: string): string {
  const end = /^\*Exit .*\*$/m.exec(body)
  return body.slice(end === null ? 0 : end.index + end[0].length).trim()
}

/** Code to what a person wrote about it. */
export function documentedCodes(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(SECTION)].map(([, code, body]) => [code!, proseOf(body!)]))
}

function retiredSection(retired: ReadonlyMap<string, string>): string[] {
  if (retired.size === 0) return []
  const lines = [...retired].map(([code, meaning]) => `- \`${code}\`: ${meaning}`)
  return [
    `## Retired codes\n\nNo longer given, and never to be given another meaning.\n\n${lines.join('\n')}\n`,
  ]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const before = existsSync(page) ? readFileSync(page, 'utf8') : ''
  const after = generatePage(errorRegistry, before)
  if (!process.argv.includes('--check')) writeFileSync(page, after)
  else if (before !== after) {
    process.stderr.write('docs/reference/errors.md is behind the registry: node scripts/generate-errors.ts\n')
    process.exitCode = 1
  }
}
