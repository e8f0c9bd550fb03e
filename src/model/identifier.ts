/**
 * Names that Panal accepts for schemas, roles, databases and services: lower case, so that they
 * need no quotes in anybody's psql, and at most 63 bytes, since PostgreSQL cuts longer ones
 * silently and two cut names may collide.
 */
const IDENTIFIER = /^[a-z][a-z0-9_]*$/
const SYSTEM_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
/** BOT-D06: the slug becomes part of schema and role names, so it is narrower than they are. */
const SLUG = /^[a-z][a-z0-9_]{1,40}$/

/** PostgreSQL's NAMEDATALEN minus the closing zero. */
export const MAX_IDENTIFIER_BYTES = 63

/**
 * Words that SQL reserves or that name something of PostgreSQL's or Panal's own. A tenant may not
 * be called one of them, since documents paste slugs into DDL and URLs unquoted.
 */
const RESERVED_SLUGS: ReadonlySet<string> = new Set(
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate
   collation column concurrently constraint create cross current_catalog current_date current_role
   current_schema current_time current_timestamp current_user default deferrable desc distinct do else end
   except false fetch for foreign freeze from full grant group having ilike in information_schema initially
   inner intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not
   notnull null offset on only or order outer overlaps panal panal_control pg_catalog pg_toast placing
   postgres primary public references returning right select session_user similar some symmetric system_user
   table tablesample template0 template1 then to trailing true union unique user using variadic verbose when
   where window with none`.split(/\s+/),
)

/** Why `name` cannot be an identifier, or nothing when it can. */
export function identifierProblem(name: unknown): string | undefined {
  if (typeof name !== 'string') return 'must be a text'
  if (!IDENTIFIER.test(name)) {
    return `"${name}" must match ^[a-z][a-z0-9_]*$ (lower case, digits, underscore)`
  }
  if (name.length > MAX_IDENTIFIER_BYTES) {
    return `"${name}" has ${name.length} bytes, PostgreSQL keeps ${MAX_IDENTIFIER_BYTES}`
  }
  if (name.startsWith('pg_')) return `"${name}" starts with pg_, which PostgreSQL keeps for itself`
  return undefined
}

/** Why `name` cannot be a system's name, or nothing when it can. Hyphens become underscores in roles. */
export function systemNameProblem(name: unknown): string | undefined {
  if (typeof name !== 'string') return 'must be a text'
  if (!SYSTEM_NAME.test(name)) return `"${name}" must be lower-case words joined by hyphens (acc-lms)`
  return undefined
}

/** Why `slug` cannot name a tenant, or nothing when it can. */
export function slugProblem(slug: string): string | undefined {
  if (!SLUG.test(slug)) {
    return `"${slug}" must match ^[a-z][a-z0-9_]{1,40}$ (2 to 41 lower-case letters, digits, underscores)`
  }
  if (RESERVED_SLUGS.has(slug) || slug.startsWith('pg_')) {
    return `"${slug}" is a word that SQL or PostgreSQL reserves`
  }
  return undefined
}
