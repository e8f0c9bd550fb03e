import { formatTarget } from '../../model/index.ts'
import type { Connection } from '../../postgres/index.ts'
import type { Platform } from '../provision/index.ts'
import { appendAudit, listTenantRecords, setTargetStatus, setTenantStatus } from '../state/index.ts'

/**
 * Calls targets active that are as the model wants them, and tenants whose every target is: also
 * those whose creation was cut off, since this apply has finished it.
 *
 * @param failed targets on which a migration failed, as `formatTarget` names them
 */
export async function markActive(
  control: Connection,
  platform: Platform,
  failed: ReadonlySet<string>,
  run: string,
): Promise<void> {
  const done = platform.focus.filter((target) => !failed.has(formatTarget(target)))
  await setTargetStatus(control, done, 'active')
  for (const { name } of platform.selected) {
    const targets = platform.focus.filter((target) => target.system === name && target.tenant !== null)
    const broken = new Set(
      targets.filter((target) => failed.has(formatTarget(target))).map(({ tenant }) => tenant),
    )
    const covered = new Set(targets.map(({ tenant }) => tenant))
    const slugs = (await listTenantRecords(control, [name]))
      .filter(({ slug, status }) => status === 'provisioning' && covered.has(slug) && !broken.has(slug))
      .map(({ slug }) => slug)
    if (slugs.length === 0) continue
    const changed = await setTenantStatus(control, name, slugs, 'active')
    const events = changed.map((slug) => ({ action: 'tenant.provisioned', subject: `${name}/${slug}` }))
    await appendAudit(control, events, run)
  }
}
