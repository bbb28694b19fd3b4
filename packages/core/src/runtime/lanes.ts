import { Fifo } from './fifo.js'

interface Waiting {
  readonly order: number
  /** Gives it a place. */
  readonly give: () => void
}

/** One key that has tasks: one of them runs, or stands in the line for a place; the others wait here. */
interface Lane {
  waiting: Fifo<Waiting> | undefined
}

/**
 * Runs at most `concurrency` tasks at once, and one at a time per key. Of those that may start, the one that was
 * submitted first starts first; what waits for its key takes no place from others.
 */
export class Lanes {
  readonly #lanes = new Map<string, Lane>()
  /** What waits for a place alone, in the order of submission. */
  readonly #line = new Fifo<Waiting>()
  #concurrency: number
  #running = 0
  /** Have given their place to others, and are not done. */
  #resting = 0
  #waiting = 0
  #submitted = 0
  #whenIdle: PromiseWithResolvers<void> | undefined

  constructor(concurrency: number) {
    this.#concurrency = concurrency
  }

  get running(): number {
    return this.#running
  }

  /** For a place, or for their key. */
  get waiting(): number {
    return this.#waiting
  }

  /** How many keys have tasks. */
  get keys(): number {
    return this.#lanes.size
  }

  /** Fewer: what runs ends first. More: what waits starts now. */
  setConcurrency(concurrency: number): void {
    this.#concurrency = concurrency
    this.#startNext()
  }

  /** Settles as the task does. Where there is a place and the key is free, the task has started when this returns. */
  run<T>(key: string | undefined, task: () => Promise<T>): Promise<T> {
    const place = this.enter(key)
    // By `then`, so that it starts in the ambient context of its caller and not of the task that ended.
    return place === undefined ? this.#start(key, task) : place.then(() => this.#start(key, task))
  }

  /** For who runs the task himself: `undefined` when he has a place now, else a promise of one. Then he calls `leave`, once, whatever the task came to. */
  enter(key: string | undefined): Promise<void> | undefined {
    if (key !== undefined) {
      const busy = this.#lanes.get(key)
      if (busy !== undefined) return this.#wait((busy.waiting ??= new Fifo()))
      this.#lanes.set(key, { waiting: undefined })
    }
    if (this.#running >= this.#concurrency) return this.#wait(this.#line)
    this.#running += 1
    return undefined
  }

  /** Ends what `enter` has begun, with the same key. */
  leave(key: string | undefined): void {
    this.#running -= 1
    if (key !== undefined) this.#leaveKey(key)
    if (this.#line.length > 0) this.#startNext()
    if (this.#whenIdle !== undefined && this.#running === 0 && this.#resting === 0) {
      this.#whenIdle.resolve()
      this.#whenIdle = undefined
    }
  }

  /** Resolves when nothing runs, and nothing rests. What is submitted meanwhile may have started again by then. */
  idle(): Promise<void> {
    if (this.#running === 0 && this.#resting === 0) return Promise.resolve()
    this.#whenIdle ??= Promise.withResolvers<void>()
    return this.#whenIdle.promise
  }

  /** Called by a task that only waits: it gives its place to others, and has one again when this settles. Its key stays its own. */
  async rest<T>(wait: Promise<T>): Promise<T> {
    this.#running -= 1
    this.#resting += 1
    this.#startNext()
    try {
      return await wait
    } finally {
      this.#resting -= 1
      if (this.#running < this.#concurrency) this.#running += 1
      else await this.#wait(this.#line)
    }
  }

  /** The place is taken by who calls this. */
  #start<T>(key: string | undefined, task: () => Promise<T>): Promise<T> {
    const run = started(task)
    const end = (): void => this.leave(key)
    run.then(end, end)
    return run
  }

  #wait(behind: Fifo<Waiting>): Promise<void> {
    this.#waiting += 1
    this.#submitted += 1
    return new Promise((give) => behind.push({ order: this.#submitted, give }))
  }

  #leaveKey(key: string): void {
    const next = this.#lanes.get(key)?.waiting?.shift()
    // It has waited longer than some that stand in the line.
    if (next !== undefined) this.#line.insert(next, ({ order }) => order > next.order)
    else this.#lanes.delete(key)
  }

  #startNext(): void {
    while (this.#running < this.#concurrency) {
      const next = this.#line.shift()
      if (next === undefined) return
      this.#waiting -= 1
      this.#running += 1
      next.give()
    }
  }
}

/** A task that throws before it returns a promise has failed like any other. */
function started<T>(task: () => Promise<T>): Promise<T> {
  try {
    return task()
  } catch (error) {
    return Promise.reject(error as Error)
  }
}
