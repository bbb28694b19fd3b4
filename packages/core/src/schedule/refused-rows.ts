import type { Clock, ClaimedMessage } from '../contract/index.js'

/** The rows that the broker has refused here, for as long as they come again. */
export class RefusedRows {
  readonly #clock: Clock
  readonly #patienceMs: number
  readonly #rows = new Map<string, { readonly cancelId: string | undefined; readonly untilMs: number }>()

  /** `patienceMs`: after its time, until it counts as somebody else's. Another instance may have it, or have cancelled it. */
  constructor(clock: Clock, patienceMs: number) {
    this.#clock = clock
    this.#patienceMs = patienceMs
  }

  get count(): number {
    const now = this.#clock.now()
    for (const [key, { untilMs }] of this.#rows) if (untilMs <= now) this.#rows.delete(key)
    return this.#rows.size
  }

  add({ key, cancelId }: ClaimedMessage, againMs: number): void {
    this.#rows.set(key, { cancelId, untilMs: againMs + this.#patienceMs })
  }

  delete(key: string): void {
    this.#rows.delete(key)
  }

  cancelled(id: string): void {
    for (const [key, { cancelId }] of this.#rows) if (cancelId === id) this.#rows.delete(key)
  }
}
