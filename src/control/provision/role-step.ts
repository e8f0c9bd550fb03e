import type { PlanStep } from './step.ts'
import type { WantedRole } from './wanted-roles.ts'

/** A step about one role, booked under what the role is for; who runs it is still open. */
export function roleStep(
  role: Pick<WantedRole, 'system' | 'service' | 'tenant'>,
  content: Pick<PlanStep, 'sql' | 'action' | 'subject' | 'reason' | 'asks' | 'passwordOf'>,
): Omit<PlanStep, 'as'> {
  return {
    phase: 'roles',
    system: role.system,
    ...(role.service === null ? {} : { service: role.service }),
    ...(role.tenant === null ? {} : { tenant: role.tenant }),
    database: 'control',
    ...content,
  }
}
