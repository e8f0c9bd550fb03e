import { STRANGER } from './drift.ts'
import { databasesOfSystem, rolesOf } from './expected-rights.ts'
import { type PlatformSpec, schemaNameOf, slugsOf } from './platform-spec.ts'

/** The lines of a dump that speak of nothing but what the model has: no orphans, no strangers, no database left behind. */
export function modelLines(dump: readonly string[], spec: PlatformSpec): readonly string[] {
  const known = new Set(
    spec.systems.flatMap((system) => [
      ...rolesOf(system),
      ...system.services.flatMap((service) =>
        slugsOf(system, service).map((slug) => schemaNameOf(system, service, slug)),
      ),
    ]),
  )
  const databases = new Set(spec.systems.flatMap((system) => [...databasesOfSystem(system)]))
  const targets = new Set(
    spec.systems.flatMap((system) => system.services.map((service) => `${system.name}/${service.name}`)),
  )
  const lines = dump
    // What a stranger was given is his; the line is about others too.
    .map((line) => line.replaceAll(new RegExp(` ${STRANGER}=\\S+`, 'g'), ''))
    // The registry keeps the names that a target was recorded with.
    .map((line) => line.replace(/: target (\S+) .* (\S+)$/, ': target $1 $2'))
    // A membership that the model wants may be granted once more by somebody else, which gives nothing more.
    .map((line) => line.replace(/^(member \S+ of \S+) by \S+/, '$1'))
    .filter((line) => {
      const [, target] = /: target (\w+\/\w+)/.exec(line) ?? []
      return target === undefined || targets.has(target)
    })
  return [...new Set(lines)].filter(
    (line) =>
      namesIn(line).every((name) => known.has(name) || /_creator_\d+$/.test(name)) &&
      !line.includes(STRANGER) &&
      [...line.matchAll(/\b(north|south)\b/g)].every(([name]) => databases.has(name)),
  )
}

/** Names of the platforms of these tests all begin with their system's. */
const namesIn = (line: string): readonly string[] =>
  [...line.matchAll(/\b(?:alpha|beta)_\w+/g)].map(([name]) => name)
