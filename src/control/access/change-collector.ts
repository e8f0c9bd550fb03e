import { ident, join, type Sql, sql, trusted } from '../../postgres/index.ts'
import type { AclItem, Privilege } from '../catalog/index.ts'
import type { AccessChange, ForeignGrant } from './access-change.ts'
import { diffRights, type OverGrant } from './diff-rights.ts'
import { roleSql } from './object-sql.ts'
import { privilegesSql, sortPrivileges } from './privilege-sql.ts'
import type { Rights } from './rights.ts'

const DEFAULT_OBJECTS = {
  tables: trusted('TABLES'),
  sequences: trusted('SEQUENCES'),
  routines: trusted('ROUTINES'),
  types: trusted('TYPES'),
  schemas: trusted('SCHEMAS'),
} as const

/** What ALTER DEFAULT PRIVILEGES knows, large objects excepted: only 18 has them, and no right of theirs is ever declared. */
export type DefaultObjects = keyof typeof DEFAULT_OBJECTS

/** How an object is written behind ON, and how a person is told of it. */
export interface GrantObject {
  readonly object: Sql
  readonly subject: string
  /** Narrows the rights to one column of the table. */
  readonly column?: string
}

/** An object's rights as they stand. */
export interface StandingRights {
  readonly owner: string
  readonly acl: readonly AclItem[]
  /** What the owner took from itself or somebody took from it. */
  readonly ownerLacks?: readonly Privilege[]
}

/** Turns differences into statements, one for each role and set of privileges. */
export class ChangeCollector {
  readonly changes: AccessChange[] = []
  readonly foreign: ForeignGrant[] = []
  readonly #isManaged: (role: string) => boolean

  constructor(isManaged: (role: string) => boolean) {
    this.#isManaged = isManaged
  }

  /** Compares one object, or several that are alike; gives what it revokes. */
  compare(standing: StandingRights, wanted: Rights, place: GrantObject): readonly OverGrant[] {
    const { acl, owner, ownerLacks = [] } = standing
    const { over, under, foreign } = diffRights(acl, wanted, owner, this.#isManaged)
    this.#noteForeign(foreign, place.subject)
    const list = (privileges: readonly Privilege[]): Sql => privilegeListSql(privileges, place.column)
    for (const { grantee, grantor, privileges, optionOnly } of over) {
      // CASCADE takes along what the grantee granted on with an option that he should not have had.
      this.changes.push({
        kind: 'revoke',
        as: grantor,
        sql: sql`REVOKE ${optionSql(optionOnly)}${list(privileges)} ON ${place.object} FROM ${roleSql(grantee)} CASCADE`,
        subject: `${describe(privileges)}${optionText(optionOnly)} on ${place.subject} from ${grantee}`,
      })
    }
    for (const { grantee, privileges } of [{ grantee: owner, privileges: ownerLacks }, ...under]) {
      if (privileges.length === 0) continue
      this.changes.push({
        kind: 'grant',
        as: owner,
        sql: sql`GRANT ${list(privileges)} ON ${place.object} TO ${roleSql(grantee)}`,
        subject: `${describe(privileges)} on ${place.subject} to ${grantee}`,
      })
    }
    return over
  }

  /** Compares the default privileges of one creator, in one schema or, with null, whatever the schema. */
  compareDefault(
    acl: readonly AclItem[],
    wanted: Rights,
    creator: string,
    objects: DefaultObjects,
    schema: string | null,
  ): void {
    const { over, under, foreign } = diffRights(acl, wanted, creator, this.#isManaged)
    const where = `new ${objects}${schema === null ? ` of ${creator}` : ` in ${schema}`}`
    this.#noteForeign(foreign, schema === null ? where : `new ${objects} of ${creator} in ${schema}`)
    const place = schema === null ? sql`` : sql` IN SCHEMA ${ident(schema)}`
    const prefix = sql`ALTER DEFAULT PRIVILEGES${place}`
    const on = DEFAULT_OBJECTS[objects]
    for (const { grantee, privileges, optionOnly } of over) {
      this.changes.push({
        kind: 'revoke',
        as: creator,
        sql: sql`${prefix} REVOKE ${optionSql(optionOnly)}${privilegesSql(privileges)} ON ${on} FROM ${roleSql(grantee)}`,
        subject: `${describe(privileges)}${optionText(optionOnly)} on ${where} from ${grantee}`,
      })
    }
    for (const { grantee, privileges } of under) {
      this.changes.push({
        kind: 'default',
        as: creator,
        sql: sql`${prefix} GRANT ${privilegesSql(privileges)} ON ${on} TO ${roleSql(grantee)}`,
        subject: `${describe(privileges)} on ${where} to ${grantee}`,
      })
    }
  }

  #noteForeign(items: readonly AclItem[], subject: string): void {
    for (const { grantee, grantor, privileges } of items) {
      this.foreign.push({ grantee, grantor, subject: `${describe(privileges)} on ${subject}` })
    }
  }
}

/** The statements for one object that stands by itself: a database, the schema of extensions. */
export function objectChanges(
  standing: StandingRights,
  wanted: Rights,
  place: GrantObject,
  isManaged: (role: string) => boolean,
): ChangeCollector {
  const collector = new ChangeCollector(isManaged)
  collector.compare(standing, wanted, place)
  return collector
}

const optionSql = (optionOnly: boolean): Sql => (optionOnly ? trusted('GRANT OPTION FOR ') : trusted(''))

const optionText = (optionOnly: boolean): string => (optionOnly ? ' with grant option' : '')

function privilegeListSql(privileges: readonly Privilege[], column: string | undefined): Sql {
  if (column === undefined) return privilegesSql(privileges)
  return join(
    sortPrivileges(privileges).map((privilege) => sql`${privilegesSql([privilege])} (${ident(column)})`),
  )
}

const describe = (privileges: readonly Privilege[]): string => sortPrivileges(privileges).join(', ')
