import { CONTROL_ROLE, creatorRole } from '../../model/index.ts'
import { type Connection, sql } from '../../postgres/index.ts'
import type { ClusterFacts, OperatorFacts, RoleSettingFacts } from './cluster-facts.ts'
import { MARKER_PREFIX } from './marker.ts'
import { readDatabases } from './read-databases.ts'
import { readAdministered, readMemberships } from './read-memberships.ts'
import { readRoles } from './read-roles.ts'

export interface RoleSelection {
  /** Systems whose creators are read, whatever their number. Default: none. */
  readonly systems?: readonly string[]
  /**
   * Whether marked roles that nobody named are read too, so that orphans and strangers show. Without
   * them the work does not grow with the tenants that are not meant. Default: true.
   */
  readonly withMarked?: boolean
}

/**
 * Reads roles, memberships, databases and role settings, in six queries however many there are.
 *
 * @param declared names that the model declares; others are nobody's business unless they are marked
 */
export async function readClusterFacts(
  connection: Connection,
  declared: readonly string[],
  selection: RoleSelection = {},
): Promise<ClusterFacts> {
  const databases = await readDatabases(connection)
  // Whoever has rights on a database must be told from a stranger.
  const grantees = [...databases.values()].flatMap(({ acl }) => acl.map((item) => item.grantee))
  const named = [...new Set([...declared, ...grantees, CONTROL_ROLE])]
  const creators = (selection.systems ?? []).map((system) => creatorRole(system, 0).slice(0, -1))
  const marker = selection.withMarked === false ? null : MARKER_PREFIX
  const roles = await readRoles(connection, named, { prefixes: creators, marker })
  const names = [...roles.keys()]
  return {
    serverMajor: connection.serverMajor,
    operator: await readOperator(connection),
    roles,
    memberships: await readMemberships(connection, selection.withMarked === false ? named : names, {
      everyMember: selection.withMarked !== false,
    }),
    administered: await readAdministered(connection, names),
    databases,
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
    cross join unnest(setconfig) as setting
    where rolname = any (${names})
    order by rolname, datname, setting`)
}
