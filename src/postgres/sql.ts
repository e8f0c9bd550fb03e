import { MAX_IDENTIFIER_BYTES, PanalError } from '../model/index.ts'

/** What a template may bind as `$n`. Plain objects are left out on purpose: say `JSON.stringify`. */
export type SqlValue = SqlScalar | readonly SqlScalar[]

type SqlScalar = string | number | bigint | boolean | null | Date | Uint8Array

/**
 * A piece of SQL, immutable: text that stands in our source or was quoted here, and the values it
 * binds. Only the functions of this file make one; the folder's index exports the type alone.
 */
export class Sql {
  readonly values: readonly SqlValue[]
  /** One more than `values`: value n stands between fragments n and n + 1. */
  readonly #fragments: readonly string[]
  #text: string | undefined

  constructor(fragments: readonly string[], values: readonly SqlValue[]) {
    this.#fragments = fragments
    this.values = Object.freeze(values)
    Object.freeze(this)
  }

  /** The SQL with its values as `$1`, `$2`, … in the order of `values`. */
  get text(): string {
    this.#text ??= this.#fragments.reduce((text, fragment, index) => `${text}$${index}${fragment}`)
    return this.#text
  }

  /**
   * The text of a statement that binds nothing, as scripts and plans need it.
   * @throws PANAL_INTERNAL when values remain: utility statements take no parameters, use {@link literal}.
   */
  get statement(): string {
    if (this.values.length === 0) return this.text
    throw new PanalError('PANAL_INTERNAL', `SQL that binds values cannot stand alone: ${this.text}`)
  }

  /** Alternates fragments with parts and flattens nested SQL, so that `$n` is numbered once, at the end. */
  static from(fragments: readonly string[], parts: readonly (Sql | SqlValue)[]): Sql {
    const flat = [fragments[0] ?? '']
    const values: SqlValue[] = []
    for (const [index, part] of parts.entries()) {
      const inner = part instanceof Sql ? part.#fragments : ['', '']
      flat[flat.length - 1] += inner[0] ?? ''
      flat.push(...inner.slice(1))
      flat[flat.length - 1] += fragments[index + 1] ?? ''
      if (part instanceof Sql) values.push(...part.values)
      else values.push(bindable(part))
    }
    return new Sql(flat, values)
  }
}

/**
 * SQL with typed holes: what {@link ident}, {@link literal}, {@link join}, {@link trusted} or `sql` made
 * is spliced as SQL, everything else is bound as `$n`. A string is therefore always a value, never text.
 *
 * Bound values travel as text of unknown type and the server infers the type from the place, so a bare
 * `select ${1}` needs a cast.
 *
 * @example sql`select oid from pg_namespace where nspname = ${name}`
 * @throws PANAL_INTERNAL for `undefined`, an invalid date or an object, whatever the types said.
 */
export function sql(fragments: TemplateStringsArray, ...parts: readonly (Sql | SqlValue)[]): Sql {
  return Sql.from(fragments, parts)
}

/**
 * A quoted, possibly qualified identifier: `ident('app', 'users')` is `"app"."users"`.
 * @throws PANAL_IDENTIFIER_INVALID when a name is empty, longer than 63 bytes, or holds NUL or half a surrogate pair.
 */
export function ident(...names: readonly [string, ...string[]]): Sql {
  return new Sql([names.map(quoteIdentifier).join('.')], [])
}

/**
 * A value inlined as an SQL literal, for utility statements (`ALTER ROLE … PASSWORD`, `COMMENT … IS`),
 * which take no parameters. Safe whatever `standard_conforming_strings` says: a backslash is only
 * ever written in the E'' form. Everywhere else bind the value instead.
 * @throws PANAL_INTERNAL for a number that is not finite, or a string with NUL or half a surrogate pair.
 */
export function literal(value: string | number | bigint | boolean | null): Sql {
  return new Sql([literalText(value)], [])
}

/** Joins parts with a separator; strings among the parts are bound. No parts give empty SQL. */
export function join<const Separator extends string>(
  parts: readonly (Sql | SqlValue)[],
  separator: Constant<Separator> | ', ' = ', ',
): Sql {
  const between = parts.slice(1).map(() => separator)
  return Sql.from(parts.length === 0 ? [''] : ['', ...between, ''], parts)
}

/** Constant SQL text. The type admits string literals of our source only, never a computed `string`. */
export function trusted<const Text extends string>(text: Constant<Text>): Sql {
  return new Sql([text], [])
}

/**
 * `never` unless Text is a union of string literals: a record over `string` or over a template type has
 * an index signature, to which `{}` is assignable; one over literals has required properties.
 */
type Constant<Text extends string> = Record<never, never> extends Record<Text, 1> ? never : Text

function quoteIdentifier(name: string): string {
  const problem = identifierProblem(name)
  if (problem !== undefined) {
    throw new PanalError('PANAL_IDENTIFIER_INVALID', `The identifier ${JSON.stringify(name)} ${problem}.`)
  }
  return `"${name.replaceAll('"', '""')}"`
}

function identifierProblem(name: string): string | undefined {
  if (name === '') return 'is empty'
  if (!isTransmissible(name)) return 'holds a character that PostgreSQL cannot store'
  const bytes = Buffer.byteLength(name)
  return bytes > MAX_IDENTIFIER_BYTES
    ? `has ${bytes} bytes; PostgreSQL keeps ${MAX_IDENTIFIER_BYTES}`
    : undefined
}

function literalText(value: string | number | bigint | boolean | null): string {
  if (value === null) return 'NULL'
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  // The space keeps `- ${literal(-1)}` from becoming a comment.
  if (typeof value === 'bigint') return value < 0n ? ` ${value}` : `${value}`
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new PanalError('PANAL_INTERNAL', `${value} is no SQL literal.`)
    return value < 0 ? ` ${value}` : `${value}`
  }
  if (!isTransmissible(value)) {
    throw new PanalError('PANAL_INTERNAL', 'A string with NUL or half a surrogate pair is no SQL literal.')
  }
  const quoted = `'${value.replaceAll("'", "''")}'`
  // The space keeps the E from joining a word before it.
  return quoted.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted
}

/** NUL ends a string of the protocol, and half a surrogate pair would silently become U+FFFD. */
function isTransmissible(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

function bindable(value: SqlValue): SqlValue {
  if (Array.isArray(value)) {
    for (const element of value) bindable(element)
    return Object.freeze([...value])
  }
  if (value === null || value instanceof Uint8Array) return value
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value
  if (['string', 'number', 'bigint', 'boolean'].includes(typeof value)) return value
  throw new PanalError('PANAL_INTERNAL', `A value of type ${typeof value} cannot be bound to SQL.`)
}
