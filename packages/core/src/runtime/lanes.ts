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
  readonly #endKeyless = (): void => this.#end(undefined, undefined)
  #concurrency: number
  #running = 0
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
    if (key === undefined) return this.#enter(task, this.#endKeyless)
    const busy = this.#lanes.get(key)
    if (busy !== undefined) return this.#wait(task, this.#endOf(key, busy), (busy.waiting ??= new Fifo()))
    const lane: Lane = { waiting: undefined }
    this.#lanes.set(key, lane)
    return this.#enter(task, this.#endOf(key, lane))
  }

  /** Resolves when nothing runs. What is submitted meanwhile may have started again by then. */
  idle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve()
    this.#whenIdle ??= Promise.withResolvers<void>()
    return this.#whenIdle.promise
  }

  /** Called by a task that only waits: it gives its place to others, and has one again when this settles. Its key stays its own. */
  async rest<T>(wait: Promise<T>): Promise<T> {
    this.#running -= 1
    this.#startNext()
    try {
      return await wait
    } finally {
      if (this.#running < this.#concurrency) this.#running += 1
      else await this.#place()
    }
  }

  #place(): Promise<void> {
    this.#waiting += 1
    this.#submitted += 1
    return new Promise((give) => this.#line.push({ order: this.#submitted, give }))
  }

  #endOf(key: string, lane: Lane): () => void {
    return () => this.#end(key, lane)
  }

  #enter<T>(task: () => Promise<T>, end: () => void): Promise<T> {
    if (this.#running >= this.#concurrency) return this.#wait(task, end, this.#line)
    this.#running += 1
    return this.#start(task, end)
  }

  /** The place is taken by who calls this. */
  #start<T>(task: () => Promise<T>, end: () => void): Promise<T> {
    const run = started(task)
    run.then(end, end)
    return run
  }

  #wait<T>(task: () => Promise<T>, end: () => void, behind: Fifo<Waiting>): Promise<T> {
    this.#waiting += 1
    this.#submitted += 1
    const place = new Promise<void>((give) => behind.push({ order: this.#submitted, give }))
    // By `then`, so that it starts in the ambient context of its caller and not of the task that ended.
    return place.then(() => this.#start(task, end))
  }

  #end(key: string | undefined, lane: Lane | undefined): void {
    this.#running -= 1
    const next = lane?.waiting?.shift()
    // It has waited longer than some that stand in the line.
    if (next !== undefined) this.#line.insert(next, ({ order }) => order > next.order)
    else if (key !== undefined) this.#lanes.delete(key)
    if (this.#line.length > 0) this.#startNext()
    if (this.#running === 0 && this.#whenIdle !== undefined) {
      this.#whenIdle.resolve()
      this.#whenIdle = undefined
    }
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
