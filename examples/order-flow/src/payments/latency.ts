const longestMs = 2

/** How long the card gateway takes, from 0 up to 2 ms, drawn from a seed (mulberry32). */
export class Latency {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  nextMs(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), bits | 61)) ^ bits
    return (((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * longestMs
  }
}
