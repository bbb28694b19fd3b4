import { Fifo } from './fifo.js'

interface Waiting {
  readonly order: number
  /** Starts the task, which then settles the promise that its caller has. */
  readonly start: () => void
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
    const hasPlace = this.#running < this.#concurrency
    if (key === undefined) return hasPlace ? this.#start(task, this.#endKeyless) : this.#wait(task, this.#endKeyless, this.#line)
    const busy = this.#lanes.get(key)
    if (busy !== undefined) return this.#wait(task, this.#endOf(key, busy), (busy.waiting ??= new Fifo()))
    const lane: Lane = { waiting: undefined }
    this.#lanes.set(key, lane)
    return hasPlace ? this.#start(task, this.#endOf(key, lane)) : this.#wait(task, this.#endOf(key, lane), this.#line)
  }

  #endOf(key: string, lane: Lane): () => void {
    return () => this.#end(key, lane)
  }

  #start<T>(task: () => Promise<T>, end: () => void): Promise<T> {
    this.#running += 1
    const run = started(task)
    run.then(end, end)
    return run
  }

  #wait<T>(task: () => Promise<T>, end: () => void, behind: Fifo<Waiting>): Promise<T> {
    this.#waiting += 1
    this.#submitted += 1
    return new Promise((resolve) => {
      behind.push({ order: this.#submitted, start: () => resolve(this.#start(task, end)) })
    })
  }

  #end(key: string | undefined, lane: Lane | undefined): void {
    this.#running -= 1
    const next = lane?.waiting?.shift()
    // It has waited longer than some that stand in the line.
    if (next !== undefined) this.#line.insert(next, ({ order }) => order > next.order)
    else if (key !== undefined) this.#lanes.delete(key)
    if (this.#line.length > 0) this.#startNext()
  }

  #startNext(): void {
    while (this.#running < this.#concurrency) {
      const next = this.#line.shift()
      if (next === undefined) return
      this.#waiting -= 1
      next.start()
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
