import type { Depth, Disposition, Endpoint } from '../contract/index.js'
import type { Backlog } from './backlog.js'
import type { Consumer } from './consumer.js'
import { OrderedBacklog } from './ordered-backlog.js'
import type { Stored } from './stored.js'
import type { Dispatches, Turns } from './turns.js'
import { UnorderedBacklog } from './unordered-backlog.js'

export type QueueLife = Endpoint['life']

/** What an endpoint is on the broker: what waits for it, and who takes it. */
export class Queue implements Dispatches {
  readonly name: string
  readonly address: string
  readonly ordered: boolean
  readonly life: QueueLife
  readonly consumers: Consumer[] = []
  removed = false
  /** Wait for their time; they have no place in the queue yet. */
  delayed = 0
  readonly #backlog: Backlog
  readonly #turns: Turns
  #position = 0
  #cursor = 0
  #asked = false

  constructor(
    turns: Turns,
    { name, address, ordered, life }: { readonly name: string; readonly address: string; readonly ordered: boolean; readonly life: QueueLife },
  ) {
    this.name = name
    this.address = address
    this.ordered = ordered
    this.life = life
    this.#turns = turns
    this.#backlog = ordered ? new OrderedBacklog() : new UnorderedBacklog()
  }

  get depth(): Depth {
    let unsettled = 0
    for (const consumer of this.consumers) unsettled += consumer.held.size
    return { ready: this.#backlog.size, unsettled, delayed: this.delayed }
  }

  get ready(): Iterable<Stored> {
    return this.#backlog
  }

  enqueue(stored: Stored): void {
    this.#position += 1
    stored.position = this.#position
    this.#backlog.add(stored)
    this.#ask()
  }

  attach(consumer: Consumer): void {
    this.consumers.push(consumer)
    this.#ask()
  }

  /** What the consumer holds goes back, in order. Its later settlements find nothing. */
  detach(consumer: Consumer, { counted }: { readonly counted: boolean }): void {
    const index = this.consumers.indexOf(consumer)
    if (index === -1) return
    this.consumers.splice(index, 1)
    if (this.#cursor > index) this.#cursor -= 1
    // The youngest first: each then finds its place at the front.
    const held = [...consumer.held].toSorted((a, b) => b.position - a.position)
    consumer.held.clear()
    for (const stored of held) {
      if (counted || consumer.countsReleases) stored.returns += 1
      this.#backlog.restore(stored)
    }
    this.#ask()
  }

  limit(consumer: Consumer, prefetch: number): void {
    consumer.prefetch = prefetch
    this.#ask()
  }

  /** False: too late, this consumer does not hold the message any more. */
  settle(consumer: Consumer, stored: Stored, disposition: Disposition): boolean {
    if (!consumer.held.delete(stored)) return false
    switch (disposition) {
      case 'accepted':
        this.#backlog.settled(stored)
        break
      case 'released':
        if (consumer.countsReleases) stored.returns += 1
        this.#backlog.restore(stored)
        break
    }
    this.#ask()
    return true
  }

  /** Takes the next without a consumer and settles it: for the broker's side door. */
  take(by: Consumer): Stored | undefined {
    const stored = this.#backlog.take(by)
    if (stored !== undefined) this.#backlog.settled(stored)
    return stored
  }

  dispatch(limit: number): number {
    this.#asked = false
    let delivered = 0
    while (delivered < limit && this.#deliverNext()) delivered += 1
    if (delivered === limit) this.#ask()
    return delivered
  }

  /** Consumers take turns: the first after the last one served that has room and may have something. */
  #deliverNext(): boolean {
    for (let tried = 0; tried < this.consumers.length && this.#backlog.size > 0; tried += 1) {
      if (this.#cursor >= this.consumers.length) this.#cursor = 0
      const consumer = this.consumers[this.#cursor]
      this.#cursor += 1
      if (consumer === undefined || !consumer.hasRoom) continue
      const stored = this.#backlog.take(consumer)
      if (stored === undefined) continue
      consumer.held.add(stored)
      consumer.receiver.receive(consumer, stored)
      return true
    }
    return false
  }

  #ask(): void {
    if (this.#asked || this.#backlog.size === 0 || this.consumers.length === 0) return
    this.#asked = true
    this.#turns.ask(this)
  }
}
