import { CONTROL_ROLE } from '../../model/index.ts'
import { type Connection, newestTestedServerMajor, oldestServerMajor, sql } from '../../postgres/index.ts'
import { readClusterFacts } from '../catalog/index.ts'
import type { DoctorCheck } from './doctor-check.ts'

interface ServerSettings {
  readonly maxConnections: number
  readonly usedConnections: number
  readonly locksPerTransaction: number
  readonly passwordEncryption: string
  readonly fsync: boolean
  readonly encrypted: boolean | null
  readonly local: boolean
}

/** One tenant of 14 tables takes about 60 locks to drop or dump. */
const LOCKS_OF_A_TENANT = 60
/** Beside the operator's own work, what runners of a fleet take. */
const COMFORTABLE_CONNECTIONS = 10

/** What a server must give: version, rights, room, safe passwords, a direct connection. */
export async function serverChecks(connection: Connection, subject: string): Promise<readonly DoctorCheck[]> {
  const settings = await readSettings(connection)
  return [
    versionCheck(connection, subject),
    await privilegesCheck(connection, subject),
    await poolerCheck(connection, subject),
    encryptionCheck(settings, subject),
    passwordCheck(settings, subject),
    connectionsCheck(settings, subject),
    locksCheck(settings, subject),
    durabilityCheck(settings, subject),
  ]
}

async function readSettings(connection: Connection): Promise<ServerSettings> {
  const [row] = await connection.query<ServerSettings>(/* SQL */ sql`
    select current_setting('max_connections')::int as "maxConnections",
      (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as "usedConnections",
      current_setting('max_locks_per_transaction')::int as "locksPerTransaction",
      current_setting('password_encryption') as "passwordEncryption",
      current_setting('fsync')::boolean as fsync,
      (select ssl from pg_stat_ssl where pid = pg_backend_pid()) as encrypted,
      coalesce(inet_client_addr() <<= '127.0.0.0/8' or inet_client_addr() = '::1', true) as local`)
  return row!
}

function versionCheck(connection: Connection, subject: string): DoctorCheck {
  const finding = `PostgreSQL ${connection.serverMajor}`
  if (connection.serverMajor <= newestTestedServerMajor)
    return { id: 'version', subject, verdict: 'ok', finding }
  return {
    id: 'version',
    subject,
    verdict: 'warning',
    finding: `${finding} is newer than what Panal is tested with (${oldestServerMajor} to ${newestTestedServerMajor})`,
    advice: 'Try an apply on a copy first.',
  }
}

async function privilegesCheck(connection: Connection, subject: string): Promise<DoctorCheck> {
  const facts = await readClusterFacts(connection, [])
  const { operator } = facts
  const common = { id: 'privileges', subject }
  if (operator.superuser) return { ...common, verdict: 'ok', finding: `${operator.name} is a superuser` }
  if (operator.mayControl)
    return { ...common, verdict: 'ok', finding: `${operator.name} may act as ${CONTROL_ROLE}` }
  if (facts.roles.has(CONTROL_ROLE)) {
    return {
      ...common,
      verdict: 'problem',
      finding: `${operator.name} may not act as ${CONTROL_ROLE}`,
      advice: `Let an operator run: GRANT ${CONTROL_ROLE} TO "${operator.name}"${facts.serverMajor >= 16 ? ' WITH INHERIT FALSE, SET TRUE' : ''};`,
    }
  }
  if (operator.createRole && operator.createDatabase) {
    return { ...common, verdict: 'ok', finding: `${operator.name} has CREATEROLE and CREATEDB` }
  }
  return {
    ...common,
    verdict: 'problem',
    finding: `${operator.name} lacks ${operator.createRole ? 'CREATEDB' : 'CREATEROLE'}`,
    advice: 'The first apply needs CREATEROLE and CREATEDB, or a superuser.',
  }
}

/** Behind a pooler in transaction mode two statements of one session may meet two backends. */
async function poolerCheck(connection: Connection, subject: string): Promise<DoctorCheck> {
  const [row] = await connection.query<{ pid: number }>(sql`select pg_backend_pid() as pid`)
  if (row?.pid === connection.processId)
    return { id: 'pooler', subject, verdict: 'ok', finding: 'a direct connection' }
  return {
    id: 'pooler',
    subject,
    verdict: 'problem',
    finding: 'the connection goes through a pooler, where session locks and SET ROLE do not hold',
    advice: "Give Panal the server's own address; services may use the pooler.",
  }
}

function encryptionCheck({ encrypted, local }: ServerSettings, subject: string): DoctorCheck {
  if (encrypted === true) return { id: 'tls', subject, verdict: 'ok', finding: 'the connection is encrypted' }
  if (local) return { id: 'tls', subject, verdict: 'ok', finding: 'not encrypted, on this machine' }
  return {
    id: 'tls',
    subject,
    verdict: 'warning',
    finding: 'the connection crosses a network unencrypted',
    advice: 'Turn on TLS at the server and add sslmode=verify-full to the URL.',
  }
}

function passwordCheck({ passwordEncryption }: ServerSettings, subject: string): DoctorCheck {
  const finding = `password_encryption is ${passwordEncryption}`
  if (passwordEncryption === 'scram-sha-256') return { id: 'passwords', subject, verdict: 'ok', finding }
  return {
    id: 'passwords',
    subject,
    verdict: 'warning',
    finding: `${finding}; Panal sends SCRAM verifiers whatever it says, others may not`,
    advice: "ALTER SYSTEM SET password_encryption = 'scram-sha-256';",
  }
}

function connectionsCheck({ maxConnections, usedConnections }: ServerSettings, subject: string): DoctorCheck {
  const finding = `${usedConnections} of ${maxConnections} connections in use`
  if (maxConnections - usedConnections >= COMFORTABLE_CONNECTIONS) {
    return { id: 'connections', subject, verdict: 'ok', finding }
  }
  return {
    id: 'connections',
    subject,
    verdict: 'warning',
    finding,
    advice: 'Raise max_connections, or put services behind a pooler.',
  }
}

function locksCheck({ locksPerTransaction, maxConnections }: ServerSettings, subject: string): DoctorCheck {
  const slots = locksPerTransaction * maxConnections
  const tenants = Math.floor(slots / LOCKS_OF_A_TENANT)
  const finding = `the lock table has ${slots} slots: about ${tenants} tenants in one transaction`
  if (tenants >= 50) return { id: 'locks', subject, verdict: 'ok', finding }
  return { id: 'locks', subject, verdict: 'warning', finding, advice: 'Raise max_locks_per_transaction.' }
}

function durabilityCheck({ fsync }: ServerSettings, subject: string): DoctorCheck {
  if (fsync) return { id: 'durability', subject, verdict: 'ok', finding: 'fsync is on' }
  return {
    id: 'durability',
    subject,
    verdict: 'problem',
    finding: 'fsync is off: a crash of the machine may lose or corrupt everything',
    advice: 'ALTER SYSTEM SET fsync = on;',
  }
}
