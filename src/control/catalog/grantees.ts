import type { AclItem } from './acl.ts'
import type { SchemasFacts } from './schema-facts.ts'

/** Every role that has a right on anything of these facts, each once. */
export function granteesOf({ schemas, defaults }: SchemasFacts): readonly string[] {
  const names = new Set<string>()
  const add = (objects: readonly { readonly acl: readonly AclItem[] }[]): void => {
    for (const { acl } of objects) for (const { grantee } of acl) names.add(grantee)
  }
  for (const schema of schemas.values()) {
    add([schema])
    add(schema.relations)
    add(schema.routines)
    add(schema.columnGrants)
  }
  add(defaults)
  return [...names]
}
