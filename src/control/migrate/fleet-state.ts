import { formatTarget, PanalError, type Target } from '../../model/index.ts'
import { type Connection, sqlStateOf } from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import { type AppliedFile, emptyLedger, ensureLedger, type LedgerState, readLedger } from '../state/index.ts'

/** What `SET ROLE` answers for a role that the server does not have. */
const NO_SUCH_ROLE = '22023'

/** The open databases of a run and what is applied in each: one connection per database, for whoever comes first. */
export class FleetState implements AsyncDisposable {
  readonly #connections: Map<string, Connection>
  readonly #ledgers: ReadonlyMap<string, LedgerState>
  /** What this run added to or took from a target, by target and item. */
  readonly #changes = new Map<string, Map<string, boolean>>()

  private constructor(connections: Map<string, Connection>, ledgers: ReadonlyMap<string, LedgerState>) {
    this.#connections = connections
    this.#ledgers = ledgers
  }

  /**
   * Opens the databases of these targets, makes their ledgers where they are missing, and reads them.
   *
   * @param options `changeNothing`: a missing ledger stays missing, and says that nothing is applied
   */
  static async open(
    context: Pick<ControlContext, 'databases'>,
    targets: readonly Target[],
    options: { readonly changeNothing?: boolean } = {},
  ): Promise<FleetState> {
    const connections = new Map<string, Connection>()
    const ledgers = new Map<string, LedgerState>()
    try {
      for (const [key, systems] of systemsByDatabase(targets)) {
        const connection = await context.databases.open(key)
        connections.set(key, connection)
        if (options.changeNothing !== true) await ensureLedger(connection)
        ledgers.set(key, await readLedger(connection, systems))
      }
    } catch (error) {
      await closeAll(connections)
      throw error
    }
    return new FleetState(connections, ledgers)
  }

  connection(target: Target): Connection {
    const connection = this.#connections.get(target.database)
    if (connection === undefined) throw new TypeError(`database ${target.database} was not opened`)
    return connection
  }

  get connections(): ReadonlyMap<string, Connection> {
    return this.#connections
  }

  /** Puts another connection in the place of one that was lost or has served its time. */
  replace(database: string, connection: Connection): void {
    this.#connections.set(database, connection)
  }

  /** What was applied when the run began. Targets in the same state share the list. */
  appliedAtStart(target: Target): readonly AppliedFile[] {
    return (this.#ledgers.get(target.database) ?? emptyLedger).appliedTo(target)
  }

  /** Whether a file is applied now, this run's own work included. */
  isApplied(target: Target, item: string): boolean {
    const changed = this.#changes.get(formatTarget(target))?.get(item)
    return changed ?? this.appliedAtStart(target).some((file) => file.item === item)
  }

  note(target: Target, item: string, applied: boolean): void {
    const key = formatTarget(target)
    const changes = this.#changes.get(key) ?? new Map<string, boolean>()
    this.#changes.set(key, changes.set(item, applied))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await closeAll(this.#connections)
  }
}

/**
 * Reads what is applied in the databases of these targets and changes nothing. A database that does
 * not exist yet, or has no ledger, holds nothing; one that cannot be looked into is an error.
 */
export async function readFleet(
  context: Pick<ControlContext, 'databases'>,
  targets: readonly Target[],
): Promise<ReadonlyMap<string, LedgerState>> {
  const ledgers = new Map<string, LedgerState>()
  for (const [key, systems] of systemsByDatabase(targets)) {
    ledgers.set(key, await readDatabase(context, key, systems))
  }
  return ledgers
}

async function readDatabase(
  { databases }: Pick<ControlContext, 'databases'>,
  key: string,
  systems: readonly string[],
): Promise<LedgerState> {
  try {
    await using connection = await databases.open(key)
    return await readLedger(connection, systems)
  } catch (error) {
    // A database that the config names must exist; one that apply makes need not yet.
    const toBeMade = !databases.place(key).configured
    if (toBeMade && error instanceof PanalError && error.code === 'PANAL_DATABASE_MISSING') return emptyLedger
    // Without the control role there is no ledger either: it owns them all.
    if (sqlStateOf(error) === NO_SUCH_ROLE) return emptyLedger
    throw error
  }
}

function systemsByDatabase(targets: readonly Target[]): ReadonlyMap<string, readonly string[]> {
  const systems = new Map<string, Set<string>>()
  for (const { database, system } of targets) {
    systems.set(database, (systems.get(database) ?? new Set<string>()).add(system))
  }
  return new Map([...systems].map(([key, names]) => [key, [...names]]))
}

async function closeAll(connections: ReadonlyMap<string, Connection>): Promise<void> {
  for (const connection of connections.values()) await connection.close()
}
