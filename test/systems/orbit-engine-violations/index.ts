import { catalogueViolations } from './catalogue.ts'
import { peopleViolations } from './people.ts'
import { salesViolations } from './sales.ts'
import type { Violation } from './statements.ts'
import { tenancyViolations } from './tenancy.ts'

export { permitted } from './permitted.ts'

/** What PostgreSQL refuses to the application's login in organization a. */
export const violations: readonly Violation[] = [
  ...peopleViolations,
  ...catalogueViolations,
  ...salesViolations,
  ...tenancyViolations,
]
