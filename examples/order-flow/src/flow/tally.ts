import { injectable } from 'inversify'

/** What has become of the orders. Messages may come twice, an order counts once. */
@injectable()
export class Tally {
  readonly #sentAt = new Map<string, number>()
  readonly #shippedAfterMs = new Map<string, number>()
  readonly #deadLettered = new Set<string>()
  readonly #open = new Map<string, PromiseWithResolvers<void>>()

  /** An order is about to leave. Resolves when it is shipped or dead-lettered; rejects when it is given up. */
  sending(orderId: string): Promise<void> {
    const ended = Promise.withResolvers<void>()
    this.#sentAt.set(orderId, performance.now())
    this.#open.set(orderId, ended)
    return ended.promise
  }

  shipped(orderId: string): void {
    const sentAt = this.#sentAt.get(orderId)
    if (sentAt === undefined || this.#shippedAfterMs.has(orderId)) return
    this.#shippedAfterMs.set(orderId, performance.now() - sentAt)
    this.#end(orderId)
  }

  deadLettered(orderId: string): void {
    if (!this.#sentAt.has(orderId)) return
    this.#deadLettered.add(orderId)
    this.#end(orderId)
  }

  /** Ends the wait for all orders that are open. They stay open. */
  giveUp(reason: Error): void {
    for (const ended of this.#open.values()) ended.reject(reason)
  }

  hasShipped(orderId: string): boolean {
    return this.#shippedAfterMs.has(orderId)
  }

  get sentCount(): number {
    return this.#sentAt.size
  }

  get shippedCount(): number {
    return this.#shippedAfterMs.size
  }

  get deadLetteredCount(): number {
    return this.#deadLettered.size
  }

  /** Orders that are neither shipped nor dead-lettered. */
  get open(): readonly string[] {
    return [...this.#open.keys()]
  }

  /** From the command to the shipped order. */
  get latenciesMs(): readonly number[] {
    return [...this.#shippedAfterMs.values()]
  }

  #end(orderId: string): void {
    this.#open.get(orderId)?.resolve()
    this.#open.delete(orderId)
  }
}
