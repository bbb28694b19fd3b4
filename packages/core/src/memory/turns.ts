import { AsyncLocalStorage } from 'node:async_hooks'

/** Something that has messages to hand out. */
export interface Dispatches {
  /** Hands out at most `limit`; returns how many it did. Asks for another turn itself when it stopped at the limit. */
  dispatch(limit: number): number
}

/** A chain of handlers that send to each other never leaves the microtasks: after so many deliveries timers and sockets get their chance. */
const deliveriesPerTurn = 10_000

/** Deliveries begin outside of every sender, as they would when they came from a socket: a handler must not run in the ambient context of whoever sent the message. */
const outside = AsyncLocalStorage.snapshot()

/** When queues hand out: after the current call has returned, all queues that asked together, without a timer. */
export class Turns {
  #asking: Dispatches[] = []
  #planned = false
  #delivered = 0

  ask(queue: Dispatches): void {
    this.#asking.push(queue)
    if (!this.#planned) this.#plan()
  }

  #plan(): void {
    this.#planned = true
    if (this.#delivered < deliveriesPerTurn) queueMicrotask(this.#run)
    else setImmediate(this.#run)
  }

  readonly #run = (): void => outside(this.#dispatchAll)

  readonly #dispatchAll = (): void => {
    if (this.#delivered >= deliveriesPerTurn) this.#delivered = 0
    const asking = this.#asking
    this.#asking = []
    for (const queue of asking) this.#delivered += queue.dispatch(Math.max(1, deliveriesPerTurn - this.#delivered))
    if (this.#asking.length > 0) this.#plan()
    else this.#planned = false
  }
}
