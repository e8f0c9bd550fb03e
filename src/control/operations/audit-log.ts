import type { ControlContext } from '../context/index.ts'
import { type AuditEntry, type AuditFilter, listAudit, openRegistry } from '../state/index.ts'

/** The latest entries of the audit log that match, oldest first; none before the first apply. */
export async function auditLog(
  context: ControlContext,
  filter: AuditFilter = {},
): Promise<readonly AuditEntry[]> {
  const registry = await openRegistry(context)
  if (registry === null) return []
  await using open = registry
  return await listAudit(open, filter)
}
