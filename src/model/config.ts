import type { PlacementDefinition } from './definition.ts'
import type { System } from './system.ts'

/** A validated configuration for one environment. Made by `resolveConfig`. */
export interface Config {
  readonly file: string
  /** `development` for the config's top level. */
  readonly environment: string
  /** Keys with their URL; null: the embedded PostgreSQL's (only `default` may be). */
  readonly databases: ReadonlyMap<string, string | null>
  readonly controlUrl: string | null
  readonly systems: readonly System[]
  readonly placement: ReadonlyMap<string, ReadonlyMap<string, PlacementDefinition>>
}

/** The database key where a service, or a tenant of it, lives. */
export function placementOf(config: Config, system: System, service: string, tenant: string | null): string {
  const placement = config.placement.get(system.name)?.get(service)
  if (placement === undefined) return system.database
  if (typeof placement === 'string') return placement
  return tenant === null ? system.database : placement(tenant)
}
