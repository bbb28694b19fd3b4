import type { Clock } from '../contract/index.js'

interface Entry<Item> {
  readonly at: number
  /** Equal times fall due in the order of their arrival. */
  readonly order: number
  readonly item: Item
}

/** Items that wait for their time: a heap, and one timer for the earliest. Without a clock they wait until there is one. */
export class DueTimes<Item> {
  readonly #heap: Entry<Item>[] = []
  readonly #onDue: (item: Item) => void
  #clock: Clock | undefined
  #timer: { readonly at: number; cancel(): void } | undefined
  #order = 0

  constructor(onDue: (item: Item) => void) {
    this.#onDue = onDue
  }

  /** Items keep their times; they are times of this clock now. */
  use(clock: Clock): void {
    this.#clock = clock
    this.#timer?.cancel()
    this.#timer = undefined
    this.#arm()
  }

  add(item: Item, at: number): void {
    this.#order += 1
    this.#up({ at, order: this.#order, item })
    this.#arm()
  }

  /** All that wait, by time. */
  list(): Item[] {
    return this.#heap.toSorted(earlier).map(({ item }) => item)
  }

  #arm(): void {
    const at = this.#heap[0]?.at
    if (this.#clock === undefined || at === undefined || (this.#timer !== undefined && this.#timer.at <= at)) return
    this.#timer?.cancel()
    const timer = this.#clock.after(at - this.#clock.now(), this.#fire)
    this.#timer = { at, cancel: () => timer.cancel() }
  }

  readonly #fire = (): void => {
    this.#timer = undefined
    // A timer of the machine may come a millisecond early: what is not due waits for the next one.
    const now = this.#clock?.now() ?? 0
    for (let first = this.#heap[0]; first !== undefined && first.at <= now; first = this.#heap[0]) {
      this.#removeFirst()
      this.#onDue(first.item)
    }
    this.#arm()
  }

  #up(entry: Entry<Item>): void {
    const heap = this.#heap
    let index = heap.push(entry) - 1
    while (index > 0) {
      const above = (index - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || earlier(parent, entry) <= 0) break
      heap[index] = parent
      index = above
    }
    heap[index] = entry
  }

  #removeFirst(): void {
    const heap = this.#heap
    const entry = heap.pop()
    if (entry === undefined || heap.length === 0) return
    let index = 0
    for (;;) {
      let below = 2 * index + 1
      const left = heap[below]
      if (left === undefined) break
      const right = heap[below + 1]
      if (right !== undefined && earlier(right, left) < 0) below += 1
      const child = heap[below]
      if (child === undefined || earlier(entry, child) <= 0) break
      heap[index] = child
      index = below
    }
    heap[index] = entry
  }
}

const earlier = (a: Entry<unknown>, b: Entry<unknown>): number => a.at - b.at || a.order - b.order
