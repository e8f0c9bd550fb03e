import { PanalError } from '../../model/index.ts'
import { retryRuleOf, sqlStateOf } from '../../postgres/index.ts'

/** The lock table of the server is full. */
const OUT_OF_LOCKS = '53200'

/**
 * What may be otherwise in a moment, and is no failure of the target: a lock that others hold, a
 * deadlock, another runner, a full lock table. Null for everything else.
 */
export function passingTrouble(error: unknown): 'lock' | 'memory' | null {
  if (sqlStateOf(error) === OUT_OF_LOCKS) return 'memory'
  if (error instanceof PanalError && error.code === 'PANAL_LOCK_TIMEOUT') return 'lock'
  return retryRuleOf(error)?.effect === 'none' ? 'lock' : null
}
