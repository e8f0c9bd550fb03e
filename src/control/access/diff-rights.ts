import { type AclItem, type Privilege, PUBLIC } from '../catalog/index.ts'
import type { Rights } from './rights.ts'

/** A right to take away: given by `grantor`, who alone can. */
export interface OverGrant {
  readonly grantee: string
  readonly grantor: string
  readonly privileges: readonly Privilege[]
  /** Only the option to grant it on is too much. */
  readonly optionOnly: boolean
}

export interface UnderGrant {
  readonly grantee: string
  readonly privileges: readonly Privilege[]
}

export interface RightsDifference {
  readonly over: readonly OverGrant[]
  readonly under: readonly UnderGrant[]
  /** Items of grantees that Panal does not manage. */
  readonly foreign: readonly AclItem[]
}

/** Compares an access list with the rights wanted. Of the owner's own rights it says nothing. */
export function diffRights(
  acl: readonly AclItem[],
  wanted: Rights,
  owner: string,
  isManaged: (role: string) => boolean,
): RightsDifference {
  const over: OverGrant[] = []
  const foreign: AclItem[] = []
  for (const item of acl) {
    const { grantee, grantor } = item
    if (grantee === owner) continue
    if (grantee !== PUBLIC && !isManaged(grantee) && !wanted.has(grantee)) {
      foreign.push(item)
      continue
    }
    if (goesByCascade(item, owner, isManaged)) continue
    const allowed = wanted.get(grantee)
    const excess = item.privileges.filter((privilege) => allowed?.has(privilege) !== true)
    if (excess.length > 0) over.push({ grantee, grantor, privileges: excess, optionOnly: false })
    const options = item.grantable.filter((privilege) => allowed?.has(privilege) === true)
    if (options.length > 0) over.push({ grantee, grantor, privileges: options, optionOnly: true })
  }
  const under: UnderGrant[] = []
  for (const [grantee, privileges] of wanted) {
    if (grantee === owner) continue
    const missing = [...privileges].filter(
      (privilege) => !acl.some((item) => item.grantee === grantee && isHeldFor(item, privilege, owner)),
    )
    if (missing.length > 0) under.push({ grantee, privileges: missing })
  }
  return { over, under, foreign }
}

/**
 * Whoever grants and is not the owner does so by a grant option. No managed role should have one, so
 * it is revoked with CASCADE, and this item goes along, without anybody having to become the grantor.
 */
function goesByCascade({ grantor }: AclItem, owner: string, isManaged: (role: string) => boolean): boolean {
  return grantor !== owner && isManaged(grantor)
}

/** A right that another grantor gave goes when he loses his own: only the owner's grant counts. */
function isHeldFor(item: AclItem, privilege: Privilege, owner: string): boolean {
  return item.grantor === owner && item.privileges.includes(privilege)
}
