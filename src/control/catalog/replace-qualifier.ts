/** The tokens of SQL as far as names need telling from text: comments, literals, dollar quotes, names. */
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|"(?:[^"]|"")*"|[A-Za-z_][\w$]*|\./g

/**
 * Puts a token in the place of a schema's name where SQL names the schema, which is before a point and after
 * none. Literals, comments and longer names that only contain it stay as they are.
 *
 * @param schema as Panal accepts it: it needs no quotes, and may have them
 */
export function replaceQualifier(text: string, schema: string, token: string): string {
  if (!text.includes(schema)) return text
  let before = ''
  return text.replaceAll(TOKEN, (found, _tag, offset: number) => {
    const names = found === schema || found === `"${schema}"`
    const qualifies = names && before !== '.' && text[offset + found.length] === '.'
    before = found
    return qualifies ? token : found
  })
}
