import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { findFiles } from './find-files.ts'

const root = mkdtempSync(join(tmpdir(), 'panal-find-files-'))
after(() => rmSync(root, { recursive: true }))

for (const file of [
  'systems/a/system.ts',
  'systems/b/system.ts',
  'systems/b/system.mjs',
  'systems/.hidden/system.ts',
  'systems/node_modules/x/system.ts',
  'systems/deep/er/system.ts',
  'a+b/system.ts',
]) {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), '')
}
const find = (pattern: string): string[] =>
  findFiles(pattern, root).map((file) => file.slice(root.length + 1))

test('a star stands for part of one name, hidden ones left out', () => {
  assert.deepEqual(find('./systems/*/system.ts'), ['systems/a/system.ts', 'systems/b/system.ts'])
  assert.deepEqual(find('systems/b/system.*'), ['systems/b/system.mjs', 'systems/b/system.ts'])
})

test('two stars stand for any number of folders, node_modules left out', () => {
  assert.deepEqual(find('systems/**/system.ts'), [
    'systems/a/system.ts',
    'systems/b/system.ts',
    'systems/deep/er/system.ts',
  ])
})

test('a plain path is itself, also with characters that mean something in patterns', () => {
  assert.deepEqual(find('a+b/system.ts'), ['a+b/system.ts'])
  assert.deepEqual(find('a+*/system.ts'), ['a+b/system.ts'])
  assert.deepEqual(find(join(root, 'systems/.hidden/system.ts')), ['systems/.hidden/system.ts'])
  assert.deepEqual(find('nothing/*/here.ts'), [])
})
