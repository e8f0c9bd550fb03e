import { connectRole, tenantsRole } from './role-names.ts'
import type { System } from './system.ts'

/** Roles that a description may name: logins of services (tenants' are not known yet) and declared roles. */
export function namedRoles(system: System): readonly string[] {
  const logins = system.services.flatMap((service) =>
    service.tenancy.kind === 'schema' || service.tenancy.login === null ? [] : [service.tenancy.login],
  )
  return [...logins, ...system.roles.map((role) => role.name)]
}

/** Every role that the system makes, tenants' logins excepted. */
export function reservedRoles(system: System): readonly string[] {
  return [
    ...namedRoles(system),
    ...system.services.map((service) => service.owner),
    connectRole(system.name),
    ...(system.runtime === null ? [] : [system.runtime]),
    ...system.services
      .filter((service) => service.tenancy.kind === 'schema')
      .map((service) => tenantsRole(system.name, service.name)),
  ]
}
