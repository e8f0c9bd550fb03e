import { formatTarget, type System, type Target } from '../../model/index.ts'
import type { Connection } from '../../postgres/index.ts'
import { readShapes, type SchemaShape, type ShapeTarget } from '../catalog/index.ts'
import { type ControlContext, silent } from '../context/index.ts'
import { migrateFleet } from '../fleet/index.ts'
import type { SystemMigrations } from '../migrate/index.ts'
import type { AppliedFile } from '../state/index.ts'
import { appliedMigrations, type LedgerText } from './applied-migrations.ts'
import { installedExtensions, prepareScratch } from './prepare-scratch.ts'
import { withScratchDatabase } from './scratch-database.ts'
import { shapeTarget } from './shape-target.ts'

export interface ShapesToBuild {
  readonly migrations: SystemMigrations
  /** One target for each shape that is wanted; its files are those applied to it. */
  readonly wanted: readonly Target[]
  /** Every target of the system. */
  readonly known: readonly Target[]
  readonly appliedTo: (target: Target) => readonly AppliedFile[]
  readonly textOf: (target: Target) => LedgerText
  /** The key of the managed database on whose server it happens. */
  readonly database: string
}

/** What came of one wanted target: its shape, or why its files did not run. */
export type BuiltShape = SchemaShape | { readonly failure: string }

/**
 * Finds out what files make of a schema, by running them: the system's shared services as they stand, and
 * beside them the wanted tenants, each with its own files, under their own names in a scratch database.
 * No data: seeds do not run. A file that fails on an empty database leaves its target without a shape.
 */
export async function buildShapes(
  context: Pick<ControlContext, 'config' | 'databases' | 'signal'>,
  build: ShapesToBuild,
): Promise<ReadonlyMap<Target, BuiltShape>> {
  const { system } = build.migrations
  const tenants = new Set(build.wanted.map(({ tenant }) => tenant))
  const replicated = build.known.filter(({ tenant }) => tenant === null || tenants.has(tenant))
  return await withScratchDatabase(context, build.database, async ({ name, databases }) => {
    const inScratch = (target: Target): Target => ({ ...target, database: name })
    const extensions = await extensionsOf(context, build.database, system)
    await using connection = await databases.open(name)
    await prepareScratch(connection, system, replicated.map(inScratch), extensions)
    const failures = new Map<string, string>()
    const scratch = { databases, onProgress: silent, signal: context.signal }
    // The shared ones first: a tenant's files may require theirs.
    for (const tenant of [null, ...[...tenants].filter((slug) => slug !== null)]) {
      const targets = replicated.filter((target) => target.tenant === tenant)
      if (targets.length === 0) continue
      const migrations = [await migrationsAsApplied(build, replicated, tenant)]
      const known = replicated.map(inScratch)
      const result = await migrateFleet(scratch, { migrations, targets: targets.map(inScratch), known })
      for (const failed of result.failed)
        failures.set(failed.target, `${failed.migration}: ${failed.message}`)
    }
    const shapes = await shapesOf(connection, build.wanted, build.known)
    return new Map(
      build.wanted.map((target): [Target, BuiltShape] => {
        const failure = failures.get(formatTarget(target))
        return [target, failure === undefined ? shapes.get(target)! : { failure }]
      }),
    )
  })
}

async function extensionsOf(
  { databases }: Pick<ControlContext, 'databases'>,
  database: string,
  system: System,
): ReturnType<typeof installedExtensions> {
  await using connection = await databases.open(database)
  return await installedExtensions(connection, system)
}

/** What is applied to the targets of one tenant, and to the shared ones. */
async function migrationsAsApplied(
  { migrations, appliedTo, textOf }: ShapesToBuild,
  replicated: readonly Target[],
  tenant: string | null,
): Promise<SystemMigrations> {
  const byService = new Map(
    replicated
      .filter((target) => target.tenant === null || target.tenant === tenant)
      .map((target) => [target.service, target]),
  )
  const files = (service: string): readonly AppliedFile[] => {
    const target = byService.get(service)
    return target === undefined ? [] : appliedTo(target)
  }
  return await appliedMigrations(migrations, files, async (file) => {
    const target = byService.get(file.service)
    return target === undefined ? null : await textOf(target)(file)
  })
}

async function shapesOf(
  connection: Connection,
  wanted: readonly Target[],
  known: readonly Target[],
): Promise<ReadonlyMap<Target, SchemaShape>> {
  const targets: readonly ShapeTarget[] = wanted.map((target) => shapeTarget(target, known))
  const shapes = await readShapes([connection], targets)
  const found = new Map<Target, SchemaShape>()
  for (const [index, target] of wanted.entries()) {
    const shape = shapes[index]
    if (shape == null || shape === 'closed') throw new TypeError(`schema ${target.schema} was not made`)
    found.set(target, shape)
  }
  return found
}
