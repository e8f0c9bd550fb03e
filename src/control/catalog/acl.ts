/**
 * PostgreSQL's access control lists, as pg_catalog keeps them: an array of
 * `grantee=privileges/grantor`, one letter a privilege, a star after those that may be granted on.
 * Source: https://www.postgresql.org/docs/current/ddl-priv.html, "ACL Privilege Abbreviations".
 */
const LETTERS = {
  r: 'select',
  a: 'insert',
  w: 'update',
  d: 'delete',
  D: 'truncate',
  x: 'references',
  t: 'trigger',
  m: 'maintain',
  X: 'execute',
  U: 'usage',
  C: 'create',
  c: 'connect',
  T: 'temporary',
  s: 'set',
  A: 'alter system',
} as const

export type Privilege = (typeof LETTERS)[keyof typeof LETTERS]

/** How PUBLIC is written in facts; no role can have this name. */
export const PUBLIC = 'public'

/** What one grantor gave one grantee on one object. */
export interface AclItem {
  /** A role, or PUBLIC. */
  readonly grantee: string
  readonly grantor: string
  readonly privileges: readonly Privilege[]
  /** Those of `privileges` that the grantee may grant on. */
  readonly grantable: readonly Privilege[]
}

/** Parses every item of a list. */
export function parseAcl(items: readonly string[]): readonly AclItem[] {
  return items.map(parseAclItem)
}

/** @throws TypeError for a text that no server writes: a privilege letter of a version yet unknown must not pass unseen. */
export function parseAclItem(item: string): AclItem {
  const [grantee, afterGrantee] = readName(item, 0)
  if (item[afterGrantee] !== '=') throw new TypeError(`not an access control item: ${item}`)
  const slash = item.indexOf('/', afterGrantee)
  if (slash === -1) throw new TypeError(`not an access control item: ${item}`)
  const [grantor] = readName(item, slash + 1)
  const privileges: Privilege[] = []
  const grantable: Privilege[] = []
  for (const letter of item.slice(afterGrantee + 1, slash)) {
    if (letter === '*') {
      grantable.push(privileges.at(-1)!)
      continue
    }
    const privilege = (LETTERS as Record<string, Privilege>)[letter]
    if (privilege === undefined) throw new TypeError(`unknown privilege "${letter}" in ${item}`)
    privileges.push(privilege)
  }
  return { grantee: grantee === '' ? PUBLIC : grantee, grantor, privileges, grantable }
}

/** A role's name, in double quotes (doubled inside) where it has other characters than letters, digits and underscores. */
function readName(item: string, start: number): [name: string, end: number] {
  let name = ''
  let quoted = false
  let position = start
  for (; position < item.length; position++) {
    const character = item[position]
    if (character === '"') {
      if (quoted && item[position + 1] === '"') {
        name += '"'
        position++
      } else {
        quoted = !quoted
      }
    } else if (!quoted && (character === '=' || character === '/')) {
      break
    } else {
      name += character
    }
  }
  return [name, position]
}
