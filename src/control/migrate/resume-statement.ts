import { type Connection, ident, sql } from '../../postgres/index.ts'
import type { RelationName, Resumption } from './resumable-statement.ts'
import {
  enumHasValue,
  indexState,
  partitionState,
  type QualifiedName,
  qualify,
  reindexLeftovers,
} from './resumption-catalog.ts'

/**
 * What is left to do of a statement that may have been executed, wholly or in part, by a run that was
 * cut off: the statements that lead to the state of an uninterrupted run.
 */
export async function remainingStatements(
  connection: Connection,
  resumption: Resumption,
  statement: string,
  schema: string,
): Promise<readonly string[]> {
  switch (resumption.kind) {
    case 'create-index': {
      const index = indexName(resumption, schema)
      const state = await indexState(connection, index)
      if (state === 'valid') return []
      return state === 'absent' ? [statement] : [dropIndex(index), statement]
    }
    case 'drop-index':
      return (await standing(connection, resumption.indexes, schema)).map(dropIndex)
    case 'reindex': {
      const leftovers = await reindexLeftovers(
        connection,
        qualify(resumption.relation, schema),
        resumption.of,
      )
      return [...leftovers.map(dropIndex), statement]
    }
    case 'detach-partition': {
      const table = qualify(resumption.table, schema)
      const partition = qualify(resumption.partition, schema)
      const state = await partitionState(connection, table, partition)
      if (state === 'attached') return [statement]
      return state === 'detached' ? [] : [finishDetach(table, partition)]
    }
    case 'add-enum-value':
      return (await enumHasValue(connection, qualify(resumption.type, schema), resumption.value))
        ? []
        : [statement]
    case 'repeatable':
      return [statement]
  }
}

/**
 * Looks whether the statement had its effect: a success that the catalog does not show, such as
 * `CREATE INDEX … IF NOT EXISTS` over an invalid index of the same name, must not be recorded.
 *
 * @returns what is wrong, or null
 */
export async function missingEffect(
  connection: Connection,
  resumption: Resumption,
  schema: string,
): Promise<string | null> {
  switch (resumption.kind) {
    case 'create-index': {
      const index = indexName(resumption, schema)
      const state = await indexState(connection, index)
      return state === 'valid' ? null : `the index ${index.name} is ${state}`
    }
    case 'drop-index': {
      const [index] = await standing(connection, resumption.indexes, schema)
      return index === undefined ? null : `the index ${index.name} is still there`
    }
    case 'reindex': {
      const [index] = await reindexLeftovers(connection, qualify(resumption.relation, schema), resumption.of)
      return index === undefined ? null : `the index ${index.name} was left invalid`
    }
    case 'detach-partition': {
      const { name } = resumption.partition
      const state = await partitionState(
        connection,
        qualify(resumption.table, schema),
        qualify(resumption.partition, schema),
      )
      return state === 'detached' ? null : `the partition ${name} is still ${state}`
    }
    case 'add-enum-value':
      return (await enumHasValue(connection, qualify(resumption.type, schema), resumption.value))
        ? null
        : `the type ${resumption.type.name} has no value '${resumption.value}'`
    case 'repeatable':
      return null
  }
}

/** An index always stands in the schema of its table. */
function indexName({ index, table }: Resumption & { kind: 'create-index' }, schema: string): QualifiedName {
  return { schema: table.schema ?? schema, name: index }
}

async function standing(
  connection: Connection,
  indexes: readonly RelationName[],
  schema: string,
): Promise<readonly QualifiedName[]> {
  const found: QualifiedName[] = []
  for (const index of indexes) {
    const qualified = qualify(index, schema)
    if ((await indexState(connection, qualified)) !== 'absent') found.push(qualified)
  }
  return found
}

const dropIndex = ({ schema, name }: QualifiedName): string =>
  sql`DROP INDEX CONCURRENTLY IF EXISTS ${ident(schema, name)}`.statement

const finishDetach = (table: QualifiedName, partition: QualifiedName): string =>
  sql`ALTER TABLE ${ident(table.schema, table.name)} DETACH PARTITION ${ident(partition.schema, partition.name)} FINALIZE`
    .statement
