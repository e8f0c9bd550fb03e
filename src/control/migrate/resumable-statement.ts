import { child, childrenOf, elements } from './refused-statements.ts'
import type { Node, Statement } from './sql-parser.ts'

/**
 * How a statement of a `transaction:false` file is taken up again when nobody knows whether it was
 * executed:
 * - `create-index`, `drop-index`, `reindex`, `detach-partition`, `add-enum-value`: the catalog tells;
 * - `repeatable`: doing it twice is the same as once.
 */
export type Resumption =
  | { readonly kind: 'create-index'; readonly index: string; readonly table: RelationName }
  | { readonly kind: 'drop-index'; readonly indexes: readonly RelationName[] }
  | { readonly kind: 'reindex'; readonly relation: RelationName; readonly of: 'index' | 'table' }
  | { readonly kind: 'detach-partition'; readonly table: RelationName; readonly partition: RelationName }
  | { readonly kind: 'add-enum-value'; readonly type: RelationName; readonly value: string }
  | { readonly kind: 'repeatable' }

/** A name as the file writes it; without a schema it is the target's. */
export interface RelationName {
  readonly schema: string | null
  readonly name: string
}

const REPEATABLE: Resumption = { kind: 'repeatable' }

/** How a statement is resumed, or why it cannot be: the text ends a sentence that begins with the statement. */
export function resumptionOf({ kind, node }: Pick<Statement, 'kind' | 'node'>): Resumption | string {
  switch (kind) {
    case 'IndexStmt':
      return ofCreateIndex(node)
    case 'DropStmt':
      return ofDrop(node)
    case 'ReindexStmt':
      return ofReindex(node)
    case 'AlterEnumStmt':
      return ofAlterEnum(node)
    case 'AlterTableStmt':
      return ofAlterTable(node)
    case 'CreateStmt':
    case 'CreateTableAsStmt':
      return 'makes a table, which would stand without its rights until the file ends'
    case 'VacuumStmt':
    case 'CommentStmt':
      return REPEATABLE
    case 'RefreshMatViewStmt':
      return REPEATABLE
    case 'ViewStmt':
    case 'CreateFunctionStmt':
      return node.replace === true ? REPEATABLE : 'fails when it is repeated; write CREATE OR REPLACE'
    default:
      return 'leaves nothing in the catalog that tells whether it was executed'
  }
}

function ofCreateIndex(node: Node): Resumption | string {
  if (node.concurrent !== true) return node.if_not_exists === true ? REPEATABLE : 'needs no transaction:false'
  const table = rangeVar(node.relation)
  if (table === undefined || typeof node.idxname !== 'string')
    return 'has no name to be found again by; name the index'
  return { kind: 'create-index', index: node.idxname, table }
}

function ofDrop(node: Node): Resumption | string {
  if (node.removeType === 'OBJECT_INDEX' && node.concurrent === true) {
    return {
      kind: 'drop-index',
      indexes: elements(node.objects)
        .map(listName)
        .filter((name) => name !== undefined),
    }
  }
  return node.missing_ok === true ? REPEATABLE : 'fails when it is repeated; write DROP … IF EXISTS'
}

function ofReindex(node: Node): Resumption | string {
  const relation = rangeVar(node.relation)
  const of = node.kind === 'REINDEX_OBJECT_INDEX' ? 'index' : 'table'
  const one = node.kind === 'REINDEX_OBJECT_INDEX' || node.kind === 'REINDEX_OBJECT_TABLE'
  if (!one || relation === undefined) return 'reaches beyond the schema; name one index or table'
  return { kind: 'reindex', relation, of }
}

function ofAlterEnum(node: Node): Resumption | string {
  const type = nameOf(elements(node.typeName))
  if (typeof node.newVal !== 'string' || node.oldVal !== undefined || type === undefined) {
    return 'fails when it is repeated; it needs no transaction:false'
  }
  return { kind: 'add-enum-value', type, value: node.newVal }
}

function ofAlterTable(node: Node): Resumption | string {
  const table = rangeVar(node.relation)
  const commands = childrenOf(elements(node.cmds), 'AlterTableCmd')
  const [first] = commands
  if (first?.subtype === 'AT_DetachPartition' && table !== undefined) {
    const partition = child(child(first, 'def'), 'PartitionCmd')
    const name = rangeVar(partition?.name)
    if (partition?.concurrent !== true || name === undefined) return 'needs no transaction:false'
    return { kind: 'detach-partition', table, partition: name }
  }
  const repeatable = commands.every(
    (command) => command.subtype === 'AT_ValidateConstraint' || command.missing_ok === true,
  )
  return repeatable ? REPEATABLE : 'fails when it is repeated; it needs no transaction:false'
}

function rangeVar(value: unknown): RelationName | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { relname, schemaname } = value as Node
  if (typeof relname !== 'string') return undefined
  return { schema: typeof schemaname === 'string' ? schemaname : null, name: relname }
}

function listName(object: Node): RelationName | undefined {
  return nameOf(elements(child(object, 'List')?.items))
}

function nameOf(parts: readonly Node[]): RelationName | undefined {
  const names = parts.map((part) => String(child(part, 'String')?.sval ?? ''))
  const name = names.at(-1)
  return name === undefined ? undefined : { schema: names.at(-2) ?? null, name }
}
