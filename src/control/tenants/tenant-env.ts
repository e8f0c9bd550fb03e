import { PanalError, type System } from '../../model/index.ts'
import type { ControlContext } from '../context/index.ts'
import { deriveSecretKey } from '../secrets/index.ts'
import {
  listTargetRecords,
  listTenantRecords,
  masterKeyOf,
  requireRegistry,
  rotationsOf,
  secretKeySubject,
  type TenantMetadata,
} from '../state/index.ts'
import { findService, findSystem, tenantServices } from './find-system.ts'
import { unknownTenant } from './list-tenants.ts'
import { loginUrl } from './login-url.ts'

/** Where frontends of this kind listen on a developer's machine; a default for nowhere else. */
const LOCAL_FRONTEND = 'http://localhost:3000'

/** What the `.env` of a tenant's backend says (BOT-03). */
export interface TenantEnvironment {
  /** Logs in as the tenant; its search_path is the login's own. */
  readonly DATABASE_URL: string
  /** 64 hexadecimal digits, another one for every tenant. */
  readonly SECRET_KEY: string
  /** Joined by commas. Default: the origin of FRONTEND_URL. */
  readonly ALLOWED_ORIGINS: string
  /** Default: http://localhost:3000 where ENVIRONMENT is `development`, else empty, so that nothing is let in. */
  readonly FRONTEND_URL: string
  /** Default: the environment of the config. */
  readonly ENVIRONMENT: string
}

export interface TenantEnvOptions {
  readonly system: string
  readonly slug: string
  /** Whose login. Needed where several services keep a schema per tenant. */
  readonly service?: string
}

/**
 * The variables that a tenant's backend needs. Holds secrets: for the eyes of whoever asked, never for a log.
 *
 * @throws PANAL_SYSTEM_UNKNOWN, PANAL_TENANT_UNSUPPORTED, PANAL_TENANT_UNKNOWN, PANAL_NOT_PROVISIONED
 * @throws PANAL_USAGE when the service must be named
 * @throws PANAL_MASTER_KEY_MISMATCH, PANAL_MASTER_KEY_INVALID
 */
export async function tenantEnv(
  context: ControlContext,
  options: TenantEnvOptions,
): Promise<TenantEnvironment> {
  const { system: name, slug } = options
  const service = chooseService(findSystem(context.config, name), options.service)
  await using registry = await requireRegistry(context)
  const [tenant] = await listTenantRecords(registry, [name], [slug])
  if (tenant === undefined) throw unknownTenant(name, slug)
  if (tenant.status === 'provisioning') {
    throw new PanalError('PANAL_NOT_PROVISIONED', `Tenant "${slug}" of system "${name}" is not finished.`, {
      remedy: `Finish it: panal tenant create ${slug} --system ${name}`,
    })
  }
  const target = (await listTargetRecords(registry, [name], [slug])).find(
    (record) => record.service === service,
  )
  const login = target?.login
  if (!login) throw new PanalError('PANAL_NOT_PROVISIONED', `Tenant "${slug}" has no login in ${service}.`)
  const subject = secretKeySubject(name, slug)
  const rotation = (await rotationsOf(registry, 'secret-key', [subject])).get(subject)!
  const key = await masterKeyOf(registry, context.secrets)
  return {
    DATABASE_URL: await loginUrl(context, registry, target.database, login),
    SECRET_KEY: deriveSecretKey(key, name, slug, rotation),
    ...webVariables(tenant.metadata, context.config.environment),
  }
}

/** The variables that come from the metadata, with their defaults. */
export function webVariables(
  metadata: TenantMetadata,
  configEnvironment: string,
): Pick<TenantEnvironment, 'ALLOWED_ORIGINS' | 'FRONTEND_URL' | 'ENVIRONMENT'> {
  const environment = metadata.environment ?? configEnvironment
  const frontendUrl = metadata.frontendUrl ?? (environment === 'development' ? LOCAL_FRONTEND : '')
  const origins = metadata.allowedOrigins ?? (frontendUrl === '' ? [] : [new URL(frontendUrl).origin])
  return { ALLOWED_ORIGINS: origins.join(','), FRONTEND_URL: frontendUrl, ENVIRONMENT: environment }
}

function chooseService(system: System, named: string | undefined): string {
  const services = tenantServices(system).map(({ name }) => name)
  const chosen = named === undefined ? services[0]! : findService(system, named).name
  if (!services.includes(chosen)) {
    throw new PanalError('PANAL_TENANT_UNSUPPORTED', `Service "${chosen}" keeps no schema per tenant.`)
  }
  if (named !== undefined || services.length === 1) return chosen
  const message = `Several services of "${system.name}" keep a schema per tenant; name one.`
  throw new PanalError('PANAL_USAGE', message, {
    remedy: `Add --service ${services.join(' or --service ')}.`,
  })
}
