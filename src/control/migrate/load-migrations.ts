import type { System } from '../../model/index.ts'
import { checkFiles } from './check-file.ts'
import type { ServiceMigrations, VersionedFile } from './migration-file.ts'
import { orderFiles } from './order.ts'
import { readMigrations } from './read-migrations.ts'

/** All migrations of a system, read and checked. */
export interface SystemMigrations {
  readonly system: System
  readonly services: readonly ServiceMigrations[]
  /** Every versioned file in the order in which they are applied across the services. */
  readonly order: readonly VersionedFile[]
}

/**
 * Reads and checks the migrations of every service of a system. Needs no connection.
 *
 * @throws what {@link readSystemMigrations} throws, PANAL_MIGRATION_SYNTAX, PANAL_MIGRATION_REFUSED,
 *   PANAL_MIGRATION_NOT_RESUMABLE
 */
export async function loadMigrations(system: System): Promise<SystemMigrations> {
  const migrations = readSystemMigrations(system)
  await checkFiles(migrations.services.flatMap(({ versioned, repeatable }) => [...versioned, ...repeatable]))
  return migrations
}

/**
 * As {@link loadMigrations}, without parsing the SQL: what is applied everywhere was checked when it
 * was applied. Measured on the shipped systems: 0.6 s of parsing in a fresh process.
 *
 * @throws PANAL_MIGRATION_UNREADABLE, PANAL_MIGRATION_NAME, PANAL_MIGRATION_FORMAT,
 *   PANAL_MIGRATION_VERSION_TWICE, PANAL_MIGRATION_REQUIRES_UNKNOWN, PANAL_MIGRATION_CYCLE
 */
export function readSystemMigrations(system: System): SystemMigrations {
  const services = system.services.map(readMigrations)
  return { system, services, order: orderFiles(services) }
}

/** @throws TypeError when the system has no such service: callers have validated names */
export function migrationsOf(migrations: SystemMigrations, service: string): ServiceMigrations {
  const found = migrations.services.find((candidate) => candidate.service === service)
  if (found === undefined) throw new TypeError(`system ${migrations.system.name} has no service ${service}`)
  return found
}
