import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** A fenced block of a page. */
export interface Block {
  /** From the root of the repository. */
  readonly page: string
  /** Where its text begins, from 1. */
  readonly line: number
  /** What stands after the fence: `ts`, `ts services`, `sh run`, … */
  readonly info: string
  readonly text: string
}

/** Every page that people read: those at the root, below docs/ and of the systems. */
export function pages(): readonly string[] {
  const below = (folder: string): string[] =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  const atRoot = readdirSync(root).filter((name) => name.endsWith('.md'))
  return [...atRoot, ...below('docs'), ...below('systems')].sort()
}

export const readPage = (page: string): string => readFileSync(join(root, page), 'utf8')

export function blocksOf(page: string, text: string): readonly Block[] {
  return [...text.matchAll(/^```(\w[^\n]*)?\n([\s\S]*?)^```$/gm)].map((match) => ({
    page,
    line: text.slice(0, match.index).split('\n').length + 1,
    info: (match[1] ?? '').trim(),
    text: match[2]!,
  }))
}

/** Targets of links, and the anchors that headings have, as GitHub makes them. */
export function linksOf(text: string): readonly { readonly line: number; readonly target: string }[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, (block) => block.replaceAll(/[^\n]/g, ''))
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => ({
    line: prose.slice(0, match.index).split('\n').length,
    target: match[1]!,
  }))
}

export function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map((match) => match[1]!)
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  )
}
