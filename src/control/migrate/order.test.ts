import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PanalError } from '../../model/index.ts'
import type { ServiceMigrations, VersionedFile } from './migration-file.ts'
import { orderFiles } from './order.ts'
import { parseFile } from './parse-file.ts'

/** Services with their files: the name, and what it requires. */
const services = (
  all: Readonly<Record<string, Readonly<Record<string, string>>>>,
): readonly ServiceMigrations[] =>
  Object.entries(all).map(([service, files]) => ({
    system: 's',
    service,
    folder: service,
    versioned: Object.entries(files).map(([name, requires]) => {
      const text = `${requires === '' ? '' : `-- requires: ${requires}\n`}SELECT 1;`
      return parseFile({ system: 's', service, path: `${service}/${name}`, name }, text) as VersionedFile
    }),
    repeatable: [],
  }))

const orderOf = (...args: Parameters<typeof services>): readonly string[] =>
  orderFiles(services(...args)).map((file) => `${file.service}@${file.version}`)

const refusal = (code: string, check: (error: PanalError) => void) => (error: unknown) => {
  assert.ok(error instanceof PanalError)
  assert.equal(error.code, code)
  check(error)
  return true
}

test('services keep their order where nothing else is required', () => {
  assert.deepEqual(orderOf({ b: { '1_x.sql': '', '2_y.sql': '' }, a: { '1_x.sql': '' } }), [
    'b@1',
    'b@2',
    'a@1',
  ])
})

test('what is required comes first, with what precedes it in its service', () => {
  const order = orderOf({
    b: { '1_x.sql': '', '2_y.sql': 'a@2' },
    a: { '1_x.sql': '', '2_y.sql': 'b@1', '3_z.sql': '' },
  })
  assert.deepEqual(order, ['b@1', 'a@1', 'a@2', 'b@2', 'a@3'])
})

test('a circle is named, also one through the order of versions', () => {
  const circle = { b: { '1_x.sql': 'a@2' }, a: { '1_x.sql': 'b@1', '2_y.sql': '' } }
  assert.throws(
    () => orderOf(circle),
    refusal('PANAL_MIGRATION_CYCLE', ({ message }) =>
      assert.match(message, /b\/1_x\.sql → a\/2_y\.sql → a\/1_x\.sql → b\/1_x\.sql/),
    ),
  )
})

test('an unknown service or version is refused where it is required', () => {
  assert.throws(
    () => orderOf({ courses: { '1_x.sql': 'aut@1' }, auth: { '1_x.sql': '' } }),
    refusal('PANAL_MIGRATION_REQUIRES_UNKNOWN', ({ place, remedy }) => {
      assert.deepEqual(place, { file: 'courses/1_x.sql', line: 1 })
      assert.match(remedy, /auth/)
    }),
  )
  assert.throws(
    () => orderOf({ courses: { '1_x.sql': 'auth@7' }, auth: { '1_x.sql': '' } }),
    refusal('PANAL_MIGRATION_REQUIRES_UNKNOWN', ({ details }) =>
      assert.deepEqual(details, ['auth has 1_x.sql']),
    ),
  )
})
