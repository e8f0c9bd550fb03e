/** Somebody who adds a column and its index to one table of every schema of a fleet. */
export interface Contender {
  readonly name: string
  /** Where it migrates: slow ones get fewer, which leaves their rate as it is. */
  readonly schemas: readonly string[]
  /** What stands before a migration begins, such as its file. Not timed. */
  prepare?(column: string): Promise<void>
  /** The whole work, from connecting on. */
  migrate(column: string): Promise<void>
}

/** The migration of all contenders, for the `search_path` of a BO Tech tenant. */
export const migrationOf = (column: string): readonly [string, string] => [
  `ALTER TABLE products ADD COLUMN ${column} integer`,
  `CREATE INDEX ${column}_index ON products (${column})`,
]
