/** Counts what handlers handle. One per candidate, so that none counts the work of another. */
export class Counter {
  handled = 0

  /** How much more is handled when the work has ended. */
  async during(work: () => Promise<void>): Promise<number> {
    const before = this.handled
    await work()
    return this.handled - before
  }
}
