/** The ids of copies that were taken within a window, as a broker with native deduplication keeps them. */
export class CopyIds {
  readonly #windowMs: number
  /** When each is forgotten. Two maps that take turns: a whole one is dropped at once. */
  #recent = new Map<string, number>()
  #older = new Map<string, number>()
  #since = -Infinity

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  /** Whether this copy was taken within the window; remembers it when not. */
  seen(copyId: string, now: number): boolean {
    if (now - this.#since >= this.#windowMs) {
      this.#older = this.#recent
      this.#recent = new Map()
      this.#since = now
    }
    const end = this.#recent.get(copyId) ?? this.#older.get(copyId) ?? -Infinity
    if (end > now) return true
    this.#recent.set(copyId, now + this.#windowMs)
    return false
  }
}
