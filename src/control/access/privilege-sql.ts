import { join, type Sql, trusted } from '../../postgres/index.ts'
import type { Privilege } from '../catalog/index.ts'

const KEYWORDS: Readonly<Record<Privilege, Sql>> = {
  select: trusted('SELECT'),
  insert: trusted('INSERT'),
  update: trusted('UPDATE'),
  delete: trusted('DELETE'),
  truncate: trusted('TRUNCATE'),
  references: trusted('REFERENCES'),
  trigger: trusted('TRIGGER'),
  maintain: trusted('MAINTAIN'),
  execute: trusted('EXECUTE'),
  usage: trusted('USAGE'),
  create: trusted('CREATE'),
  connect: trusted('CONNECT'),
  temporary: trusted('TEMPORARY'),
  set: trusted('SET'),
  'alter system': trusted('ALTER SYSTEM'),
}

/** The order in which people list them. */
const ORDER = Object.keys(KEYWORDS) as Privilege[]

/** Sorted as people list them, so that equal sets always print and compare alike. */
export function sortPrivileges(privileges: Iterable<Privilege>): Privilege[] {
  const set = new Set(privileges)
  return ORDER.filter((privilege) => set.has(privilege))
}

/** `SELECT, INSERT`, as GRANT and REVOKE want it. */
export function privilegesSql(privileges: Iterable<Privilege>): Sql {
  return join(sortPrivileges(privileges).map((privilege) => KEYWORDS[privilege]))
}
