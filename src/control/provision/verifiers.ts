import { type Connection, literal, sql } from '../../postgres/index.ts'
import { type PlanStep, passwordPlaceholder } from './step.ts'

/** Gives the SCRAM verifier of a login, computed on this side, so that no password reaches the server. */
export type VerifierOf = (role: string) => Promise<string>

/** A setting of the transaction; nobody else's session can read it. */
const SETTING = 'panal.verifiers'

/**
 * Hands the verifiers of some logins to the transaction as a bound value: in the text of a statement
 * they would stand in pg_stat_activity, and in the log of a server that logs DDL.
 */
export async function handOverVerifiers(
  connection: Connection,
  logins: readonly string[],
  verifierOf: VerifierOf,
): Promise<void> {
  // At once: the derivation runs on threads of its own.
  const pairs = await Promise.all(logins.map(async (login) => [login, await verifierOf(login)] as const))
  const verifiers = Object.fromEntries(pairs)
  await connection.query(sql /* SQL */`SELECT set_config(${SETTING}, ${JSON.stringify(verifiers)}, true)`)
}

/** What is sent for a step. Where it sets a password, the server puts the verifier in the placeholder's place. */
export function statementOf({ sql: text, passwordOf }: PlanStep): string {
  if (passwordOf === undefined) return text
  const body = sql`BEGIN EXECUTE replace(${literal(text)}, ${literal(passwordPlaceholder(passwordOf))},
    quote_literal(current_setting(${literal(SETTING)})::json ->> ${literal(passwordOf)})); END`
  return sql`DO ${literal(body.statement)}`.statement
}
