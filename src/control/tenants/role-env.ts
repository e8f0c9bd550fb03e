import { nearest, PanalError } from '../../model/index.ts'
import type { ControlContext } from '../context/index.ts'
import { requireRegistry } from '../state/index.ts'
import { findSystem } from './find-system.ts'
import { loginUrl } from './login-url.ts'

/** What the `.env` of a declared login says. */
export interface RoleEnvironment {
  /** Logs in to the system's own database. */
  readonly DATABASE_URL: string
}

/**
 * The connection of a login that the system declares beside its services: one of `roles` with
 * `login: true`, or the pooled login of `runtime: true`. Holds a secret.
 *
 * @throws PANAL_SYSTEM_UNKNOWN, PANAL_NOT_PROVISIONED, PANAL_USAGE for a name that is no such login
 * @throws PANAL_MASTER_KEY_MISMATCH, PANAL_MASTER_KEY_INVALID
 */
export async function roleEnv(
  context: ControlContext,
  { system: systemName, role }: { readonly system: string; readonly role: string },
): Promise<RoleEnvironment> {
  const system = findSystem(context.config, systemName)
  const logins = declaredLogins(system)
  if (!logins.includes(role)) {
    const meant = nearest(role, logins)
    const known = logins.length === 0 ? 'It declares none.' : `It declares: ${logins.join(', ')}.`
    throw new PanalError('PANAL_USAGE', `System "${systemName}" declares no login "${role}" in roles.`, {
      remedy: meant === undefined ? known : `Did you mean "${meant}"?`,
    })
  }
  await using registry = await requireRegistry(context)
  return { DATABASE_URL: await loginUrl(context, registry, system.database, role) }
}

/** The logins of a system that belong to no service. */
export function declaredLogins(system: ReturnType<typeof findSystem>): readonly string[] {
  const declared = system.roles.filter((role) => role.login).map((role) => role.name)
  return system.runtime === null ? declared : [...declared, system.runtime]
}
