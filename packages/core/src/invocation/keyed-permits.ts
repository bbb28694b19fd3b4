/** Somebody in the line of a key. */
export interface Queued {
  /** It is its turn: the permit is its own. */
  readonly call: () => void
}

interface Line {
  running: number
  readonly waiting: Set<Queued>
}

/** At most `limit` at once per key; who comes when all are taken has his turn in the order of coming. A key exists only while somebody runs or waits. */
export class KeyedPermits {
  readonly #limit: number
  readonly #lines = new Map<string, Line>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** How many keys have somebody who runs or waits. */
  get keys(): number {
    return this.#lines.size
  }

  /** A permit now, if there is one and nobody waits for it. */
  take(key: string): boolean {
    const line = this.#lines.get(key)
    if (line === undefined) this.#lines.set(key, { running: 1, waiting: new Set() })
    else if (line.running < this.#limit) line.running += 1
    else return false
    return true
  }

  /** The line of a key, after `take` has refused: who is deleted from it waits no longer. */
  lineOf(key: string): Set<Queued> {
    const line = this.#lines.get(key)
    if (line === undefined) throw new RangeError(`nobody runs under ${JSON.stringify(key)}`)
    return line.waiting
  }

  /** Gives back a permit: to who has waited longest, or to nobody. */
  release(key: string): void {
    const line = this.#lines.get(key)
    if (line === undefined) return
    for (const first of line.waiting) {
      line.waiting.delete(first)
      first.call()
      return
    }
    line.running -= 1
    if (line.running === 0) this.#lines.delete(key)
  }
}
