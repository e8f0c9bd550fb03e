import { child, elements, type Scope } from './refused-statements.ts'
import type { Node, Statement } from './sql-parser.ts'

/** The source of a DO statement or of a routine, as a string of the statement holds it. */
export interface RoutineBody {
  readonly text: string
  readonly language: string
  readonly scope: Scope
  /** The UTF-16 index of the body in the text of the file, or of its statement where escapes hide it. */
  readonly index: number
}

/**
 * The body that a statement carries as a string, or null. `BEGIN ATOMIC` bodies have none: they can hold
 * nothing but queries.
 */
export function routineBodyOf(statement: Statement): RoutineBody | null {
  const scope = scopeOf(statement)
  if (scope === null) return null
  const options = [...elements(statement.node.args), ...elements(statement.node.options)]
  const text = stringOf(option(options, 'as'))
  if (text === undefined) return null
  const offset = statement.sql.indexOf(text)
  return {
    text,
    language: stringOf(option(options, 'language')) ?? 'plpgsql',
    scope,
    index: statement.index + Math.max(offset, 0),
  }
}

function scopeOf({ kind }: Statement): Scope | null {
  if (kind === 'DoStmt') return 'block'
  return kind === 'CreateFunctionStmt' ? 'routine' : null
}

function option(options: readonly Node[], name: string): unknown {
  return options.map((element) => child(element, 'DefElem')).find((element) => element?.defname === name)?.arg
}

/** `AS 'body'` comes as a string for DO and as a list of one for CREATE FUNCTION; `AS 'file', 'symbol'` is C. */
function stringOf(value: unknown): string | undefined {
  const list = child(value, 'List')
  const items = list === undefined ? [value] : elements(list.items)
  const text = child(items[0], 'String')?.sval
  return items.length === 1 && typeof text === 'string' ? text : undefined
}
