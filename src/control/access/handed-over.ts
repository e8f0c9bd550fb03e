import type { AclItem, SchemaFacts } from '../catalog/index.ts'

/**
 * A schema as ALTER … OWNER will leave it: what had one of the given owners has the new one, and the
 * server puts the new name in the place of the old one in the access lists too, as grantee and grantor.
 */
export function handedOver(facts: SchemaFacts, from: ReadonlySet<string>, owner: string): SchemaFacts {
  if (from.size === 0) return facts
  const settle = <Owned extends { readonly owner: string; readonly acl: readonly AclItem[] }>(
    object: Owned,
  ): Owned =>
    from.has(object.owner) ? { ...object, owner, acl: renamed(object.acl, object.owner, owner) } : object
  return {
    ...settle(facts),
    relations: facts.relations.map(settle),
    routines: facts.routines.map(settle),
    columnGrants: facts.columnGrants.map(settle),
    types: facts.types.map((type) => (from.has(type.owner) ? { ...type, owner } : type)),
  }
}

function renamed(acl: readonly AclItem[], from: string, to: string): readonly AclItem[] {
  const rename = (role: string): string => (role === from ? to : role)
  return acl.map((item) => ({ ...item, grantee: rename(item.grantee), grantor: rename(item.grantor) }))
}
