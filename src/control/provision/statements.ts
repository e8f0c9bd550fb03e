import type { Sql } from '../../postgres/index.ts'

/** Several statements as one text, to be sent in one message. */
export function statements(parts: readonly Sql[]): string {
  return parts.map((part) => part.statement).join(';\n')
}
