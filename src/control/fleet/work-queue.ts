import type { WorkItem } from './work-item.ts'

/**
 * What a database's lanes take from. Three places:
 *
 *     ready    in order; what a broken batch gives back comes first
 *     held     another runner works on it: back in `ready`, at the end, once its time has come
 *     waiting  it met a lock or a full table: taken alone, when its time has come
 *
 * Times are milliseconds of one monotonic clock, which the caller gives.
 */
export class WorkQueue {
  #ready: WorkItem[]
  /** What comes before `ready`, last first. */
  readonly #front: WorkItem[] = []
  readonly #held: { readonly item: WorkItem; readonly atMs: number }[] = []
  readonly #waiting: { readonly item: WorkItem; readonly atMs: number }[] = []
  #taken = 0

  constructor(items: readonly WorkItem[]) {
    this.#ready = [...items]
  }

  /** Items that are not waiting for a lock. */
  get ready(): number {
    return this.#front.length + this.#ready.length - this.#taken + this.#held.length
  }

  get waiting(): number {
    return this.#waiting.length
  }

  get isEmpty(): boolean {
    return this.ready + this.waiting === 0
  }

  /** The next items that can share a message, at most `most`; none when nothing is ready. */
  take(most: number, nowMs: number): WorkItem[] {
    this.#release(nowMs)
    const batch: WorkItem[] = []
    while (batch.length < most) {
      const item = this.#peek()
      if (item === undefined) break
      const [first] = batch
      if (first !== undefined && (first.shape === null || first.shape !== item.shape)) break
      batch.push(item)
      this.#drop()
      if (item.shape === null) break
    }
    return batch
  }

  /** The item that waits longest of those whose time has come. */
  takeWaiting(nowMs: number): WorkItem | undefined {
    const at = this.#waiting.findIndex(({ atMs }) => atMs <= nowMs)
    return at === -1 ? undefined : this.#waiting.splice(at, 1)[0]?.item
  }

  /** When a held or waiting item's time comes; undefined when there is none. */
  nextMs(kind: 'held' | 'waiting'): number | undefined {
    const times = (kind === 'held' ? this.#held : this.#waiting).map(({ atMs }) => atMs)
    return times.length === 0 ? undefined : Math.min(...times)
  }

  /** Gives items back that were taken, to be the next. */
  giveBack(items: readonly WorkItem[]): void {
    this.#front.push(...items.toReversed())
  }

  hold(item: WorkItem, atMs: number): void {
    this.#held.push({ item, atMs })
  }

  wait(item: WorkItem, atMs: number): void {
    this.#waiting.push({ item, atMs })
  }

  /**
   * Goes on from another place: two runners that meet would otherwise take the same targets side by
   * side until the end.
   *
   * @param random from 0 up to 1
   */
  jump(random: number): void {
    const rest = this.#ready.slice(this.#taken)
    const by = Math.floor(random * rest.length)
    this.#ready = [...rest.slice(by), ...rest.slice(0, by)]
    this.#taken = 0
  }

  #peek(): WorkItem | undefined {
    return this.#front.at(-1) ?? this.#ready[this.#taken]
  }

  #drop(): void {
    if (this.#front.length > 0) this.#front.pop()
    else this.#taken += 1
  }

  #release(nowMs: number): void {
    for (let at = this.#held.length - 1; at >= 0; at--) {
      const entry = this.#held[at]
      if (entry === undefined || entry.atMs > nowMs) continue
      this.#held.splice(at, 1)
      this.#ready.push(entry.item)
    }
  }
}
