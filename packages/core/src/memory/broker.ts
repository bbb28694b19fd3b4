import type { Clock } from '../contract/index.js'
import { ByteSlab } from './byte-slab.js'
import type { Consumer } from './consumer.js'
import { CopyIds } from './copy-ids.js'
import { DueTimes } from './due-times.js'
import { Entities, type Route } from './entities.js'
import { Faults } from './faults.js'
import { Link, type LinkEnd } from './link.js'
import type { Queue } from './queue.js'
import { Stored, type NativeMessage } from './stored.js'
import { Turns } from './turns.js'

/** A message as it reaches the broker. */
export interface Incoming {
  readonly body: Uint8Array | null
  readonly headers: readonly string[]
  readonly key: string | undefined
  readonly copyId?: string
  readonly notBefore?: number | undefined
}

export interface BrokerOptions {
  readonly name: string
  /** In its addresses: unique in the process. */
  readonly id: string
  readonly clock?: Clock | undefined
  readonly deduplicateMs?: number | undefined
}

interface Delayed {
  readonly queue: Queue
  readonly stored: Stored
}

/** The server in this process: what a broker of its own would do behind a socket. */
export class Broker {
  readonly name: string
  readonly entities: Entities
  readonly faults = new Faults()
  readonly links = new Set<Link>()
  readonly #copyIds: CopyIds | undefined
  readonly #bodies = new ByteSlab()
  readonly #due = new DueTimes<Delayed>((delayed) => this.#fallDue(delayed))
  readonly #ownClock: boolean
  #clock: Clock | undefined
  #nativeId = 0

  constructor({ name, id, clock, deduplicateMs }: BrokerOptions) {
    this.name = name
    this.entities = new Entities(new Turns(), id)
    this.#copyIds = deduplicateMs === undefined ? undefined : new CopyIds(deduplicateMs)
    this.#ownClock = clock !== undefined
    if (clock !== undefined) this.#useClock(clock)
  }

  get clock(): Clock | undefined {
    return this.#clock
  }

  get delayed(): readonly Delayed[] {
    return this.#due.list()
  }

  /** Takes responsibility for a copy of the message; returns its id on this broker. */
  take(route: Route, { body, headers, key, copyId, notBefore }: Incoming): string {
    if (copyId !== undefined && this.#copyIds?.seen(copyId, this.#now()) === true) return ''
    this.#nativeId += 1
    const message: NativeMessage = { nativeId: String(this.#nativeId), body: body === null ? null : this.#bodies.copy(body), headers, key }
    const waits = notBefore !== undefined && notBefore > this.#now()
    for (const queue of route.queues) {
      const stored = new Stored(message, route.via)
      if (!waits) {
        queue.enqueue(stored)
        continue
      }
      queue.delayed += 1
      this.#due.add({ queue, stored }, notBefore)
    }
    return message.nativeId
  }

  /** The clock is that of the broker's creator, or of the first who connects while nobody else is. */
  connect(instanceId: string, { clock, onLost }: { readonly clock: Clock; readonly onLost: (cause: unknown) => void }): Link {
    const refusal = this.faults.ofConnection(instanceId)
    if (refusal !== undefined) throw refusal
    if (!this.#ownClock && this.links.size === 0 && clock !== this.#clock) this.#useClock(clock)
    const link = new Link(instanceId, onLost)
    this.links.add(link)
    return link
  }

  /** Everything that the connection holds goes back, counted unless the bus itself closed it. */
  disconnect(link: Link, { how, cause }: { readonly how: LinkEnd; readonly cause?: unknown }): void {
    if (!this.links.delete(link)) return
    for (const consumer of [...link.consumers.keys()]) this.cancel(link, { consumer, how })
    if (how !== 'crashed') link.ended.abort(cause)
    if (how === 'lost') link.onLost(cause)
  }

  consume(link: Link, { queue, consumer }: { readonly queue: Queue; readonly consumer: Consumer }): void {
    link.consumers.set(consumer, queue)
    queue.attach(consumer)
    this.entities.watchIdle(queue, this.#clock)
  }

  cancel(link: Link, { consumer, how }: { readonly consumer: Consumer; readonly how: LinkEnd }): void {
    const queue = link.consumers.get(consumer)
    if (queue === undefined) return
    link.consumers.delete(consumer)
    const held = consumer.held.size > 0
    queue.detach(consumer, { counted: how !== 'closed' })
    this.entities.watchIdle(queue, this.#clock)
    // After the return: who hears of it may find the message where it belongs. A dead process hears nothing.
    if (how === 'lost' || (how === 'closed' && held)) consumer.lost.abort()
  }

  /** Its messages are gone, and whoever consumed it loses the connection, as on a server that cancels consumers. */
  remove(queue: Queue, cause: unknown): void {
    this.entities.removeQueue(queue)
    for (const link of [...this.links]) if ([...link.consumers.values()].includes(queue)) this.disconnect(link, { how: 'lost', cause })
  }

  #fallDue({ queue, stored }: Delayed): void {
    queue.delayed -= 1
    queue.enqueue(stored)
  }

  #useClock(clock: Clock): void {
    this.#clock = clock
    this.#due.use(clock)
  }

  #now(): number {
    return this.#clock === undefined ? Date.now() : this.#clock.now()
  }
}
