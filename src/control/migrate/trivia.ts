/** The index of the first character at or after `index` that is neither white space nor in a comment. */
export function skipTrivia(sql: string, index: number): number {
  let at = index
  for (;;) {
    while (at < sql.length && /\s/.test(sql.charAt(at))) at += 1
    if (sql.startsWith('--', at)) {
      const end = sql.indexOf('\n', at)
      at = end === -1 ? sql.length : end + 1
    } else if (sql.startsWith('/*', at)) {
      at = endOfBlockComment(sql, at)
    } else {
      return at
    }
  }
}

/** Whether nothing of it would be executed: only white space, comments and empty statements. */
export function isBlankSql(sql: string): boolean {
  let at = skipTrivia(sql, 0)
  while (sql.charAt(at) === ';') at = skipTrivia(sql, at + 1)
  return at >= sql.length
}

/** Block comments nest in SQL. One without an end reaches to the end of the text. */
function endOfBlockComment(sql: string, start: number): number {
  const delimiter = /\/\*|\*\//g
  delimiter.lastIndex = start
  let depth = 0
  for (let match = delimiter.exec(sql); match !== null; match = delimiter.exec(sql)) {
    depth += match[0] === '/*' ? 1 : -1
    if (depth === 0) return delimiter.lastIndex
  }
  return sql.length
}
