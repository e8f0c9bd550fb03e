import type { ConfigDefinition } from './definition.ts'

/**
 * Describes where systems are found and where their databases live.
 *
 * @example
 * export default defineConfig({
 *   systems: ['./systems/*&#47;system.ts'],
 *   databases: { default: { url: process.env.DATABASE_URL } },
 * })
 */
export function defineConfig(definition: ConfigDefinition): ConfigDefinition {
  return definition
}
