import type { Node, Statement } from './sql-parser.ts'

/** Where a statement stands: in the file, in a DO body that runs with the file, or in a routine that runs later. */
export type Scope = 'file' | 'block' | 'routine'

/** Why a statement is refused, and where its work is done instead. */
export interface Rule {
  /** Ends a sentence that begins with the statement: "GRANT gives rights". */
  readonly reason: string
  readonly remedy: string
  /** Where it is refused. */
  readonly scopes: readonly Scope[]
}

const everywhere: readonly Scope[] = ['file', 'block', 'routine']
const duringTheFile: readonly Scope[] = ['file', 'block']

const rule = (reason: string, remedy: string, scopes = everywhere): Rule => ({ reason, remedy, scopes })

/** A procedure may COMMIT: it is called later, in a session of its own. */
const transaction = rule(
  'begins or ends a transaction',
  'Take it out: each file runs in a transaction of its own. What must commit in between belongs in a file of its own.',
  duringTheFile,
)
const role = rule(
  'changes the role',
  "Take it out: a file runs as its service's owner from its first statement to COMMIT.",
)
const searchPath = rule(
  'changes the search_path',
  'Take it out: a file runs with search_path = its own schema, extensions; the same file serves every tenant.',
  duringTheFile,
)
const sessionSetting = rule(
  'changes a setting beyond the end of the file',
  'Write SET LOCAL name = value, which ends with the transaction of the file.',
  duringTheFile,
)
const rights = rule(
  'changes rights',
  'Declare them in system.ts (reads, references, tables, grants); panal apply keeps the rights as declared.',
)
const owner = rule(
  'changes an owner',
  'Take it out: whatever a migration makes belongs to the owner of its service.',
)
const roles = rule(
  'makes or changes a role',
  'Declare roles and logins in system.ts; panal apply makes them.',
)
const schema = rule(
  'makes, drops or changes a schema',
  'Declare the service in system.ts; panal apply makes its schema, and drops none.',
)
const database = rule(
  'makes, drops or changes a database or the server',
  'Leave it to panal apply, or to whoever operates the server.',
)
const extension = rule(
  'makes or changes an extension',
  'List it under extensions of system.ts; panal apply installs it in the schema extensions.',
)
const otherSchema = rule(
  'moves an object to another schema',
  'Create it where it belongs: a migration has one schema, its own.',
)
const clientCopy = rule(
  'reads or writes the data of a client',
  'Write INSERT … VALUES; a file is sent as a whole and has no stream beside it.',
  duringTheFile,
)

/** Rules that depend on nothing but the kind of statement. */
const byKind: Readonly<Record<string, Rule>> = {
  TransactionStmt: transaction,
  GrantStmt: rights,
  AlterDefaultPrivilegesStmt: rights,
  GrantRoleStmt: roles,
  AlterOwnerStmt: owner,
  ReassignOwnedStmt: owner,
  DropOwnedStmt: owner,
  CreateRoleStmt: roles,
  AlterRoleStmt: roles,
  AlterRoleSetStmt: roles,
  DropRoleStmt: roles,
  CreateSchemaStmt: schema,
  CreatedbStmt: database,
  DropdbStmt: database,
  AlterDatabaseStmt: database,
  AlterDatabaseSetStmt: database,
  AlterDatabaseRefreshCollStmt: database,
  AlterSystemStmt: database,
  CreateTableSpaceStmt: database,
  DropTableSpaceStmt: database,
  CreateExtensionStmt: extension,
  AlterExtensionStmt: extension,
  AlterExtensionContentsStmt: extension,
  AlterObjectSchemaStmt: otherSchema,
  DiscardStmt: sessionSetting,
}

/** Rules for kinds that name what they act on. */
const byObject: Readonly<Record<string, Rule>> = {
  OBJECT_SCHEMA: schema,
  OBJECT_DATABASE: database,
  OBJECT_TABLESPACE: database,
  OBJECT_ROLE: roles,
  OBJECT_EXTENSION: extension,
}

/** The rule that a statement breaks where it stands, or nothing. Bodies of routines are looked at elsewhere. */
export function brokenRule({ kind, node }: Pick<Statement, 'kind' | 'node'>, scope: Scope): Rule | undefined {
  const found = byKind[kind] ?? ruleByContents(kind, node)
  return found?.scopes.includes(scope) ? found : undefined
}

/** The rule against `set_config(name, …, isLocal)`, which does what SET does. */
export function brokenSettingRule(name: string, isLocal: boolean): Rule | undefined {
  const setting = name.toLowerCase()
  if (setting === 'role' || setting === 'session_authorization') return role
  if (setting === 'search_path') return searchPath
  return isLocal ? undefined : sessionSetting
}

function ruleByContents(kind: string, node: Node): Rule | undefined {
  if (kind === 'VariableSetStmt') return ruleOfSet(node)
  if (kind === 'DropStmt') return byObject[String(node.removeType)]
  if (kind === 'RenameStmt') return byObject[String(node.renameType)]
  // The comment of a schema or role is the mark by which Panal knows what it manages.
  if (kind === 'CommentStmt') return byObject[String(node.objtype)]
  if (kind === 'AlterTableStmt' && changesOwner(node)) return owner
  if (kind === 'CopyStmt' && node.filename === undefined) return clientCopy
  if (kind === 'CreateFunctionStmt' || kind === 'AlterFunctionStmt') return ruleOfRoutineSettings(node)
  return undefined
}

function ruleOfSet(node: Node): Rule | undefined {
  if (node.kind === 'VAR_RESET_ALL') return sessionSetting
  // SET TRANSACTION and SET SESSION CHARACTERISTICS.
  if (node.kind === 'VAR_SET_MULTI') return transaction
  return brokenSettingRule(String(node.name), node.is_local === true)
}

function changesOwner(node: Node): boolean {
  return childrenOf(elements(node.cmds), 'AlterTableCmd').some(({ subtype }) => subtype === 'AT_ChangeOwner')
}

/** `CREATE FUNCTION … SET role = x` is a change of role as much as SET ROLE; any other setting ends with the call. */
function ruleOfRoutineSettings(node: Node): Rule | undefined {
  const options = [...elements(node.options), ...elements(node.actions)]
  const changesRole = options.some((option) => {
    const set = child(child(child(option, 'DefElem'), 'arg'), 'VariableSetStmt')
    return set !== undefined && brokenSettingRule(String(set.name), true) === role
  })
  return changesRole ? role : undefined
}

/** The elements of a list of the parse tree; none when it is absent. */
export function elements(value: unknown): readonly Node[] {
  return Array.isArray(value) ? (value as readonly Node[]) : []
}

/** What stands under a key of a node, when it is a node. */
export function child(value: unknown, key: string): Node | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const found = (value as Node)[key]
  return typeof found === 'object' && found !== null ? (found as Node) : undefined
}

/** What stands under a key of each node of a list, where it is a node. */
export function childrenOf(list: readonly Node[], key: string): readonly Node[] {
  return list.map((node) => child(node, key)).filter((node) => node !== undefined)
}
