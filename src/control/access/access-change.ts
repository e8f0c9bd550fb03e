import type { Sql } from '../../postgres/index.ts'

/** One statement that brings rights closer to the matrix. */
export interface AccessChange {
  readonly kind: 'grant' | 'revoke' | 'default' | 'row security'
  /** The role that must run it: the owner, or whoever granted what is revoked. */
  readonly as: string
  readonly sql: Sql
  /** `select on courses.* to enrollments_svc`. */
  readonly subject: string
}

/** A right of a role that Panal does not manage: reported, never touched. */
export interface ForeignGrant {
  readonly grantee: string
  readonly grantor: string
  readonly subject: string
}
