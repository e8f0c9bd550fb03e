import { dirname } from 'node:path'
import {
  type Config,
  type ConfigDefinition,
  DEFAULT_ENVIRONMENT,
  PanalError,
  resolveConfig,
  resolveSystem,
  type System,
  type SystemDefinition,
} from '../../model/index.ts'
import { findFiles } from './find-files.ts'
import { loadModule } from './load-module.ts'

/**
 * Imports a configuration and every system that it names, and validates them together.
 *
 * @param file absolute
 * @param environment default: development
 * @throws PANAL_CONFIG_INVALID, PANAL_MODEL_INVALID with every problem, and PANAL_USAGE for an unknown environment
 */
export async function loadConfig(file: string, environment = DEFAULT_ENVIRONMENT): Promise<Config> {
  const definition = await loadModule(
    file,
    'PANAL_CONFIG_INVALID',
    "defineConfig({ systems: ['./systems/*/system.ts'] })",
  )
  const patterns = patternsOf(definition, file)
  const files = new Set(patterns.flatMap((pattern) => filesOf(pattern, file)))
  const systems = await loadSystems([...files])
  return resolveConfig(definition as ConfigDefinition, file, systems, environment)
}

function patternsOf(definition: unknown, file: string): readonly string[] {
  const systems =
    typeof definition === 'object' && definition !== null && 'systems' in definition
      ? definition.systems
      : undefined
  if (Array.isArray(systems) && systems.every((pattern) => typeof pattern === 'string')) return systems
  throw new PanalError('PANAL_CONFIG_INVALID', `${file} does not list its systems.`, {
    place: { file },
    details: ['systems: must be a list of files or patterns, such as ./systems/*/system.ts'],
  })
}

function filesOf(pattern: string, file: string): string[] {
  const found = findFiles(pattern, dirname(file))
  if (found.length > 0) return found
  throw new PanalError('PANAL_CONFIG_INVALID', `${file} names systems that are not there.`, {
    place: { file },
    details: [`systems: "${pattern}" matches no file below ${dirname(file)}`],
  })
}

/** Reads every file before it complains, so that a person sees what is wrong in all of them. */
async function loadSystems(files: readonly string[]): Promise<System[]> {
  const systems: System[] = []
  const errors: PanalError[] = []
  for (const file of files) {
    try {
      const shape = "defineSystem({ name: '…', services: { … } })"
      const definition = await loadModule(file, 'PANAL_MODEL_INVALID', shape)
      systems.push(resolveSystem(definition as SystemDefinition<string>, file))
    } catch (error) {
      if (!(error instanceof PanalError)) throw error
      errors.push(error)
    }
  }
  const [first, ...others] = errors
  if (first === undefined) return systems
  if (others.length === 0) throw first
  throw new PanalError('PANAL_MODEL_INVALID', `${errors.length} systems cannot be used as they are.`, {
    details: errors.flatMap((error) => [error.message, ...error.details.map((line) => `  ${line}`)]),
    cause: first,
  })
}
