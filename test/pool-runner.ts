/** Creates a tenant from the pool and dies before its n-th statement: `node pool-runner.ts URL FOLDER SLUG N`. */
import { createTenants } from '../src/control/tenants/index.ts'
import { Connection } from '../src/postgres/connection.ts'
import type { Sql } from '../src/postgres/index.ts'
import { kioskContext } from './pool-fixture.ts'

const [, , url, folder, slug, last] = process.argv
let sent = 0

/** Counts what is sent; a kill from within lands where it is meant to, whatever the machine does. */
function dieInTime(): void {
  sent += 1
  if (sent === Number(last)) process.kill(process.pid, 'SIGKILL')
}

const { query, script } = Connection.prototype
Connection.prototype.query = async function <Row extends object>(this: Connection, statement: Sql) {
  dieInTime()
  return await query.call<Connection, [Sql], Promise<Row[]>>(this, statement)
}
Connection.prototype.script = async function (this: Connection, text: string) {
  dieInTime()
  return await script.call(this, text)
}

await createTenants(kioskContext(url!, folder!), { system: 'kiosk', slugs: [slug!], refill: false })
process.stdout.write(`${sent}\n`)
