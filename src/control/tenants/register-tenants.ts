import { type Config, formatTarget, PanalError, type System, type Target } from '../../model/index.ts'
import type { Connection } from '../../postgres/index.ts'
import {
  appendAudit,
  insertTenantRecords,
  listSystems,
  listTenantRecords,
  lockSystem,
  recordTargets,
  type TenantMetadata,
  type TenantRecord,
  targetsInTheWay,
  updateTenantMetadata,
} from '../state/index.ts'
import { countedSlugs, countOf } from './counted-slugs.ts'
import { newSlugProblem } from './slug-problems.ts'
import { tenantTargets } from './tenant-targets.ts'

/** Which tenants to create: by name, or so many numbered ones. */
export type WantedTenants =
  | { readonly slugs: readonly string[] }
  | { readonly count: number; readonly prefix: string }

/** Tenants that are recorded and now have to be provisioned. */
export interface RegisteredTenants {
  readonly created: readonly string[]
  /** Recorded by an earlier call that did not finish. */
  readonly resumed: readonly string[]
}

/**
 * Records new tenants and their targets as `provisioning` in one transaction, so that a call that dies
 * afterwards leaves what the next one finishes. Finished by name is what was asked for by name; a
 * counted call also finishes what an earlier one of its prefix began.
 *
 * @param check a last look at the new targets; nothing is recorded when it throws
 * @throws PANAL_TENANT_SLUG, PANAL_TENANT_EXISTS naming every slug that cannot be; nothing is recorded then
 * @throws PANAL_NOT_PROVISIONED when the system has not been applied
 */
export async function registerTenants(
  registry: Connection,
  config: Config,
  system: System,
  wanted: WantedTenants,
  metadata: TenantMetadata,
  check: (targets: readonly Target[]) => Promise<void> = async () => {},
): Promise<RegisteredTenants> {
  return await registry.transaction(async () => {
    await requireSystem(registry, system)
    // From here on no other call gives out tenants of this system: two counted calls get numbers of their own.
    await lockSystem(registry, system.name)
    const known = await listTenantRecords(registry, [system.name])
    const unfinished = known.filter(({ status }) => status === 'provisioning').map(({ slug }) => slug)
    const asked =
      'slugs' in wanted
        ? [...new Set(wanted.slugs)]
        : countedSlugs(
            wanted.prefix,
            wanted.count,
            known.map(({ slug }) => slug),
          )
    const resumed = unfinished.filter((slug) =>
      'slugs' in wanted ? asked.includes(slug) : countOf(wanted.prefix, slug) !== undefined,
    )
    const created = asked.filter((slug) => !resumed.includes(slug))
    refuseExisting(system, created, known)
    refuseSlugs(created.map((slug) => newSlugProblem(config, system, slug)))
    const targets = created.flatMap((slug) => tenantTargets(config, system, slug))
    await refuseTaken(registry, targets)
    await check(targets)
    await insertTenantRecords(registry, system.name, created, metadata)
    await updateTenantMetadata(registry, system.name, resumed, metadata)
    await recordTargets(registry, targets)
    const events = created.map((slug) => ({
      action: 'tenant.registered',
      subject: `${system.name}/${slug}`,
      detail: { metadata },
    }))
    await appendAudit(registry, events)
    return { created, resumed }
  })
}

async function requireSystem(registry: Connection, system: System): Promise<void> {
  const known = await listSystems(registry)
  if (known.some(({ name }) => name === system.name)) return
  throw new PanalError('PANAL_NOT_PROVISIONED', `System "${system.name}" has not been applied yet.`, {
    remedy: `Run panal apply --system ${system.name}`,
  })
}

function refuseExisting(system: System, slugs: readonly string[], known: readonly TenantRecord[]): void {
  const existing = known.filter(({ slug }) => slugs.includes(slug))
  if (existing.length === 0) return
  const names = existing.map(({ slug, status }) => `"${slug}" (${status})`).join(', ')
  throw new PanalError('PANAL_TENANT_EXISTS', `System "${system.name}" has ${names} already.`, {
    remedy: `Choose another slug; panal tenant list --system ${system.name} shows what there is.`,
  })
}

function refuseSlugs(found: readonly (string | undefined)[]): void {
  const problems = found.filter((problem) => problem !== undefined)
  if (problems.length === 0) return
  const [first] = problems
  const message =
    problems.length === 1 ? `The slug ${first}.` : `${problems.length} slugs cannot name a tenant.`
  throw new PanalError('PANAL_TENANT_SLUG', message, problems.length === 1 ? {} : { details: problems })
}

/** Schemas and logins are named by functions of the model, which may give two tenants one name. */
async function refuseTaken(registry: Connection, targets: readonly Target[]): Promise<void> {
  const taken = new Map<string, Target>()
  for (const target of targets) {
    for (const name of [`schema ${target.database}.${target.schema}`, `login ${target.login}`]) {
      const other = taken.get(name)
      if (other !== undefined && other.tenant !== target.tenant) throw takenError(target, other)
      taken.set(name, target)
    }
  }
  const [other] = await targetsInTheWay(registry, targets)
  if (other !== undefined) throw takenError(undefined, other)
}

function takenError(target: Target | undefined, other: Target): PanalError {
  const slug = target?.tenant ? `The slug "${target.tenant}"` : 'A slug'
  const names = `schema ${other.schema} in database ${other.database}, login ${other.login ?? 'none'}`
  const message = `${slug} leads to a schema or a login of ${formatTarget(other)} (${names}).`
  return new PanalError('PANAL_TENANT_SLUG', message, {
    remedy: 'Choose another slug, or let the model name schemas and logins so that they stay apart.',
  })
}
