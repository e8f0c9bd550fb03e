import { fileURLToPath } from 'node:url'
import { applyPlatform, createTenants } from '../../src/control/index.ts'
import type { SystemDefinition } from '../../src/model/index.ts'
import { startTestServer } from '../../test/harness/servers.ts'
import { benchContext } from '../support/bench-context.ts'
import { type BenchReport, bar } from '../support/report.ts'

const STEP = 500
const LAST = 5_000

/** A system whose tenants are little but roles, so that the cost of roles is what is measured. */
const roles: SystemDefinition<string> = {
  name: 'roles',
  services: {
    cell: {
      tenancy: { kind: 'schema', schema: (slug) => `cell_${slug}`, login: (slug) => `login_${slug}` },
      migrations: './no-migrations',
    },
  },
}

/**
 * The rate of tenant creation by an operator without superuser rights on 18, at the first 500 roles
 * and at the last of 5,000: a role costs its maker more with every role that he administers.
 */
export async function measureRoleScaling(): Promise<Pick<BenchReport, 'results' | 'bars'>> {
  await using server = await startTestServer({ major: 18, admin: 'operator', durable: true })
  const file = fileURLToPath(new URL('./system.ts', import.meta.url))
  const context = benchContext(server.url, [{ definition: roles, file }])
  await applyPlatform(context)
  const rates: number[] = []
  for (let made = 0; made < LAST; made += STEP) {
    const started = performance.now()
    await createTenants(context, { system: 'roles', count: STEP, prefix: 't' })
    rates.push(STEP / ((performance.now() - started) / 1_000))
  }
  const first = rates[0]!
  const last = rates.at(-1)!
  return {
    results: [
      { name: `roles as an operator, 0 to ${STEP}`, perSecond: first, runs: [first] },
      { name: `roles as an operator, ${LAST - STEP} to ${LAST}`, perSecond: last, runs: rates },
    ],
    bars: [bar('rate at 5,000 roles / rate at 500', last / first, { atLeast: 0.7 })],
  }
}
