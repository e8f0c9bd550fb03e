import { PanalError } from '../../model/index.ts'
import { type Connection, openConnection } from '../../postgres/index.ts'
import { readPlatform } from '../apply/index.ts'
import type { ControlContext } from '../context/index.ts'
import type { DatabasePlace } from '../databases/index.ts'
import { databasesOf } from '../provision/index.ts'
import { databaseChecks } from './database-checks.ts'
import type { DoctorCheck } from './doctor-check.ts'
import { serverChecks } from './server-checks.ts'

/** Looks at every server and database of the configuration and says what stands in the way of working with it. Changes nothing. */
export async function doctor(context: ControlContext): Promise<readonly DoctorCheck[]> {
  const checks: DoctorCheck[] = []
  const { databases } = context
  const server = await open(checks, databases.defaultUrl, 'default server')
  if (server === null) return checks
  await using connection = server
  checks.push(...(await serverChecks(connection, 'default server')))
  const platform = await readPlatform(context)
  const keys = new Set(platform.selected.flatMap((system) => databasesOf(platform, system)))
  for (const place of [databases.control, ...[...keys].sort().map((key) => databases.place(key))]) {
    checks.push(...(await checkPlace(connection, place)))
  }
  return checks
}

async function checkPlace(server: Connection, place: DatabasePlace): Promise<readonly DoctorCheck[]> {
  const checks: DoctorCheck[] = []
  if (!place.configured) return await databaseChecks(server, place)
  const connection = await open(checks, place.url, `database ${place.name}`)
  if (connection === null) return checks
  await using opened = connection
  return [
    ...(await serverChecks(opened, `server of ${place.name}`)),
    ...(await databaseChecks(opened, place)),
  ]
}

async function open(checks: DoctorCheck[], url: string, subject: string): Promise<Connection | null> {
  try {
    return await openConnection(url)
  } catch (error) {
    if (!(error instanceof PanalError)) throw error
    checks.push({
      id: 'connection',
      subject,
      verdict: 'problem',
      finding: error.message,
      advice: error.remedy,
    })
    return null
  }
}
