import fc from 'fast-check'
import {
  type Connection,
  ident,
  isServerError,
  literal,
  type Sql,
  sql,
  trusted,
} from '../../src/postgres/index.ts'
import type { ProvisionFixture } from '../provision-fixture.ts'
import { databasesOfSystem, rolesOf } from './expected-rights.ts'
import { type PlatformSpec, schemaNameOf, slugsOf } from './platform-spec.ts'

/** Something that a person does by hand; the numbers choose among whatever stands at that moment. */
export interface Drift {
  readonly kind: keyof typeof DRIFTS
  readonly on: number
  readonly role: number
  readonly how: number
}

/** What stands in one database, by name. */
interface Standing {
  readonly database: string
  readonly schemas: readonly string[]
  readonly tables: readonly Place[]
  readonly sequences: readonly Place[]
  readonly routines: readonly Place[]
  readonly policies: readonly (Place & { readonly policy: string })[]
  readonly owners: readonly string[]
  /** Roles of the platform that own nothing. */
  readonly roles: readonly string[]
  /** Roles that have settings in this database. */
  readonly configured: readonly string[]
  /** Whom somebody could make a role a member of. */
  readonly groups: readonly string[]
  readonly edges: readonly { readonly role: string; readonly member: string; readonly grantor: string }[]
}

interface Place {
  readonly schema: string
  readonly name: string
}

/** The stranger that no model declares: what he has is his, what others get from him is drift. */
export const STRANGER = 'stranger'

const TABLE_RIGHTS = [
  trusted('SELECT'),
  trusted('UPDATE, DELETE'),
  trusted('ALL'),
  trusted('TRUNCATE'),
  trusted('SELECT (label)'),
  trusted('UPDATE (label), INSERT (label)'),
]
const ATTRIBUTES = [
  trusted('NOINHERIT'),
  trusted('INHERIT'),
  trusted('NOLOGIN'),
  trusted('LOGIN'),
  trusted('CREATEDB'),
  trusted('CREATEROLE'),
  trusted('BYPASSRLS'),
  trusted('REPLICATION'),
  trusted('SUPERUSER'),
  trusted('CONNECTION LIMIT 3'),
]
const DEFAULT_OBJECTS = [trusted('TABLES'), trusted('SEQUENCES'), trusted('FUNCTIONS')]

type Maker = (standing: Standing, drift: Drift) => readonly Sql[]

const relation = ({ schema, name }: Place): Sql => ident(schema, name)

/** Each gives statements, or none where there is nothing to do it to. */
const DRIFTS = {
  'grant on a table': on('tables', (table, { roles }, { role, how }) => {
    const option = how % 2 === 0 ? trusted('') : trusted(' WITH GRANT OPTION')
    return sql`GRANT ${one(TABLE_RIGHTS, how)} ON ${relation(table)} TO ${ident(one(roles, role))}${option}`
  }),
  'grant on to somebody else': on('tables', (table, { roles }, { role, how }) => {
    const [first, second] = [ident(one(roles, role)), ident(one(roles, how))]
    return [
      sql`GRANT SELECT ON ${relation(table)} TO ${first} WITH GRANT OPTION`,
      sql`SET ROLE ${first}`,
      sql`GRANT SELECT ON ${relation(table)} TO ${second}`,
      sql`RESET ROLE`,
    ]
  }),
  'grant on a table to the public': on('tables', (table, _, { how }) => [
    sql`GRANT ${one(TABLE_RIGHTS, how)} ON ${relation(table)} TO PUBLIC`,
  ]),
  'revoke on a table': on('tables', (table, { roles }, { role }) => [
    sql`REVOKE ALL ON ${relation(table)} FROM ${ident(one(roles, role))} CASCADE`,
  ]),
  'owner of a table': on('tables', (table, { owners }, { role }) => [
    sql`ALTER TABLE ${relation(table)} OWNER TO ${ident(one([...owners, 'postgres'], role))}`,
  ]),
  // Of row tenancy: elsewhere the tables' own migrations may have row-level security or not.
  'row-level security': on('policies', (table, _, { how }) => {
    const change = one([trusted('DISABLE'), trusted('NO FORCE')], how)
    return sql`ALTER TABLE ${relation(table)} ${change} ROW LEVEL SECURITY`
  }),
  policy: on('policies', ({ policy, ...table }, _, { how }) =>
    how % 2 === 0
      ? [sql`DROP POLICY ${ident(policy)} ON ${relation(table)}`]
      : [sql`ALTER POLICY ${ident(policy)} ON ${relation(table)} TO PUBLIC USING (true)`],
  ),
  'rights on a sequence': on('sequences', (sequence, { roles }, { role, how }) =>
    how % 2 === 0
      ? [sql`GRANT ALL ON SEQUENCE ${relation(sequence)} TO ${ident(one(roles, role))}`]
      : [sql`REVOKE ALL ON SEQUENCE ${relation(sequence)} FROM ${ident(one(roles, role))}`],
  ),
  'rights on a routine': on('routines', (routine, { roles }, { role, how }) =>
    how % 2 === 0
      ? [sql`GRANT EXECUTE ON ROUTINE ${relation(routine)} TO PUBLIC`]
      : [sql`REVOKE ALL ON ROUTINE ${relation(routine)} FROM ${ident(one(roles, role))}`],
  ),
  'rights on a schema': on('schemas', (schema, { roles }, { role, how }) =>
    how % 2 === 0
      ? [sql`GRANT CREATE, USAGE ON SCHEMA ${ident(schema)} TO ${ident(one(roles, role))}`]
      : [sql`REVOKE ALL ON SCHEMA ${ident(schema)} FROM ${ident(one(roles, role))}`],
  ),
  'owner of a schema': on('schemas', (schema, { owners }, { role }) => [
    sql`ALTER SCHEMA ${ident(schema)} OWNER TO ${ident(one([...owners, 'postgres'], role))}`,
  ]),
  'default privileges': on('schemas', (schema, { owners, roles }, { role, how }) => {
    const prefix = sql`ALTER DEFAULT PRIVILEGES FOR ROLE ${ident(one(owners, role))} IN SCHEMA ${ident(schema)}`
    const objects = one(DEFAULT_OBJECTS, how)
    const grantee = ident(one(roles, role))
    return how % 2 === 0
      ? [sql`${prefix} GRANT ALL ON ${objects} TO ${grantee}`]
      : [sql`${prefix} REVOKE ALL ON ${objects} FROM ${grantee}`]
  }),
  'default of all routines': on('owners', (owner) => [
    sql`ALTER DEFAULT PRIVILEGES FOR ROLE ${ident(owner)} GRANT EXECUTE ON ROUTINES TO PUBLIC`,
  ]),
  'attribute of a role': on('roles', (role, _, { how }) => [
    sql`ALTER ROLE ${ident(role)} ${one(ATTRIBUTES, how)}`,
  ]),
  'membership too many': on('roles', (role, { groups }, { role: other, how }) => {
    const option = how % 3 === 0 ? trusted(' WITH ADMIN OPTION') : trusted('')
    return [sql`GRANT ${ident(one(groups, other))} TO ${ident(role)}${option}`]
  }),
  'membership too few': on('edges', ({ role, member, grantor }) => [
    sql`REVOKE ${ident(role)} FROM ${ident(member)} GRANTED BY ${ident(grantor)} CASCADE`,
  ]),
  // In other databases than its own a login's settings are the operator's.
  setting: on('configured', (role, { database }, { how }) => {
    const prefix = sql`ALTER ROLE ${ident(role)} IN DATABASE ${ident(database)}`
    const changes = [
      trusted('SET search_path TO public'),
      trusted('SET statement_timeout TO 1234'),
      trusted('RESET ALL'),
    ]
    return [sql`${prefix} ${one(changes, how)}`]
  }),
  'rights on the database': on('roles', (role, { database }, { how }) => {
    const grantee = how % 3 === 0 ? trusted('PUBLIC') : ident(role)
    return how % 2 === 0
      ? [sql`GRANT CONNECT, CREATE ON DATABASE ${ident(database)} TO ${grantee}`]
      : [sql`REVOKE ALL ON DATABASE ${ident(database)} FROM ${grantee}`]
  }),
  'a stranger': on('roles', (role, { tables }, { on: number }) => {
    const table =
      tables.length === 0 ? [] : [sql`GRANT SELECT ON ${relation(one(tables, number))} TO ${ident(STRANGER)}`]
    const create = sql`DO $$ BEGIN CREATE ROLE ${ident(STRANGER)}; EXCEPTION WHEN duplicate_object THEN NULL; END $$`
    return [create, ...table, sql`GRANT ${ident(STRANGER)} TO ${ident(role)}`]
  }),
  'role dropped': on('roles', (role) => [sql`DROP OWNED BY ${ident(role)}`, sql`DROP ROLE ${ident(role)}`]),
} satisfies Record<string, Maker>

/** Does it to one of the things of a kind. */
function on<K extends keyof Omit<Standing, 'database'>>(
  kind: K,
  make: (thing: Standing[K][number], standing: Standing, drift: Drift) => Sql | readonly Sql[],
): Maker {
  return (standing, drift) => {
    const things: readonly Standing[K][number][] = standing[kind]
    if (things.length === 0 || standing.roles.length === 0) return []
    const made = make(one(things, drift.on), standing, drift)
    return Array.isArray(made) ? made : [made as Sql]
  }
}

function one<T>(from: readonly T[], number: number): T {
  return from[number % from.length]!
}

export const arbitraryDrift: fc.Arbitrary<Drift> = fc.record({
  kind: fc.constantFrom(...(Object.keys(DRIFTS) as Drift['kind'][])),
  on: fc.nat(40),
  role: fc.nat(20),
  how: fc.nat(11),
})

/** Does something by hand, as a superuser. @returns the statements, or null where the server refused them */
export async function doByHand(
  fixture: ProvisionFixture,
  spec: PlatformSpec,
  drift: Drift,
): Promise<readonly string[] | null> {
  const databases = [...new Set(spec.systems.flatMap((system) => [...databasesOfSystem(system)]))]
  const connection = await fixture.open(one(databases, drift.on + drift.role))
  const statements = DRIFTS[drift.kind](await standingIn(connection, spec), drift).map(
    (each) => each.statement,
  )
  try {
    await connection.script(['BEGIN', ...statements, 'COMMIT'].join(';\n'))
    return statements
  } catch (error) {
    // A circle of memberships, a role that still owns something: what cannot be done is no drift.
    if (!isServerError(error)) throw error
    await connection.script('ROLLBACK; RESET ROLE')
    return null
  }
}

async function standingIn(connection: Connection, spec: PlatformSpec): Promise<Standing> {
  const schemas = spec.systems.flatMap((system) =>
    system.services.flatMap((service) =>
      slugsOf(system, service).map((slug) => schemaNameOf(system, service, slug)),
    ),
  )
  const wanted = spec.systems.flatMap((system) => [...rolesOf(system)])
  const names = async (query: Sql): Promise<readonly string[]> =>
    (await connection.query<{ name: string }>(query)).map(({ name }) => name)
  const relations = await connection.query<Place & { kind: string }>(sql /* SQL */`
    SELECT nspname AS schema, relname AS name, relkind::text AS kind
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = ANY (${schemas}) AND relkind IN ('r', 'p', 'v', 'm', 'S') ORDER BY 1, 2`)
  const all = await names(
    sql`SELECT rolname AS name FROM pg_roles WHERE rolname = ANY (${wanted}) ORDER BY 1`,
  )
  const isOwner = (role: string): boolean => role.endsWith('_owner')
  return {
    database: connection.database,
    schemas: await names(
      sql`SELECT nspname AS name FROM pg_namespace WHERE nspname = ANY (${schemas}) ORDER BY 1`,
    ),
    tables: relations.filter(({ kind }) => kind !== 'S'),
    sequences: relations.filter(({ kind }) => kind === 'S'),
    routines: await connection.query<Place>(sql /* SQL */`
      SELECT nspname AS schema, proname AS name FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
      WHERE nspname = ANY (${schemas}) ORDER BY 1, 2`),
    policies: await connection.query<Place & { policy: string }>(sql /* SQL */`
      SELECT schemaname AS schema, tablename AS name, policyname AS policy FROM pg_policies
      WHERE schemaname = ANY (${schemas}) ORDER BY 1, 2, 3`),
    owners: all.filter(isOwner),
    roles: all.filter((role) => !isOwner(role)),
    configured: await names(sql /* SQL */`
      SELECT rolname AS name FROM pg_db_role_setting
      JOIN pg_roles ON pg_roles.oid = setrole AND rolname = ANY (${wanted})
      JOIN pg_database ON pg_database.oid = setdatabase AND datname = current_database() ORDER BY 1`),
    groups: [...all, 'panal_control', 'pg_read_all_data'],
    edges: await connection.query(sql /* SQL */`
      SELECT pg_get_userbyid(roleid)::text AS role, pg_get_userbyid(member)::text AS member,
        pg_get_userbyid(grantor)::text AS grantor
      FROM pg_auth_members WHERE pg_get_userbyid(roleid) = ANY (${wanted}) AND NOT admin_option ORDER BY 1, 2, 3`),
  }
}

/** A drift as a comment of the counterexample. */
export const describeDrift = (drift: Drift): string =>
  `${drift.kind} (${literal(drift.on).statement}, ${drift.role}, ${drift.how})`
