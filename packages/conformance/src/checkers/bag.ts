/** Counts by name: what a set would hide, a second of the same, it keeps. */
export class Bag {
  readonly #counts = new Map<string, number>()

  add(name: string, count = 1): void {
    this.#counts.set(name, this.of(name) + count)
  }
  of(name: string): number {
    return this.#counts.get(name) ?? 0
  }
  get names(): readonly string[] {
    return [...this.#counts.keys()]
  }
  get most(): number {
    return Math.max(0, ...this.#counts.values())
  }
}
