import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PlatformPlan } from '../../control/index.ts'
import type { PlanStep } from '../../control/provision/index.ts'
import { displayWidth, plainPaint, type Terminal } from '../terminal/index.ts'
import { planScreen } from './plan-screen.ts'

const terminal: Terminal = { columns: Number.POSITIVE_INFINITY, interactive: false, paint: plainPaint }
const nothing: PlatformPlan = {
  steps: [],
  pending: [],
  orphans: [],
  unmarked: [],
  unreachable: [],
  foreign: [],
  problems: [],
}
const step = (subject: string, reason: string, more: Partial<PlanStep> = {}): PlanStep => ({
  phase: 'roles',
  system: 'acc-lms',
  database: 'acc_lms',
  as: null,
  sql: '',
  action: 'create',
  subject,
  reason,
  ...more,
})

test('systems with their steps, aligned, then what to type', () => {
  const plan: PlatformPlan = {
    ...nothing,
    steps: [
      step('role courses_owner', 'courses owns its schema'),
      step('schema courses', 'owner courses_owner'),
      step('select on auth.users from courses_svc', 'not declared', { action: 'remove', asks: 'revoke' }),
    ],
    pending: [{ system: 'acc-lms', service: 'courses', migrations: ['003_reviews'] }],
  }
  assert.equal(
    planScreen(plan, terminal, ' --system acc-lms'),
    `acc-lms on acc_lms
  + role courses_owner                      courses owns its schema
  + schema courses                          owner courses_owner
  - select on auth.users from courses_svc   not declared   (asks)
  ↑ migrate courses 003_reviews

3 steps, 1 migration. Nothing is dropped. 1 step takes something away and asks first. Apply with: panal apply --system acc-lms`,
  )
})

test('many tenants are one and a count, but whatever is taken away is shown', () => {
  const tenants = Array.from({ length: 1000 }, (_, index) => `t${index}`)
  const plan: PlatformPlan = {
    ...nothing,
    steps: [
      ...tenants.flatMap((tenant) => [
        step(`role user_${tenant}`, 'login', { tenant }),
        step(`schema schema_${tenant}`, 'owner', { tenant }),
      ]),
      step('login of user_t7', 'left the model', { tenant: 't7', action: 'remove', asks: 'login' }),
    ],
    pending: tenants.map((tenant) => ({
      system: 'acc-lms',
      service: 'shop',
      tenant,
      migrations: ['001', '002'],
    })),
  }
  const text = planScreen(plan, terminal, '')
  assert.equal(text.split('\n').length, 8)
  assert.match(text, /\+ role user_t0 /)
  assert.match(text, /- login of user_t7 +left the model {3}\(asks\)/)
  assert.match(text, /… and 1,998 steps like these for 999 more tenants/)
  assert.match(text, /↑ migrate shop 001, 002 {3}on 1,000 tenants/)
  assert.match(text, /^2,001 steps, 2,000 migrations\./m)
})

test('what apply does not do by itself is said', () => {
  const text = planScreen(
    {
      ...nothing,
      orphans: [{ kind: 'schema', name: 'old', system: 'acc-lms', database: 'acc_lms' }],
      unmarked: [{ kind: 'role', name: 'courses_svc', system: 'acc-lms' }],
      unreachable: [{ sql: 'REVOKE x', role: 'dba', subject: 'x', database: 'acc_lms' }],
      problems: [
        {
          code: 'PANAL_MODEL_INVALID',
          system: 'acc-lms',
          service: 'ai',
          tenant: null,
          message: 'no extension vector',
        },
      ],
    },
    terminal,
    '',
  )
  assert.match(text, /! orphan: schema old in acc_lms is no longer in system acc-lms/)
  assert.match(text, /! in the way: role courses_svc exists and is not Panal's; take it over with --adopt/)
  assert.match(text, /! beyond reach: only dba can run: REVOKE x/)
  assert.match(text, /! impossible: acc-lms\/ai: no extension vector/)
})

test('a narrow terminal cuts reasons, not its own edge', () => {
  const plan = { ...nothing, steps: [step('role courses_owner', 'because '.repeat(30))] }
  for (const line of planScreen(plan, { ...terminal, columns: 50 }, '')
    .split('\n')
    .slice(0, 2)) {
    assert.ok(displayWidth(line) <= 50, line)
  }
})
