import type { Clock, InboxAnswer, InboxHost, InboxRequest, InboxStore } from '../contract/index.js'
import { checkOptions, duration, milliseconds, optional, type Check, type Duration } from '../wire/index.js'
import { badInboxOptions } from './errors.js'
import { InboxRow, type InboxRowHost, type InboxRowView } from './inbox-row.js'

/** How an inbox in memory behaves. */
export interface MemoryInboxOptions {
  /** For how long a row is kept after it is done, at least. @default '7d' */
  readonly retention?: Duration
  /** @default the clock of the first bus that uses it */
  readonly clock?: Clock
}

const dayMs = 86_400_000
const retention = '7d'
const timepiece: Check = (value) =>
  typeof value === 'object' && value !== null && ['now', 'after'].every((method) => typeof Reflect.get(value, method) === 'function')
    ? undefined
    : 'a clock, with now() and after()'

/** An inbox that lives in this process and ends with it: for tests, and for a bus whose broker does the same. Several buses may share it. */
export class MemoryInbox implements InboxStore, InboxRowHost {
  readonly durability = 'process'
  readonly #retentionMs: number
  readonly #rows = new Map<string, InboxRow>()
  /** What is done, by the day on which it leaves: as a table whose partitions are dropped. */
  readonly #leaving = new Map<number, string[]>()
  #day = 0
  #clock: Clock | undefined

  constructor(options: MemoryInboxOptions = {}) {
    const problems = checkOptions('inbox', options, { retention: optional(duration), clock: optional(timepiece) })
    if (problems.length > 0) throw badInboxOptions(problems)
    this.#retentionMs = milliseconds(options.retention, retention)
    this.#clock = options.clock
  }

  open({ clock }: InboxHost): Promise<void> {
    this.#clock ??= clock
    return Promise.resolve()
  }

  async claim(request: InboxRequest, signal: AbortSignal): Promise<InboxAnswer> {
    signal.throwIfAborted()
    this.#dropOld()
    const { handler, formerHandlers } = request
    const key = keyOf(request, handler)
    let row = this.#rows.get(key)
    if (row?.done !== undefined) return row.done
    for (const former of formerHandlers) {
      const done = this.#rows.get(keyOf(request, former))?.done
      if (done !== undefined) return done
    }
    if (row?.held === true) return { state: 'held', wait: () => this.#rowOf(key, request).wait(request, signal) }
    if (row === undefined && request.redelivered && this.#isTooOld(request.time ?? this.clock.now())) return { state: 'too-old' }
    row = this.#rowOf(key, request)
    return row.take(request)
  }

  /** Every row, in the order of its first claim. A copy: changing it changes nothing. */
  rows(): InboxRowView[] {
    return [...this.#rows.values()].map(({ view }) => view)
  }

  get clock(): Clock {
    if (this.#clock === undefined)
      throw badInboxOptions([{ what: 'inbox has no clock yet', fix: 'Start the bus that uses it, or pass memoryInbox({ clock }).' }])
    return this.#clock
  }

  done({ key }: InboxRow): void {
    const day = Math.floor((this.clock.now() + this.#retentionMs) / dayMs) + 1
    const leaving = this.#leaving.get(day)
    if (leaving === undefined) this.#leaving.set(day, [key])
    else leaving.push(key)
  }

  free({ key }: InboxRow): void {
    this.#rows.delete(key)
  }

  #rowOf(key: string, request: InboxRequest): InboxRow {
    let row = this.#rows.get(key)
    if (row === undefined) this.#rows.set(key, (row = new InboxRow(key, request, this)))
    return row
  }

  #isTooOld(time: number): boolean {
    return Math.floor(time / dayMs) < Math.floor((this.clock.now() - this.#retentionMs) / dayMs)
  }

  /** Once a day. What is claimed stays. */
  #dropOld(): void {
    const today = Math.floor(this.clock.now() / dayMs)
    if (today === this.#day) return
    this.#day = today
    for (const [day, keys] of this.#leaving) {
      if (day > today) continue
      this.#leaving.delete(day)
      for (const key of keys) this.#rows.delete(key)
    }
  }
}

/** An inbox that lives in this process: `stores: { inbox: memoryInbox() }`. */
export function memoryInbox(options: MemoryInboxOptions = {}): MemoryInbox {
  return new MemoryInbox(options)
}

/** Lengths before texts, so that no two rows look alike. */
const keyOf = ({ endpoint, source, id }: InboxRequest, handler: string): string =>
  `${endpoint.length}:${endpoint}${handler.length}:${handler}${source.length}:${source}${id}`
