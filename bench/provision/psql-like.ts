import {
  type Connection,
  ident,
  literal,
  openConnection,
  scramVerifier,
  sql,
  trusted,
} from '../../src/postgres/index.ts'

/** The statements with which the BO Tech document provisions one tenant, for one database. */
async function tenantStatements(
  database: string,
  slug: string,
  tables: readonly string[],
): Promise<string[]> {
  const user = ident(`user_${slug}`)
  const schema = ident(`schema_${slug}`)
  const verifier = literal(await scramVerifier(`password-of-${slug}`))
  const defaults = sql`ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT ALL ON`
  return [
    sql`CREATE USER ${user} WITH PASSWORD ${verifier}`,
    sql`GRANT ${user} TO CURRENT_USER`,
    sql`CREATE SCHEMA ${schema} AUTHORIZATION ${user}`,
    sql`GRANT CONNECT ON DATABASE ${ident(database)} TO ${user}`,
    sql`GRANT ALL PRIVILEGES ON SCHEMA ${schema} TO ${user}`,
    sql`${defaults} ${trusted('TABLES')} TO ${user}`,
    sql`${defaults} ${trusted('SEQUENCES')} TO ${user}`,
    sql`ALTER USER ${user} SET search_path TO ${schema}`,
    // Step 2 connects as the tenant; SET ROLE spares this contender the connection.
    sql`SET ROLE ${user}`,
    sql`SET search_path TO ${schema}`,
  ]
    .map((part) => part.statement)
    .concat(tables, ['RESET ROLE', 'RESET search_path'])
}

/** What somebody does with psql and the document: one statement after the other, each awaited. */
export class PsqlLike {
  readonly #connection: Connection
  readonly #database: string
  readonly #tables: readonly string[]
  readonly #transactions: boolean

  private constructor(
    connection: Connection,
    database: string,
    tables: readonly string[],
    transactions: boolean,
  ) {
    this.#connection = connection
    this.#database = database
    this.#tables = tables
    this.#transactions = transactions
  }

  /** @param transactions whether each tenant is one transaction; else every statement commits by itself */
  static async open(url: string, tables: readonly string[], transactions: boolean): Promise<PsqlLike> {
    const connection = await openConnection(url)
    return new PsqlLike(connection, connection.database, tables, transactions)
  }

  async provision(slugs: readonly string[]): Promise<void> {
    for (const slug of slugs) {
      const statements = await tenantStatements(this.#database, slug, this.#tables)
      const all = this.#transactions ? ['BEGIN', ...statements, 'COMMIT'] : statements
      for (const statement of all) await this.#connection.script(statement)
    }
  }

  close(): Promise<void> {
    return this.#connection.close()
  }
}
