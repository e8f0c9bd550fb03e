import { CONTROL_ROLE, formatTarget, type Target } from '../../model/index.ts'
import type { Connection } from '../../postgres/index.ts'
import { readPlatform, type Selection } from '../apply/index.ts'
import { readShapes, type SchemaShape } from '../catalog/index.ts'
import type { ControlContext } from '../context/index.ts'
import { loadMigrations, migrationStatus, readFleet, type SystemMigrations } from '../migrate/index.ts'
import {
  type AppliedFile,
  emptyLedger,
  ensureRegistry,
  type LedgerState,
  ledgerFileText,
  requireRegistry,
} from '../state/index.ts'
import { compareShapes, type ObjectDrift } from './compare-shapes.ts'
import { type ExpectedShape, expectedShapes } from './expected-shapes.ts'
import { installedExtensions } from './prepare-scratch.ts'
import { shapeKey } from './shape-key.ts'
import { shapeTarget } from './shape-target.ts'

/**
 * A server process remembers every relation that it looked at. Measured with 15 tables each: 280 MB at its peak
 * for 1,000 targets, shared buffers included. The number of queries is fixed for so many targets.
 */
const TARGETS_PER_BACKEND = 2_500

const NOT_PROVISIONED = 'not provisioned yet'

/** How one target compares with what its migrations make. */
export interface TargetDrift {
  /** `bo-tech/shop/acme`. */
  readonly target: string
  /** Of what stands; null where no schema stands. */
  readonly fingerprint: string | null
  /** Null: could not be found out, and `unknown` says why. */
  readonly drifted: boolean | null
  readonly unknown?: string
  readonly differences: readonly ObjectDrift[]
}

/**
 * Compares every target with what the migrations applied to it make of an empty schema on the same server. What they
 * make is found once for each list of files, in a scratch database, and then remembered in the registry.
 * Reading a fleet takes a number of queries that does not grow with it.
 *
 * @throws PANAL_NOT_PROVISIONED, and what reading the migrations and connecting throw
 */
export async function platformDrift(
  context: ControlContext,
  selection: Selection = {},
): Promise<readonly TargetDrift[]> {
  const platform = await readPlatform(context, selection)
  const migrations = await Promise.all(platform.selected.map(loadMigrations))
  await using registry = await requireRegistry(context)
  await ensureRegistry(registry)
  const ledgers = await readFleet(context, platform.targets)
  const reasons = await whyUnknown(context, migrations, platform.focus, ledgers)
  const results = new Map<Target, TargetDrift>()
  for (const system of migrations) {
    const known = platform.targets.filter((target) => target.system === system.system.name)
    const focus = platform.focus.filter((target) => target.system === system.system.name)
    for (const [database, here] of Map.groupBy(focus, (target) => target.database)) {
      const work = { migrations: system, known, here, database, ledgers, reasons }
      for (const [target, drift] of await databaseDrift(context, registry, work)) results.set(target, drift)
    }
  }
  return platform.focus.map((target) => results.get(target)!)
}

/** A shape, `closed` to the control role, or null where no schema stands. */
type StandingShape = SchemaShape | 'closed' | null

interface DatabaseWork {
  readonly migrations: SystemMigrations
  readonly known: readonly Target[]
  readonly here: readonly Target[]
  readonly database: string
  readonly ledgers: ReadonlyMap<string, LedgerState>
  readonly reasons: ReadonlyMap<Target, string>
}

/** The targets of one system in one database. */
async function databaseDrift(
  context: ControlContext,
  registry: Connection,
  work: DatabaseWork,
): Promise<ReadonlyMap<Target, TargetDrift>> {
  const { migrations, known, here, database, ledgers, reasons } = work
  const readable = here.filter((target) => !reasons.has(target))
  const drifts = new Map(here.map((target) => [target, unknownDrift(target, reasons.get(target) ?? '')]))
  if (readable.length === 0) return drifts
  const shapes = await readStanding(context, database, readable, known)
  await using first = await context.databases.open(database)
  const extensions = await installedExtensions(first, migrations.system)
  const appliedTo = (target: Target): readonly AppliedFile[] =>
    (ledgers.get(target.database) ?? emptyLedger).appliedTo(target)
  const keyOf = keysByState(migrations, appliedTo, {
    serverMajor: first.serverMajor,
    extensions: extensions.map(({ name, schema }) => `${name} in ${schema}`),
  })
  const byKey = Map.groupBy(readable, keyOf)
  const textOf = (target: Target) => async (file: AppliedFile) => {
    await using connection = await context.databases.open(target.database)
    return await ledgerFileText(connection, file.number)
  }
  const expected = await expectedShapes(context, registry, {
    migrations,
    known,
    appliedTo,
    textOf,
    database,
    byKey,
  })
  for (const target of readable) {
    const shape = shapes.get(target) ?? null
    const begun = shape !== null || appliedTo(target).length > 0
    const drift = begun
      ? targetDrift(target, shape, expected.get(keyOf(target)))
      : unknownDrift(target, NOT_PROVISIONED)
    drifts.set(target, drift)
  }
  return drifts
}

/** Portions of a fleet, each on connections of its own: two for each, which the two processors of a small server bear. */
async function readStanding(
  { databases }: Pick<ControlContext, 'databases'>,
  database: string,
  targets: readonly Target[],
  known: readonly Target[],
): Promise<ReadonlyMap<Target, StandingShape>> {
  const shapes = new Map<Target, StandingShape>()
  for (const ofService of Map.groupBy(targets, (target) => target.service).values()) {
    for (let start = 0; start < ofService.length; start += TARGETS_PER_BACKEND) {
      const portion = ofService.slice(start, start + TARGETS_PER_BACKEND)
      await using first = await databases.open(database)
      await using second = await databases.open(database)
      const found = await readShapes(
        [first, second],
        portion.map((target) => shapeTarget(target, known)),
      )
      for (const [index, target] of portion.entries()) shapes.set(target, found[index] ?? null)
    }
  }
  return shapes
}

/** Targets in the same state share the list of what is applied, so a key is worked out once per state. */
function keysByState(
  { system }: SystemMigrations,
  appliedTo: (target: Target) => readonly AppliedFile[],
  server: { readonly serverMajor: number; readonly extensions: readonly string[] },
): (target: Target) => string {
  const keys = new Map<string, Map<readonly AppliedFile[], string>>()
  return (target) => {
    const { service } = target
    const applied = appliedTo(target)
    const ofService = keys.get(service) ?? new Map<readonly AppliedFile[], string>()
    keys.set(service, ofService)
    const key = ofService.get(applied) ?? shapeKey({ system, service, applied, ...server })
    ofService.set(applied, key)
    return key
  }
}

/** Targets that cannot be compared: their files are unknown, or are only half applied. */
async function whyUnknown(
  context: ControlContext,
  migrations: readonly SystemMigrations[],
  targets: readonly Target[],
  ledgers: ReadonlyMap<string, LedgerState>,
): Promise<ReadonlyMap<Target, string>> {
  const reasons = new Map<Target, string>()
  for (const { target, unfinished, problems } of await migrationStatus(context, migrations, targets)) {
    const ledger = ledgers.get(target.database) ?? emptyLedger
    // A file below the head is pending; it does not make the applied ones unknown.
    const contradiction = problems.some(({ kind }) => kind !== 'below-head')
    if (!ledger.exists) reasons.set(target, NOT_PROVISIONED)
    else if (unfinished) reasons.set(target, 'a file with transaction:false is unfinished: panal migrate')
    else if (contradiction) reasons.set(target, 'what is applied is not what is in the folder')
  }
  return reasons
}

function targetDrift(
  target: Target,
  standing: StandingShape,
  expected: ExpectedShape | undefined,
): TargetDrift {
  const object = `schema ${target.schema}`
  if (standing === null) return drifted(target, [{ object, change: 'missing' }])
  if (standing === 'closed') {
    const actual = `closed to ${CONTROL_ROLE}, so nothing in it can be compared`
    return drifted(target, [{ object, change: 'changed', expected: `owned by ${target.owner}`, actual }])
  }
  const { fingerprint, facts } = standing
  if (expected === undefined || 'failure' in expected) {
    return { ...unknownDrift(target, expected?.failure ?? 'its migrations were not run'), fingerprint }
  }
  const same = fingerprint === expected.fingerprint
  const differences = same ? [] : compareShapes(expected, { schema: target.schema, facts })
  return { target: formatTarget(target), fingerprint, drifted: differences.length > 0, differences }
}

const drifted = (target: Target, differences: readonly ObjectDrift[]): TargetDrift => ({
  target: formatTarget(target),
  fingerprint: null,
  drifted: true,
  differences,
})

const unknownDrift = (target: Target, unknown: string): TargetDrift => ({
  target: formatTarget(target),
  fingerprint: null,
  drifted: null,
  unknown,
  differences: [],
})
