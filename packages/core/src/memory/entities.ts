import type { Clock, Destination, Endpoint, Topic } from '../contract/index.js'
import { Queue } from './queue.js'
import type { Turns } from './turns.js'

export interface BrokerTopic extends Topic {
  /** The queues that get a copy. */
  readonly subscribers: Set<Queue>
}

/** Where messages of one destination go. */
export interface Route {
  readonly via: 'address' | 'topic'
  readonly queues: Iterable<Queue>
}

export const deadLetterOf = (endpoint: string): string => `${endpoint}${deadLetterSuffix}`
export const isDeadLetter = (name: string): boolean => name.endsWith(deadLetterSuffix)
const deadLetterSuffix = '.dead-letter'

/** What exists on the broker: queues, topics, and which queue gets copies of which topic. */
export class Entities {
  readonly queues = new Map<string, Queue>()
  readonly topics = new Map<string, BrokerTopic>()
  readonly #addresses = new Map<string, Queue>()
  readonly #idle = new Map<Queue, { cancel(): void }>()
  readonly #turns: Turns
  readonly #brokerId: string

  constructor(turns: Turns, brokerId: string) {
    this.#turns = turns
    this.#brokerId = brokerId
  }

  /** The same for every queue of this name, now and after it was gone. */
  addressOf(endpoint: string): string {
    return `memory://${encodeURIComponent(this.#brokerId)}/${encodeURIComponent(endpoint)}`
  }

  route(to: Destination): Route | undefined {
    switch (to.kind) {
      case 'endpoint':
        return direct(this.queues.get(to.name))
      case 'address':
        return direct(this.#addresses.get(to.address))
      case 'topic': {
        const topic = this.topics.get(to.name)
        return topic && { via: 'topic', queues: topic.subscribers }
      }
    }
  }

  declareTopic({ name, ordered }: Topic): BrokerTopic {
    let topic = this.topics.get(name)
    if (topic === undefined) this.topics.set(name, (topic = { name, ordered, subscribers: new Set() }))
    return topic
  }

  /** The queue and its dead-letter queue, as far as they are missing, then the subscriptions. */
  declareEndpoint(endpoint: Endpoint, clock: Clock | undefined): Queue {
    const { name, life } = endpoint
    const queue = this.#declareQueue(name, { ordered: endpoint.ordered !== false, life })
    if (!isDeadLetter(name)) this.#declareQueue(deadLetterOf(name), { ordered: false, life: 'durable' })
    for (const topic of endpoint.topics) this.declareTopic(topic).subscribers.add(queue)
    this.watchIdle(queue, clock)
    return queue
  }

  /** A queue with a limited life disappears when nobody consumes it for so long, from its creation or its last consumer on; its dead-letter queue with it. */
  watchIdle(queue: Queue, clock: Clock | undefined): void {
    this.#idle.get(queue)?.cancel()
    this.#idle.delete(queue)
    if (queue.life === 'durable' || queue.consumers.length > 0 || queue.removed || clock === undefined) return
    this.#idle.set(
      queue,
      clock.after(queue.life.idleMs, () => this.removeQueue(queue)),
    )
  }

  removeQueue(queue: Queue): void {
    if (queue.removed) return
    queue.removed = true
    this.#idle.get(queue)?.cancel()
    this.#idle.delete(queue)
    this.queues.delete(queue.name)
    this.#addresses.delete(queue.address)
    for (const topic of this.topics.values()) topic.subscribers.delete(queue)
    const deadLetter = queue.life === 'durable' ? undefined : this.queues.get(deadLetterOf(queue.name))
    if (deadLetter !== undefined) this.removeQueue(deadLetter)
  }

  /** The topics that a queue is subscribed to. */
  subscriptionsOf(queue: Queue): BrokerTopic[] {
    return [...this.topics.values()].filter(({ subscribers }) => subscribers.has(queue))
  }

  #declareQueue(name: string, form: { readonly ordered: boolean; readonly life: Endpoint['life'] }): Queue {
    const existing = this.queues.get(name)
    if (existing !== undefined) return existing
    const queue = new Queue(this.#turns, { name, address: this.addressOf(name), ...form })
    this.queues.set(name, queue)
    this.#addresses.set(queue.address, queue)
    return queue
  }
}

function direct(queue: Queue | undefined): Route | undefined {
  return queue && { via: 'address', queues: [queue] }
}
