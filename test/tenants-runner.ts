/** Creates tenants in a process of its own, for tests that kill it: `node tenants-runner.ts URL SLUG …`. */
import { createTenants } from '../src/control/tenants/index.ts'
import { tenantContext } from './tenants-fixture.ts'

const [, , url, ...slugs] = process.argv
const context = tenantContext(url!)
process.stdout.write('begin\n')
await createTenants(context, { system: 'bo-tech', slugs, seed: true })
process.stdout.write('end\n')
