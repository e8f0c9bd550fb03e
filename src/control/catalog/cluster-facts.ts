import type { AclItem, Privilege } from './acl.ts'

/** What a server says of roles and databases: shared by all its databases. */
export interface ClusterFacts {
  readonly serverMajor: number
  /** Who looked: the operator. */
  readonly operator: OperatorFacts
  readonly roles: ReadonlyMap<string, RoleFacts>
  readonly memberships: readonly MembershipFacts[]
  /** How many roles each CREATEROLE role administers (16+): creators must stay small. */
  readonly administered: ReadonlyMap<string, number>
  readonly databases: ReadonlyMap<string, DatabaseFacts>
  readonly settings: readonly RoleSettingFacts[]
}

export interface OperatorFacts {
  readonly name: string
  readonly superuser: boolean
  readonly createRole: boolean
  readonly createDatabase: boolean
  /** Whether the operator may SET ROLE to the control role; false where there is none yet. */
  readonly mayControl: boolean
}

export interface RoleFacts {
  readonly name: string
  readonly login: boolean
  readonly superuser: boolean
  readonly createRole: boolean
  readonly createDatabase: boolean
  readonly replication: boolean
  readonly bypassRls: boolean
  readonly inherit: boolean
  /** -1: no limit. */
  readonly connectionLimit: number
  /** VALID UNTIL some day. */
  readonly expires: boolean
  readonly comment: string | null
}

/** One row of pg_auth_members. Before 16 `inherit` follows the member's attribute and `set` is always true. */
export interface MembershipFacts {
  readonly role: string
  readonly member: string
  readonly grantor: string
  readonly admin: boolean
  readonly inherit: boolean
  readonly set: boolean
}

export interface DatabaseFacts {
  readonly name: string
  readonly owner: string
  readonly encoding: string
  readonly acl: readonly AclItem[]
  readonly ownerLacks: readonly Privilege[]
}

/** One `ALTER ROLE … [IN DATABASE …] SET`. */
export interface RoleSettingFacts {
  readonly role: string
  /** Null: in every database. */
  readonly database: string | null
  readonly name: string
  readonly value: string
}
