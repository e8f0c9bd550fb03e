import type { Section } from '../migrate/index.ts'
import { loadSqlParser } from '../migrate/index.ts'

/**
 * What would last until the COMMIT that targets of a batch share, and so reach the next of them:
 * settings, the mode of constraints, temporary tables. Seen in the text, comments and strings
 * included: one file too many that goes alone does no harm.
 */
const LASTING = /\bset\s+(local|constraints)\b|\bset_config\s*\(|\btemp(orary)?\b/i

/** Whether the same file may run for several targets within one transaction. */
export function mayShareTransaction(section: Section): boolean {
  return section.transaction && !LASTING.test(section.sql)
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
