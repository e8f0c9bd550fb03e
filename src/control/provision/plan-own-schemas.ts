import { CONTROL_ROLE, connectRole, EXTENSIONS_SCHEMA, PANAL_SCHEMA } from '../../model/index.ts'
import { ident, literal, sql } from '../../postgres/index.ts'
import { diffRights, privilegesSql, RightsBuilder } from '../access/index.ts'
import { CONTROL_MARKER, PUBLIC } from '../catalog/index.ts'
import type { SchemaPlanning } from './schema-planning.ts'
import { statements } from './statements.ts'

/** Plans what a database needs before any service: Panal's ledger, the extensions' schema, a closed public. */
export function planOwnSchemas(planning: SchemaPlanning): void {
  planLedger(planning)
  planExtensionsSchema(planning)
  planPublicSchema(planning)
}

function planLedger(planning: SchemaPlanning): void {
  for (const system of planning.input.systems) {
    if (planning.input.managedBy?.includes(system.name) === true) continue
    planning.add(
      'schemas',
      CONTROL_ROLE,
      { system: system.name },
      {
        sql: sql`CREATE SCHEMA IF NOT EXISTS ${ident(PANAL_SCHEMA)}`.statement,
        makes: 'ledger',
        action: 'create',
        subject: `ledger of ${system.name}`,
        reason: 'records which migration is applied to which target',
      },
    )
  }
}

function planExtensionsSchema(planning: SchemaPlanning): void {
  const system = planning.firstSystem
  const standing = planning.input.schemas.schemas.get(EXTENSIONS_SCHEMA)
  if (standing === undefined) {
    planning.add(
      'schemas',
      CONTROL_ROLE,
      { system },
      {
        sql: statements([
          sql`CREATE SCHEMA ${ident(EXTENSIONS_SCHEMA)}`,
          sql`COMMENT ON SCHEMA ${ident(EXTENSIONS_SCHEMA)} IS ${literal(CONTROL_MARKER)}`,
        ]),
        action: 'create',
        subject: `schema ${EXTENSIONS_SCHEMA}`,
        reason: 'holds extensions, on every search_path',
      },
    )
  }
  const wanted = new RightsBuilder()
  for (const { name } of planning.input.systems) wanted.add(connectRole(name), ['usage'])
  for (const owner of planning.owners.keys()) wanted.add(owner, ['usage'])
  const owner = standing?.owner ?? CONTROL_ROLE
  // Other systems of this database and other people use it too: only what is missing is added.
  const { under } = diffRights(standing?.acl ?? [], wanted.rights, owner, () => false)
  for (const { grantee, privileges } of under) {
    const schema = ident(EXTENSIONS_SCHEMA)
    planning.add(
      'privileges',
      owner,
      { system },
      {
        sql: sql`GRANT ${privilegesSql(privileges)} ON SCHEMA ${schema} TO ${ident(grantee)}`.statement,
        action: 'create',
        subject: `grant usage on schema ${EXTENSIONS_SCHEMA} to ${grantee}`,
        reason: 'types and functions of extensions',
      },
    )
  }
}

/** ACC-17: nothing for PUBLIC in schema public. */
function planPublicSchema(planning: SchemaPlanning): void {
  const standing = planning.input.schemas.schemas.get('public')
  const item = standing?.acl.find((candidate) => candidate.grantee === PUBLIC)
  if (standing === undefined || item === undefined) return
  const { cluster, database } = planning.input
  const databaseOwner = cluster.databases.get(database.name)?.owner ?? CONTROL_ROLE
  // Since 15 the schema belongs to whoever owns the database.
  const as = standing.owner === 'pg_database_owner' ? databaseOwner : item.grantor
  planning.add(
    'schemas',
    as,
    { system: planning.firstSystem },
    {
      sql: sql`REVOKE ALL ON SCHEMA public FROM PUBLIC`.statement,
      action: 'remove',
      subject: 'everything on schema public from public',
      reason: 'no service keeps anything there',
      ...(databaseOwner === CONTROL_ROLE ? {} : { asks: 'revoke' as const }),
    },
  )
}
