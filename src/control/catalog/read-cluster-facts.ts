import { CONTROL_ROLE } from '../../model/index.ts'
import { type Connection, sql } from '../../postgres/index.ts'
import { parseAcl } from './acl.ts'
import type {
  ClusterFacts,
  DatabaseFacts,
  MembershipFacts,
  OperatorFacts,
  RoleFacts,
  RoleSettingFacts,
} from './cluster-facts.ts'
import { MARKER_PREFIX } from './marker.ts'

/**
 * Reads roles, memberships, databases and role settings, in five queries however many there are.
 *
 * @param roles names that the model declares; marked roles are read as well, others are nobody's business
 */
export async function readClusterFacts(
  connection: Connection,
  roles: readonly string[],
): Promise<ClusterFacts> {
  const names = [...roles, CONTROL_ROLE]
  return {
    serverMajor: connection.serverMajor,
    operator: await readOperator(connection),
    roles: await readRoles(connection, names),
    memberships: await readMemberships(connection, names),
    databases: await readDatabases(connection),
    settings: await readSettings(connection, names),
  }
}

async function readOperator(connection: Connection): Promise<OperatorFacts> {
  const [row] = await connection.query<OperatorFacts>(/* SQL */ sql`
    select rolname as name, rolsuper as superuser, rolcreaterole as "createRole", rolcreatedb as "createDatabase",
      coalesce((
        select case
            -- Before 16 every membership lets its member SET ROLE.
            when current_setting('server_version_num')::int < 160000 then pg_has_role(session_user, oid, 'MEMBER')
            else pg_has_role(session_user, oid, 'SET')
          end
        from pg_roles where rolname = ${CONTROL_ROLE}), false) as "mayControl"
    from pg_roles where rolname = session_user`)
  return row!
}

async function readRoles(
  connection: Connection,
  names: readonly string[],
): Promise<ReadonlyMap<string, RoleFacts>> {
  const rows = await connection.query<RoleFacts>(/* SQL */ sql`
    select rolname as name, rolcanlogin as login, rolsuper as superuser, rolcreaterole as "createRole",
      rolcreatedb as "createDatabase", rolreplication as replication, rolbypassrls as "bypassRls",
      rolinherit as inherit, rolconnlimit as "connectionLimit", description as comment
    from pg_roles
    left join pg_shdescription d on d.objoid = pg_roles.oid and d.classoid = 'pg_authid'::regclass
    where rolname = any (${names}) or starts_with(description, ${MARKER_PREFIX})
    order by rolname`)
  return new Map(rows.map((row) => [row.name, row]))
}

/** Memberships of the roles above in anything, and of anything in them: a path to an owner may lead through a stranger. */
async function readMemberships(
  connection: Connection,
  names: readonly string[],
): Promise<readonly MembershipFacts[]> {
  return connection.query<MembershipFacts>(/* SQL */ sql`
    with managed as (
      select pg_roles.oid from pg_roles
      left join pg_shdescription d on d.objoid = pg_roles.oid and d.classoid = 'pg_authid'::regclass
      where rolname = any (${names}) or starts_with(description, ${MARKER_PREFIX}))
    select role.rolname as role, member.rolname as member, coalesce(grantor.rolname, '') as grantor,
      m.admin_option as admin,
      -- The columns of 16 and later, absent before.
      coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, member.rolinherit) as inherit,
      coalesce((to_jsonb(m) ->> 'set_option')::boolean, true) as set
    from pg_auth_members m
    join pg_roles role on role.oid = m.roleid
    join pg_roles member on member.oid = m.member
    left join pg_roles grantor on grantor.oid = m.grantor
    where m.roleid in (select oid from managed) or m.member in (select oid from managed)
    order by role.rolname, member.rolname, grantor`)
}

async function readDatabases(connection: Connection): Promise<ReadonlyMap<string, DatabaseFacts>> {
  const rows = await connection.query<Omit<DatabaseFacts, 'acl'> & { acl: string[] }>(/* SQL */ sql`
    select datname as name, rolname as owner, pg_encoding_to_char(encoding) as encoding,
      coalesce(datacl, acldefault('d', datdba))::text[] as acl
    from pg_database join pg_roles on pg_roles.oid = datdba
    where not datistemplate
    order by datname`)
  return new Map(rows.map((row) => [row.name, { ...row, acl: parseAcl(row.acl) }]))
}

async function readSettings(
  connection: Connection,
  names: readonly string[],
): Promise<readonly RoleSettingFacts[]> {
  return connection.query<RoleSettingFacts>(/* SQL */ sql`
    select rolname as role, datname as database,
      split_part(setting, '=', 1) as name, substr(setting, strpos(setting, '=') + 1) as value
    from pg_db_role_setting
    join pg_roles on pg_roles.oid = setrole
    left join pg_database on pg_database.oid = setdatabase
    left join pg_shdescription d on d.objoid = pg_roles.oid and d.classoid = 'pg_authid'::regclass
    cross join unnest(setconfig) as setting
    where rolname = any (${names}) or starts_with(description, ${MARKER_PREFIX})
    order by rolname, datname, setting`)
}
