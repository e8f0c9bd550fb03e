import { PanalError, searchPathOf } from '../../model/index.ts'
import type { ControlContext } from '../context/index.ts'
import { listTargetRecords, requireRegistry } from '../state/index.ts'
import { findService, findSystem } from './find-system.ts'
import { loginUrl } from './login-url.ts'

/** What the `.env` of a service says. */
export interface ServiceEnvironment {
  /** Logs in as the service. The search_path is the login's own, since poolers refuse it in a URL's `options`. */
  readonly DATABASE_URL: string
  /** What the login's search_path is, for tools that set their own; joined by commas. */
  readonly SEARCH_PATH: string
}

export interface ServiceEnvOptions {
  readonly system: string
  readonly service: string
}

/**
 * The connection of a service with one schema. Holds a secret: for whoever asked, never for a log.
 *
 * @throws PANAL_SYSTEM_UNKNOWN, PANAL_NOT_PROVISIONED
 * @throws PANAL_USAGE for a service with a schema per tenant, or without a login
 * @throws PANAL_MASTER_KEY_MISMATCH, PANAL_MASTER_KEY_INVALID
 */
export async function serviceEnv(
  context: ControlContext,
  { system: systemName, service: serviceName }: ServiceEnvOptions,
): Promise<ServiceEnvironment> {
  const system = findSystem(context.config, systemName)
  const { tenancy } = findService(system, serviceName)
  if (tenancy.kind === 'schema') {
    throw new PanalError('PANAL_USAGE', `Service "${serviceName}" has a login for every tenant.`, {
      remedy: `Name the tenant: panal tenant env SLUG --system ${systemName} --service ${serviceName}`,
    })
  }
  if (tenancy.login === null) {
    throw new PanalError('PANAL_USAGE', `Service "${serviceName}" has no login (login: false).`, {
      remedy: 'Give it one in its system.ts, or name another service.',
    })
  }
  await using registry = await requireRegistry(context)
  const target = (await listTargetRecords(registry, [systemName])).find(
    (record) => record.service === serviceName && record.tenant === null,
  )
  if (target?.status !== 'active' || target.login === null) {
    throw new PanalError('PANAL_NOT_PROVISIONED', `Service "${serviceName}" has not been applied yet.`, {
      remedy: `Run panal apply --system ${systemName}`,
    })
  }
  return {
    DATABASE_URL: await loginUrl(context, registry, target.database, target.login),
    SEARCH_PATH: searchPathOf(system, target).join(','),
  }
}
