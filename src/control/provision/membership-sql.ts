import { ident, type Sql, sql, trusted } from '../../postgres/index.ts'
import type { MembershipFacts } from '../catalog/index.ts'
import type { WantedMembership } from './wanted-roles.ts'

/** Before 16 a membership has no options: it inherits as its member does, and always lets it SET ROLE. */
const FIRST_WITH_OPTIONS = 16

export function grantMembership(member: string, membership: WantedMembership, serverMajor: number): Sql {
  const grant = sql`GRANT ${ident(membership.role)} TO ${ident(member)}`
  if (serverMajor < FIRST_WITH_OPTIONS) return grant
  const inherit = membership.inherit ? trusted('TRUE') : trusted('FALSE')
  const set = membership.set ? trusted('TRUE') : trusted('FALSE')
  return sql`${grant} WITH INHERIT ${inherit}, SET ${set}`
}

/** Whether the rows of one membership, which may come from several grantors, together give what is wanted. */
export function covers(
  rows: readonly MembershipFacts[],
  wanted: WantedMembership,
  serverMajor: number,
): boolean {
  if (serverMajor < FIRST_WITH_OPTIONS) return rows.length > 0
  const has = (option: 'inherit' | 'set'): boolean => rows.some((row) => row[option])
  return rows.length > 0 && (!wanted.inherit || has('inherit')) && (!wanted.set || has('set'))
}

/** Whether a row gives more than is wanted: the right to hand the role on, to become it, or to inherit from it. */
export function exceeds(row: MembershipFacts, wanted: WantedMembership, serverMajor: number): boolean {
  if (row.admin) return true
  if (serverMajor < FIRST_WITH_OPTIONS) return false
  return (row.inherit && !wanted.inherit) || (row.set && !wanted.set)
}
