import type { SourcePatch } from '../support/patched-source.js'

/** A bug as somebody might write it, which property finds it, and what that says. */
export interface PlantedBug extends SourcePatch {
  readonly bug: string
  readonly property: 'lanes' | 'endpoint'
  readonly says: string
}

const lanes = '/core/src/runtime/lanes.ts'

export const plantedBugs: readonly PlantedBug[] = [
  {
    bug: 'the first that waits for a busy key does not wait',
    property: 'lanes',
    file: lanes,
    find: `if (busy !== undefined) return this.#wait((busy.waiting ??= new Fifo()))`,
    replace: `if (busy?.waiting !== undefined) return this.#wait(busy.waiting)
      if (busy !== undefined) busy.waiting = new Fifo()`,
    says: 'overlap of the key',
  },
  {
    bug: 'the last that came for a key goes first',
    property: 'lanes',
    file: lanes,
    find: `behind.push({`,
    replace: `behind.unshift({`,
    says: 'out of order',
  },
  {
    bug: 'one more runs than there are places',
    property: 'lanes',
    file: lanes,
    find: `if (this.#running >= this.#concurrency) return this.#wait(this.#line)`,
    replace: `if (this.#running > this.#concurrency) return this.#wait(this.#line)`,
    says: 'places',
  },
  {
    bug: 'a lane is kept when its key has nothing more',
    property: 'lanes',
    file: lanes,
    find: `else this.#lanes.delete(key)`,
    replace: ``,
    says: 'lanes for',
  },
  {
    bug: 'a task that fails keeps its place',
    property: 'lanes',
    file: lanes,
    find: `run.then(end, end)`,
    replace: `run.then(end, () => undefined)`,
    says: 'the lanes count',
  },
  {
    bug: 'more places start nobody',
    property: 'lanes',
    file: lanes,
    find: `    this.#concurrency = concurrency
    this.#startNext()`,
    replace: `    this.#concurrency = concurrency`,
    says: 'could in',
  },
  {
    bug: 'who has rested takes a place that is not there',
    property: 'lanes',
    file: lanes,
    find: `if (this.#running < this.#concurrency) this.#running += 1`,
    replace: `if (this.#concurrency > 0) this.#running += 1`,
    says: 'places',
  },
  {
    bug: 'an ordered endpoint has no lanes',
    property: 'endpoint',
    file: '/core/src/incoming/endpoint-worker.ts',
    find: `envelope?.key ?? nativeId`,
    replace: `envelope?.key && nativeId`,
    says: 'runs beside its head, or before it',
  },
  {
    bug: 'what waits for its retry keeps its place',
    property: 'endpoint',
    file: '/core/src/incoming/dispatch.ts',
    find: `await lanes.rest(waits.wait(waitMs, delivery.lost))`,
    replace: `await waits.wait(waitMs, delivery.lost)`,
    says: 'could in',
  },
  {
    bug: 'the broker does not see the prefetch',
    property: 'endpoint',
    file: '/core/src/memory/consumer.ts',
    find: `return this.held.size < this.prefetch`,
    replace: `return this.prefetch > 0`,
    says: 'unsettled, the prefetch is',
  },
]
