import type { SystemDefinition } from './definition.ts'

/**
 * Describes a system. Nothing is checked here but the types: a wrong service name in `reads` is a
 * compile error; everything else is validated, all problems at once, when a command loads the file.
 *
 * @example
 * export default defineSystem({
 *   name: 'shop',
 *   services: {
 *     catalog: { schema: 'catalog' },
 *     orders: { schema: 'orders', reads: ['catalog'] },
 *   },
 * })
 */
export function defineSystem<const N extends string>(definition: SystemDefinition<N>): SystemDefinition<N> {
  return definition
}
