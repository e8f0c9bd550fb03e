import { loadSqlParser, type Section } from '../migrate/index.ts'

/**
 * What would last until the COMMIT that targets of a batch share, and so meet another target: settings,
 * the mode of constraints, temporary tables, and constraint triggers, whose functions would run at
 * COMMIT with the search_path of the last target. Seen in the text, comments and strings
 * included: one file too many that goes alone does no harm.
 */
const LASTING = /\bset\s+(local|constraints)\b|\bset_config\s*\(|\btemp(orary)?\b|\bconstraint\s+trigger\b/i

/** Statements that change no rows, so that no trigger has anything to do for them. */
const DEFINING: ReadonlySet<string> = new Set([
  'AlterDomainStmt',
  'AlterEnumStmt',
  'AlterSeqStmt',
  'AlterTableStmt',
  'CommentStmt',
  'CompositeTypeStmt',
  'CreateDomainStmt',
  'CreateEnumStmt',
  'CreateFunctionStmt',
  'CreatePolicyStmt',
  'CreateSeqStmt',
  'CreateStatsStmt',
  'CreateStmt',
  'CreateTrigStmt',
  'DropStmt',
  'IndexStmt',
  'RenameStmt',
  'ViewStmt',
])

/** Whether the same file may run for several targets within one transaction. */
export function mayShareTransaction(section: Section): boolean {
  return section.transaction && !LASTING.test(section.sql)
}

const definers = new WeakMap<Section, boolean>()

/** Whether statements of a part may change rows, themselves or by what they call. */
export async function mayChangeRows(section: Section): Promise<boolean> {
  const known = definers.get(section)
  if (known !== undefined) return !known
  const parser = await loadSqlParser()
  const defines = parser.statements(section.sql).every(({ kind }) => DEFINING.has(kind))
  definers.set(section, defines)
  return !defines
}

const counts = new WeakMap<Section, number>()

/** How many statements a part holds, by PostgreSQL's own parser. */
export async function statementCount(section: Section): Promise<number> {
  const known = counts.get(section)
  if (known !== undefined) return known
  const parser = await loadSqlParser()
  const count = parser.statements(section.sql).length
  counts.set(section, count)
  return count
}
