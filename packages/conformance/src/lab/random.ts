/** Chance that the same seed repeats. */
export class Random {
  #state: number

  constructor(seed: number, scope = '') {
    let hash = seed ^ 0x9e3779b9
    for (const character of scope) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x85ebca6b) ^ (hash >>> 13)
    this.#state = hash
  }

  /** From 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  /** From the least to the most, both included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }
  pick<T>(from: readonly T[]): T {
    const picked = from[this.int(0, from.length - 1)]
    if (picked === undefined) throw new RangeError('nothing to pick from')
    return picked
  }
  shuffled<T>(of: readonly T[]): T[] {
    return of
      .map((each) => ({ each, place: this.next() }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ each }) => each)
  }
}
