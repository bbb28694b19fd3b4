import type * as Waybill from '@waybill/core/contract'

/** `shelf://orders` or `{ kind: 'shelf', name: 'orders' }`: buses of this process that name the same shelf share it. */
export function fromConfig(config: URL | object): Waybill.TransportSource {
  const name = config instanceof URL ? config.host : String(Reflect.get(config, 'name'))
  const shelf = shelves.get(name) ?? new Map<string, Queue>()
  shelves.set(name, shelf)
  return { create: () => transport(shelf) }
}

const shelves = new Map<string, Map<string, Queue>>()
let places = 0

/** A message as the shelf keeps it: a copy, whose place stays its own when it comes back. */
interface Item {
  readonly place: number
  readonly native: string
  readonly body: Uint8Array | null
  readonly via: 'address' | 'topic'
}

class Queue {
  readonly topics = new Set<string>()
  readonly readers = new Set<() => void>()
  readonly items: Item[] = []

  put(item: Item) {
    this.items.push(item)
    this.items.sort((one, other) => one.place - other.place)
    for (const pull of this.readers) pull()
  }
}

function transport(shelf: Map<string, Queue>): Waybill.Transport {
  const subscriptions: Waybill.Subscription[] = []
  let host: Waybill.TransportHost | undefined

  const queuesOf = (to: Waybill.Destination): (Queue | undefined)[] => {
    if (to.kind === 'topic') return [...shelf.values()].filter(({ topics }) => topics.has(to.name))
    return [shelf.get(to.kind === 'endpoint' ? to.name : to.address)]
  }

  return {
    name: 'shelf',
    capabilities: { privateAddress: true, replies: 'temporary', lockMs: Infinity, unroutable: 'detected' },
    async connect(given) {
      host = given
    },
    async provision({ endpoints }, mode) {
      const missing = endpoints.flatMap(({ name }) => [name, `${name}.dead-letter`]).filter((name) => !shelf.has(name))
      if (mode === 'check') return missing.map((entity) => ({ entity, kind: 'missing', detail: 'no queue has this name' }))
      for (const name of missing) shelf.set(name, new Queue())
      for (const { name, topics } of endpoints) for (const topic of topics) shelf.get(name)?.topics.add(topic.name)
      return []
    },
    async send(messages) {
      return messages.flatMap((message, index) => {
        const via = message.destination.kind === 'topic' ? 'topic' : 'address'
        const queues = queuesOf(message.destination)
        if (queues.includes(undefined)) return [{ index, outcome: 'refused', retryable: false, cause: new Error('Nothing on the shelf has this name') }]
        for (const queue of queues) queue?.put({ place: (places += 1), via, ...written(message) })
        return []
      })
    },
    async subscribe({ name, life }, onDelivery, { prefetch }) {
      const queue = shelf.get(name)
      if (queue === undefined) throw Object.assign(new Error(`The shelf has no endpoint ${name}`), { retryable: false })
      const remove = () => queue.readers.size === 0 && shelf.delete(name)
      const subscription = read(name, queue, { onDelivery, prefetch, left: () => life !== 'durable' && host?.clock.after(life.idleMs, remove) })
      subscriptions.push(subscription)
      return subscription
    },
    async close() {
      for (const subscription of subscriptions) await subscription.stop(AbortSignal.abort())
    },
  }
}

function read(address: string, queue: Queue, options: { onDelivery: Waybill.OnDelivery; prefetch: number; left: () => void }): Waybill.Subscription {
  const held = new Set<Item>()
  const lost = new AbortController()
  let { prefetch } = options
  let settled = () => {}

  const deliver = async (item: Item) => {
    held.add(item)
    const { place, native, body, via } = item
    const envelope: Waybill.Envelope = { ...JSON.parse(native), body: body && new Uint8Array(body) }
    const delivery = { envelope, original: { body, native }, nativeId: String(place), via, deliveryCount: undefined, lost: lost.signal }
    const answer = await options.onDelivery(delivery)
    if (held.delete(item) && answer === 'released') queue.put(item)
    settled()
    pull()
  }
  const pull = () => {
    while (held.size < prefetch && queue.items.length > 0) void deliver(queue.items.shift() as Item)
  }
  queue.readers.add(pull)
  pull()

  return {
    address,
    async limit(wanted) {
      prefetch = wanted
      pull()
    },
    async stop(signal) {
      prefetch = 0
      signal.addEventListener('abort', () => settled())
      while (held.size > 0 && !signal.aborted) await new Promise<void>((resolve) => (settled = resolve))
      if (!queue.readers.delete(pull)) return
      lost.abort()
      for (const item of held) queue.put(item)
      held.clear()
      options.left()
    },
  }
}

/** A copy of an original keeps the form that it came in, with the framework's headers added. */
function written({ envelope: { body, ...facts }, original = { body, native: JSON.stringify(facts) } }: Waybill.Outgoing) {
  const came = JSON.parse(original.native) as typeof facts
  return { body: original.body && new Uint8Array(original.body), native: JSON.stringify({ ...came, system: { ...came.system, ...facts.system } }) }
}
