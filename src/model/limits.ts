import type { LimitsDefinition } from './definition.ts'
import type { ProblemList } from './problem.ts'
import type { Limits } from './system.ts'

const LIMIT_KEYS = [
  'connections',
  'statementTimeoutMs',
  'lockTimeoutMs',
  'idleInTransactionTimeoutMs',
] as const

/** PostgreSQL keeps each of them in a 32-bit integer. */
const GREATEST = 2_147_483_647

/** Fills in what is left out; each limit must be a whole number, connections at least 1. */
export function resolveLimits(problems: ProblemList, path: string, limits: LimitsDefinition = {}): Limits {
  for (const key of LIMIT_KEYS) {
    const value = limits[key]
    const least = key === 'connections' ? 1 : 0
    if (value !== undefined && (!Number.isInteger(value) || value < least || value > GREATEST)) {
      problems.add(`${path}.${key}`, `${value} is no whole number from ${least} to ${GREATEST}`)
    }
  }
  return {
    connections: limits.connections ?? -1,
    statementTimeoutMs: limits.statementTimeoutMs ?? null,
    lockTimeoutMs: limits.lockTimeoutMs ?? null,
    idleInTransactionTimeoutMs: limits.idleInTransactionTimeoutMs ?? null,
  }
}
