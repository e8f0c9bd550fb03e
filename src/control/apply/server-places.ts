import { connectionTarget, formatServer } from '../../postgres/index.ts'
import type { DatabasePlace, Databases } from '../databases/index.ts'
import { databasesOf, type Platform } from '../provision/index.ts'

/** The databases of one server that a plan is about. Roles belong to the server. */
export interface ServerPlaces {
  /** `host:port`, to tell servers apart. */
  readonly server: string
  /** An operator's URL of a database that stands there already. */
  readonly maintenanceUrl: string
  readonly places: readonly DatabasePlace[]
  /** Whether the registry lives here. */
  readonly control: boolean
}

/** Groups the databases of the selected systems by server; the control database's server comes first. */
export function serverPlaces(databases: Databases, platform: Platform): readonly ServerPlaces[] {
  const keys = new Set(platform.selected.flatMap((system) => databasesOf(platform, system)))
  const all = [databases.control, ...[...keys].sort().map((key) => databases.place(key))]
  const groups = Map.groupBy(all, serverOf)
  return [...groups].map(([server, places]) => ({
    server,
    maintenanceUrl: places[0]!.maintenanceUrl,
    places,
    control: places.some((place) => place.key === 'control'),
  }))
}

export const serverOf = (place: DatabasePlace): string => formatServer(connectionTarget(place.url))

/** The part of a platform that concerns one server. */
export function platformOn(server: ServerPlaces, platform: Platform): Platform {
  const keys = new Set(server.places.map((place) => place.key))
  const here = (target: { readonly database: string }): boolean => keys.has(target.database)
  return {
    ...platform,
    selected: platform.selected.filter((system) =>
      databasesOf(platform, system).some((key) => keys.has(key)),
    ),
    targets: platform.targets.filter(here),
    focus: platform.focus.filter(here),
  }
}
