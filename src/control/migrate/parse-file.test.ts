import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { PanalError } from '../../model/index.ts'
import type { MigrationFile, VersionedFile } from './migration-file.ts'
import { parseFile } from './parse-file.ts'
import { compareVersions } from './version.ts'

const parse = (text: string, name = '001_a.sql'): MigrationFile =>
  parseFile({ system: 's', service: 'shop', path: `migrations/${name}`, name }, text)

const versioned = (text: string, name?: string): VersionedFile => {
  const file = parse(text, name)
  assert.ok(file.kind === 'versioned')
  return file
}

const refuses = (
  text: string,
  code: string,
  line: number | undefined,
  message: RegExp,
  name?: string,
): void => {
  assert.throws(
    () => parse(text, name),
    (error: unknown) => {
      assert.ok(error instanceof PanalError)
      assert.equal(error.code, code)
      assert.equal(error.place?.line, line)
      assert.match(error.message, message)
      return true
    },
  )
}

describe('the form of a migration file', () => {
  test('a file without markers is all up, from its first line', () => {
    const file = versioned('CREATE TABLE a ();')
    assert.deepEqual(file.up, { sql: 'CREATE TABLE a ();\n', firstLine: 1, transaction: true })
    assert.equal(file.down, null)
  })

  test('markers divide it; each part knows the line on which it begins', () => {
    const file = versioned(
      '-- about\n-- migrate:up transaction:false\nVACUUM;\n\n-- migrate:down\nSELECT 1;\n',
    )
    assert.deepEqual(file.up, { sql: 'VACUUM;\n', firstLine: 3, transaction: false })
    assert.deepEqual(file.down, { sql: 'SELECT 1;\n', firstLine: 6, transaction: true })
  })

  test('byte order mark, line ends and trailing blanks are no difference, everything else is', () => {
    const { checksum } = parse('SELECT 1;\nSELECT 2;\n')
    assert.equal(parse('\uFEFFSELECT 1;\r\nSELECT 2;').checksum, checksum)
    assert.equal(parse('SELECT 1;\nSELECT 2;\n\n  ').checksum, checksum)
    assert.notEqual(parse('SELECT 1;\nSELECT 2; -- two\n').checksum, checksum)
    assert.notEqual(parse(' SELECT 1;\nSELECT 2;\n').checksum, checksum)
  })

  test('versions are numbers of any length', () => {
    assert.equal(versioned('SELECT 1', '000_a.sql').version, '0')
    assert.equal(versioned('SELECT 1', '0010_a.sql').version, '10')
    const sorted = ['20240101000000', '9', '10', '0', '99999999999999999999999'].sort(compareVersions)
    assert.deepEqual(sorted, ['0', '9', '10', '20240101000000', '99999999999999999999999'])
  })

  test('requires lines of the head, several in one or many', () => {
    const file = parse(
      '-- requires: auth@002, users@3\n\n-- requires: courses@20240101\n-- migrate:up\nSELECT 1;',
    )
    assert.deepEqual(
      file.requires.map(({ service, version, text, line }) => [service, version, text, line]),
      [
        ['auth', '2', 'auth@002', 1],
        ['users', '3', 'users@3', 1],
        ['courses', '20240101', 'courses@20240101', 3],
      ],
    )
  })

  test('refuses names without a version', () => {
    for (const name of ['init.sql', '1.sql', '1-a.sql', 'v1_a.sql', '001_.sql', 'r_view.sql', '1_a b.sql']) {
      refuses('SELECT 1', 'PANAL_MIGRATION_NAME', undefined, /no name of a migration/, name)
    }
  })

  test('refuses markers and head lines that would not do what they seem to', () => {
    const format = 'PANAL_MIGRATION_FORMAT'
    refuses('-- migrate:up\n-- only a comment\n;', format, 1, /no statement/)
    refuses('', format, 1, /no statement/)
    refuses('-- migrate:up transaction:no\nSELECT 1;', format, 1, /unknown option "transaction:no"/)
    refuses('SELECT 1;\n-- migrate:up\nSELECT 2;', format, 1, /would never run/)
    refuses('-- migrate:down\nSELECT 1;', format, 1, /must begin with -- migrate:up/)
    refuses('-- migrate:up\nSELECT 1;\n-- migrate:up\nSELECT 1;', format, 3, /a second -- migrate:up/)
    refuses('-- migrate:up\nSELECT 1;\n-- migrate:dwon\n', format, 3, /neither/)
    refuses('SELECT 1;\n-- requires: auth@1', format, 2, /before the first statement/)
    refuses('-- requires: auth\nSELECT 1;', format, 1, /service@version/)
    refuses('-- requires: shop@1\nSELECT 1;', format, 1, /same service/)
    refuses('SELECT 1;\0', format, undefined, /zero byte/)
    refuses('-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;', format, 3, /no down part/, 'R_a.sql')
  })
})
