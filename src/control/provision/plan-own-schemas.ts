import { CONTROL_ROLE, connectRole, EXTENSIONS_SCHEMA, PANAL_SCHEMA } from '../../model/index.ts'
import { ident, literal, sql } from '../../postgres/index.ts'
import { closingChanges, diffRights, objectChanges, privilegesSql, RightsBuilder } from '../access/index.ts'
import { CONTROL_MARKER, PUBLIC, type SchemaFacts } from '../catalog/index.ts'
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
  const standing = planning.input.schemas.schemas.get(PANAL_SCHEMA)
  if (standing?.owner === CONTROL_ROLE) closeLedger(planning, standing)
}

/** The ledger, and the registry where it stands in the same database, are readable by no login. */
function closeLedger(planning: SchemaPlanning, standing: SchemaFacts): void {
  for (const change of closingChanges(standing, [], (role) => planning.isManaged(role))) {
    if (change.kind !== 'revoke') continue
    planning.add(
      'privileges',
      change.as,
      { system: planning.firstSystem },
      {
        sql: change.sql.statement,
        action: 'remove',
        subject: `grant ${change.subject}`,
        reason: 'the ledger is for no login',
        asks: 'revoke',
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
  const facts = standing ?? { name: EXTENSIONS_SCHEMA, owner: CONTROL_ROLE, acl: [] }
  planUsage(planning, facts)
  planExcess(planning, facts, (role) => planning.mayUseExtensions(role))
}

/** Types and functions of extensions are for every login and owner of the systems here. */
export function planUsage(
  planning: SchemaPlanning,
  { name, owner, acl }: Pick<SchemaFacts, 'name' | 'owner' | 'acl'>,
): void {
  const wanted = new RightsBuilder()
  for (const system of planning.input.systems) wanted.add(connectRole(system.name), ['usage'])
  for (const role of planning.owners.keys()) wanted.add(role, ['usage'])
  // Other systems of this database and other people use it too: only what is missing is added.
  const { under } = diffRights(acl, wanted.rights, owner, () => false)
  for (const { grantee, privileges } of under) {
    planning.add(
      'privileges',
      planning.actorFor(owner),
      { system: planning.firstSystem },
      {
        sql: sql`GRANT ${privilegesSql(privileges)} ON SCHEMA ${ident(name)} TO ${ident(grantee)}`.statement,
        action: 'create',
        subject: `grant usage on schema ${name} to ${grantee}`,
        reason: 'types and functions of extensions',
      },
    )
  }
}

/** What managed roles have beyond USAGE, and what those have that left the model. */
function planExcess(
  planning: SchemaPlanning,
  { name, owner, acl }: Pick<SchemaFacts, 'name' | 'owner' | 'acl'>,
  mayUse: (role: string) => boolean,
): void {
  const wanted = new RightsBuilder()
  for (const { grantee, privileges } of acl) {
    if (privileges.includes('usage') && mayUse(grantee)) wanted.add(grantee, ['usage'])
  }
  const place = { object: sql`SCHEMA ${ident(name)}`, subject: `schema ${name}` }
  const ofRoles = acl.filter((item) => item.grantee !== PUBLIC)
  const { changes } = objectChanges({ owner, acl: ofRoles }, wanted.rights, place, (role) =>
    planning.isManaged(role),
  )
  for (const change of changes) {
    if (change.kind !== 'revoke') continue
    planning.add(
      'privileges',
      planning.actorFor(change.as),
      { system: planning.firstSystem },
      {
        sql: change.sql.statement,
        action: 'remove',
        subject: `grant ${change.subject}`,
        reason: 'not declared',
        asks: 'revoke',
      },
    )
  }
}

/** ACC-17: nothing for PUBLIC in schema public, and nothing of its own for a managed role. */
function planPublicSchema(planning: SchemaPlanning): void {
  const standing = planning.input.schemas.schemas.get('public')
  if (standing === undefined) return
  planExcess(planning, standing, (role) => planning.hasExtensionInPublic && planning.mayUseExtensions(role))
  const item = standing.acl.find((candidate) => candidate.grantee === PUBLIC)
  if (item === undefined) return
  planning.add(
    'schemas',
    planning.actorFor(item.grantor),
    { system: planning.firstSystem },
    {
      sql: sql`REVOKE ALL ON SCHEMA public FROM PUBLIC`.statement,
      action: 'remove',
      subject: 'everything on schema public from public',
      reason: 'no service keeps anything there',
      // What CREATE DATABASE left there is nobody's loss; what somebody granted may be.
      ...(planning.isFresh ? {} : { asks: 'revoke' as const }),
    },
  )
}
