import type { Claim, Claimed, ClaimRequest, GivenBack, ScheduledMessage, ScheduleStore } from '../contract/index.js'
import { ScheduleRows, type ScheduleRowView } from './schedule-rows.js'

/** A schedule store that lives in this process and ends with it: for tests, and for a bus whose broker does the same. Several buses may share it, and one that is started again finds what waits. */
export class MemorySchedule implements ScheduleStore {
  readonly durability = 'process'
  readonly #buses = new Map<string, ScheduleRows>()
  readonly #watchers = new Set<() => void>()

  watch(changed: () => void): () => void {
    // One of its own, also where the same function watches twice.
    const watcher = (): void => changed()
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
  }

  async add(bus: string, messages: readonly ScheduledMessage[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const rows = this.#rowsOf(bus)
    for (const message of messages) rows.add(message)
    this.#changed()
  }

  async claim(bus: string, request: ClaimRequest): Promise<Claimed> {
    return this.#rowsOf(bus).claim(request)
  }

  async sent(bus: string, claims: readonly Claim[], nowMs: number): Promise<void> {
    const rows = this.#rowsOf(bus)
    for (const claim of claims) rows.sent(claim, nowMs)
  }

  async giveBack(bus: string, givenBack: readonly GivenBack[]): Promise<void> {
    const rows = this.#rowsOf(bus)
    for (const each of givenBack) rows.giveBack(each)
    this.#changed()
  }

  async cancel(bus: string, cancelId: string, nowMs: number): Promise<'cancelled' | 'too-late' | 'unknown'> {
    return this.#rowsOf(bus).cancel(cancelId, nowMs)
  }

  /** Everything that waits or is being sent, of one bus or of all, by the time of its next claim. A copy: changing it changes nothing. */
  rows(bus?: string): ScheduleRowView[] {
    const buses = bus === undefined ? [...this.#buses.keys()] : [bus]
    return buses.flatMap((name) => this.#buses.get(name)?.views(name) ?? [])
  }

  #rowsOf(bus: string): ScheduleRows {
    let rows = this.#buses.get(bus)
    if (rows === undefined) this.#buses.set(bus, (rows = new ScheduleRows()))
    return rows
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher()
  }
}

/** A schedule store that lives in this process: `stores: { schedule: memorySchedule() }`. */
export function memorySchedule(): MemorySchedule {
  return new MemorySchedule()
}
