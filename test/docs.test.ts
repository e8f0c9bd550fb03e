import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { registerPanal } from '../src/cli/config/register-panal.ts'
import { resolveSystem } from '../src/model/index.ts'
import { anchorsOf, type Block, blocksOf, linksOf, pages, readPage, root } from './docs-blocks.ts'
import { temporaryFolder } from './harness/temporary-folder.ts'
import { typeErrors } from './types/type-errors.ts'

const texts = new Map(pages().map((page) => [page, readPage(page)]))
const blocks = [...texts].flatMap(([page, text]) => blocksOf(page, text))

/** `ts` is a whole file; `ts services` is what stands in `services: { … }`. */
const moduleOf = ({ info, text }: Block): string =>
  info === 'ts services'
    ? `import { defineSystem } from 'panal'\nexport default defineSystem({ name: 'example', services: {\n${text}} })\n`
    : text

const examples = blocks.filter(({ info }) => info === 'ts' || info === 'ts services')

test('examples in TypeScript have the right types', async () => {
  assert.ok(examples.length >= 5)
  const files = examples.map((block, index) => [`example-${index}.ts`, moduleOf(block)] as const)
  const errors = await typeErrors(Object.fromEntries(files))
  const places = errors.map(({ file, line, message }) => {
    const block = examples[Number(/\d+/.exec(file)?.[0])]!
    const before = block.info === 'ts services' ? 2 : 0
    return `${block.page}:${block.line + line - 1 - before}: ${message}`
  })
  assert.deepEqual(places, [])
})

test('systems in examples are systems that Panal accepts', async () => {
  await using folder = await temporaryFolder()
  let systems = 0
  for (const [index, block] of examples.entries()) {
    const module = moduleOf(block)
    if (!module.includes('defineSystem(')) continue
    const file = join(folder.path, `example-${index}.ts`)
    await writeFile(file, module)
    const { href } = pathToFileURL(file)
    registerPanal(href)
    const loaded: { readonly default: unknown } = await import(href)
    assert.doesNotThrow(() => resolveSystem(loaded.default, file), `${block.page}:${block.line}`)
    systems += 1
  }
  assert.ok(systems >= 4)
})

test('links lead to pages and headings that are there', () => {
  const broken = [...texts].flatMap(([page, text]) =>
    linksOf(text).flatMap(({ line, target }) => {
      if (/^[a-z]+:/.test(target)) return []
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? page : join(dirname(page), path)
      if (!existsSync(join(root, file))) return [`${page}:${line}: ${target}: there is no ${file}`]
      if (anchor === undefined || anchorsOf(readPage(file)).has(anchor)) return []
      return [`${page}:${line}: ${target}: ${file} has no such heading`]
    }),
  )
  assert.deepEqual(broken, [])
})

test('pages are reached from README.md or ARCHITECTURE.md', () => {
  const seen = new Set<string>()
  const visit = (page: string): void => {
    const text = texts.get(page)
    if (text === undefined || seen.has(page)) return
    seen.add(page)
    for (const { target } of linksOf(text)) visit(join(dirname(page), target.split('#')[0]!))
  }
  visit('README.md')
  visit('ARCHITECTURE.md')
  assert.deepEqual(
    [...texts.keys()].filter((page) => page.startsWith('docs/') && !seen.has(page)),
    [],
  )
})

test('blocks, links and headings are found as they are written', () => {
  const text = '# A `code` B!\n\n```sh run\necho [x](y)\n```\n\nSee [it](b.md#a-code-b).\n'
  assert.deepEqual(blocksOf('a.md', text), [{ page: 'a.md', line: 4, info: 'sh run', text: 'echo [x](y)\n' }])
  assert.deepEqual(linksOf(text), [{ line: 7, target: 'b.md#a-code-b' }])
  assert.deepEqual([...anchorsOf('# A `code` B!\n## PANAL_X_Y\n')], ['a-code-b', 'panal_x_y'])
})
