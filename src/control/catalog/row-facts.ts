/** What row tenancy asks of one schema beyond its rights. */
export interface RowSchemaFacts {
  readonly tables: readonly RowTableFacts[]
  readonly views: readonly ViewFacts[]
}

export interface RowTableFacts {
  readonly name: string
  /** An attached partition: reached through its parent, whose policies hold. */
  readonly partition: boolean
  readonly columns: ReadonlyMap<string, { readonly notNull: boolean }>
  /** ENABLE ROW LEVEL SECURITY. */
  readonly enabled: boolean
  /** FORCE ROW LEVEL SECURITY: binds the owner too. */
  readonly forced: boolean
  readonly policies: readonly PolicyFacts[]
}

export interface PolicyFacts {
  readonly name: string
  readonly command: 'all' | 'select' | 'insert' | 'update' | 'delete'
  readonly permissive: boolean
  readonly roles: readonly string[]
  /** pg_get_expr: how this server spells the expression. */
  readonly using: string | null
  readonly check: string | null
}

export interface ViewFacts {
  readonly name: string
  /** Runs with the reader's rights, so that policies hold for the reader. */
  readonly invoker: boolean
  readonly barrier: boolean
}
