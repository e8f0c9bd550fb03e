import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PUBLIC, parseAclItem } from './acl.ts'

test('reads a plain item', () => {
  assert.deepEqual(parseAclItem('courses_svc=arwd/acc_lms_courses_owner'), {
    grantee: 'courses_svc',
    grantor: 'acc_lms_courses_owner',
    privileges: ['insert', 'select', 'update', 'delete'],
    grantable: [],
  })
})

test('reads PUBLIC, grant options and quoted names', () => {
  assert.equal(parseAclItem('=X/postgres').grantee, PUBLIC)
  assert.deepEqual(parseAclItem('bob=r*w/postgres').grantable, ['select'])
  const item = parseAclItem('"we""ird=/name"=U/"an owner"')
  assert.equal(item.grantee, 'we"ird=/name')
  assert.equal(item.grantor, 'an owner')
})

test('a privilege of an unknown version is not passed over', () => {
  assert.throws(() => parseAclItem('bob=rQ/postgres'), /unknown privilege "Q"/)
})
