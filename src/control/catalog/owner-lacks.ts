import { type AclItem, type Privilege, parseAcl } from './acl.ts'

/**
 * What the owner lacks of the rights that it would have on a new object.
 *
 * @param standard what acldefault says of such an object of this owner
 */
export function ownerLacks(
  owner: string,
  acl: readonly AclItem[],
  standard: readonly string[],
): readonly Privilege[] {
  const has = new Set(acl.filter((item) => item.grantee === owner).flatMap((item) => item.privileges))
  const should = parseAcl(standard).find((item) => item.grantee === owner)?.privileges ?? []
  return should.filter((privilege) => !has.has(privilege))
}
