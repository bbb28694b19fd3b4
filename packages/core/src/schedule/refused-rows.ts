import type { Clock, ClaimedMessage } from '../contract/index.js'

/** After its time, before it counts as somebody else's: another instance may have it, or have cancelled it. */
const patienceMs = 120_000

/** The rows that the broker has refused here, for as long as they come again. */
export class RefusedRows {
  readonly #clock: Clock
  readonly #rows = new Map<string, { readonly cancelId: string | undefined; readonly untilMs: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get count(): number {
    const now = this.#clock.now()
    for (const [key, { untilMs }] of this.#rows) if (untilMs <= now) this.#rows.delete(key)
    return this.#rows.size
  }

  add({ key, cancelId }: ClaimedMessage, againMs: number): void {
    this.#rows.set(key, { cancelId, untilMs: againMs + patienceMs })
  }

  delete(key: string): void {
    this.#rows.delete(key)
  }

  cancelled(id: string): void {
    for (const [key, { cancelId }] of this.#rows) if (cancelId === id) this.#rows.delete(key)
  }
}
