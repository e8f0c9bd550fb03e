import { type Connection, sql } from '../../postgres/index.ts'
import type { MembershipFacts } from './cluster-facts.ts'

/**
 * Memberships of the given roles in anything, who administers them, and what the operator can become.
 *
 * @param everyMember whether all members of the given roles are read, as strangers among them need;
 *   a group that every tenant is in has ten thousand
 */
export async function readMemberships(
  connection: Connection,
  names: readonly string[],
  { everyMember }: { readonly everyMember: boolean },
): Promise<readonly MembershipFacts[]> {
  const newer = connection.serverMajor >= 16
  const inherit = newer ? sql`m.inherit_option` : sql`member.rolinherit`
  const set = newer ? sql`m.set_option` : sql`true`
  // An edge with ADMIN alone leads nowhere: a creator would bring in all that it made.
  const leads = newer ? sql`(m.inherit_option or m.set_option)` : sql`true`
  return connection.query<MembershipFacts>(/* SQL */ sql`
    with recursive named as (select oid from pg_roles where rolname = any (${names})),
    reachable as (
      select oid from pg_roles where rolname = session_user
      union
      select m.roleid from pg_auth_members m join reachable on reachable.oid = m.member where ${leads}),
    -- A union, since OR would read every membership of the server.
    edges as (
      select ctid from pg_auth_members where member in (select oid from named)
      union
      select ctid from pg_auth_members
      where roleid in (select oid from named) and (${everyMember} or admin_option)
      union
      select ctid from pg_auth_members m where member in (select oid from reachable) and ${leads})
    select role.rolname as role, member.rolname as member, coalesce(grantor.rolname, '') as grantor,
      m.admin_option as admin, ${inherit} as inherit, ${set} as set
    from pg_auth_members m
    join edges on edges.ctid = m.ctid
    join pg_roles role on role.oid = m.roleid
    join pg_roles member on member.oid = m.member
    left join pg_roles grantor on grantor.oid = m.grantor
    order by role.rolname, member.rolname, grantor.rolname`)
}

/** How many roles each of the given ones administers that may make roles. */
export async function readAdministered(
  connection: Connection,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await connection.query<{ name: string; count: number }>(/* SQL */ sql`
    select rolname as name,
      (select count(*)::int from pg_auth_members where member = pg_roles.oid and admin_option) as count
    from pg_roles where rolname = any (${names}) and rolcreaterole`)
  return new Map(rows.map(({ name, count }) => [name, count]))
}
