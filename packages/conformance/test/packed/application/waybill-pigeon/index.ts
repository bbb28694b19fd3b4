import type * as Waybill from '@waybill/core/contract'

/** A message as the loft keeps it: everything but its body is JSON, and its place stays its own when it comes back. */
export interface Letter {
  readonly place: number
  readonly native: string
  readonly body: Uint8Array | null
  readonly via: 'address' | 'topic'
}

export class Box {
  readonly topics = new Set<string>()
  /** Each takes one letter, if it may. */
  readonly readers = new Set<() => boolean>()
  readonly letters: Letter[] = []
  unsettled = 0

  put(...letters: readonly Letter[]): void {
    this.letters.push(...letters)
    this.letters.sort((one, other) => one.place - other.place)
    this.share()
  }
  /** One for each in turn. */
  share(): void {
    while ([...this.readers].filter((take) => take() && this.readers.delete(take) && this.readers.add(take)).length > 0);
  }
}

/** The broker: boxes by name, in this process. */
export class Loft {
  readonly boxes = new Map<string, Box>()
  readonly topics = new Set<string>()
  readonly connections = new Set<string>()
  #places = 0

  take(to: Waybill.Destination, letter: Omit<Letter, 'place' | 'via'>): boolean {
    const one = this.boxes.get(to.kind === 'address' ? to.address : to.name)
    const boxes = to.kind === 'topic' ? [...this.boxes.values()].filter(({ topics }) => topics.has(to.name)) : one && [one]
    const via = to.kind === 'topic' ? 'topic' : 'address'
    for (const box of boxes ?? []) box.put({ place: (this.#places += 1), via, ...letter })
    return boxes !== undefined
  }
}

/** The transport. It does not delay, keeps no order and counts no deliveries. */
export function pigeon(loft: Loft): Waybill.TransportSource {
  return { create: () => transport(loft) }
}

function transport(loft: Loft): Waybill.Transport {
  const subscriptions: Waybill.Subscription[] = []
  let host: Waybill.TransportHost | undefined
  return {
    name: 'pigeon',
    capabilities: { privateAddress: true, replies: 'temporary', lockMs: Infinity, unroutable: 'detected', limits: { endpoint: limits, topic: limits } },
    async connect(given) {
      loft.connections.add((host = given).instanceId)
    },
    async provision({ endpoints, topics }, mode) {
      const changes: Waybill.Change[] = []
      const differs = (kind: Waybill.Change['kind'], entity: string) => changes.push({ entity, kind, detail: 'the loft differs' })
      for (const { name } of topics) if (mode !== 'check') loft.topics.add(name)
      for (const { name } of topics) if (!loft.topics.has(name)) differs('missing', `topic ${name}`)
      for (const { name, topics: wanted } of endpoints.flatMap((each) => [each, { name: `${each.name}.dead-letter`, topics: [] }])) {
        if (mode !== 'check' && !loft.boxes.has(name)) loft.boxes.set(name, new Box())
        const { topics: subscribed } = loft.boxes.get(name) ?? {}
        if (subscribed === undefined) differs('missing', `endpoint ${name}`)
        for (const topic of wanted) if (mode !== 'check') subscribed?.add(topic.name)
        for (const topic of wanted) if (subscribed?.has(topic.name) === false) differs('missing', `subscription ${name} to ${topic.name}`)
        for (const old of [...(subscribed ?? [])].filter((each) => !wanted.some((topic) => topic.name === each)))
          if (mode !== 'remove' || !subscribed?.delete(old)) differs('left-over', `subscription ${name} to ${old}`)
      }
      return changes
    },
    async send(messages) {
      const refused = { outcome: 'refused', retryable: false, cause: new Error('Nothing in the loft has this name') } as const
      return messages.flatMap((message, index) => (loft.take(message.destination, written(message)) ? [] : [{ index, ...refused }]))
    },
    async subscribe({ name, life }, onDelivery, { prefetch }) {
      const box = loft.boxes.get(name)
      if (box === undefined) throw Object.assign(new Error(`The loft has no endpoint ${name}`), { retryable: false })
      const remove = () => box.readers.size === 0 && loft.boxes.delete(name)
      const subscription = read(name, box, { onDelivery, prefetch, left: () => life !== 'durable' && host?.clock.after(life.idleMs, remove) })
      subscriptions.push(subscription)
      return subscription
    },
    async close() {
      for (const subscription of subscriptions) await subscription.stop(AbortSignal.abort())
      loft.connections.delete(host?.instanceId ?? '')
    },
  }
}

const limits = { messageBytes: 1_048_576, batchCount: 100, batchBytes: 4_194_304 }

function read(address: string, box: Box, options: { onDelivery: Waybill.OnDelivery; prefetch: number; left: () => void }): Waybill.Subscription {
  const held = new Set<Letter>()
  const lost = new AbortController()
  let { prefetch } = options
  const settled = new Set<() => void>()
  const deliver = async (letter: Letter) => {
    const { place, native, body, via } = letter
    const original = { body: body && new Uint8Array(body), native }
    const facts = { nativeId: String(place), via, deliveryCount: undefined, lost: lost.signal }
    const answer = await options.onDelivery({ envelope: envelopeOf(letter), original, ...facts })
    if (!held.delete(letter)) return
    box.unsettled -= 1
    for (const look of settled) look()
    box.put(...(answer === 'released' ? [letter] : []))
  }
  const take = () => {
    const letter = held.size < prefetch ? box.letters.shift() : undefined
    if (letter === undefined) return false
    held.add(letter)
    box.unsettled += 1
    void deliver(letter)
    return true
  }
  const stop = async (signal: AbortSignal) => {
    prefetch = 0
    signal.addEventListener('abort', () => settled.forEach((look) => look()))
    while (held.size > 0 && !signal.aborted) await new Promise<void>((resolve) => settled.add(resolve))
    if (!box.readers.delete(take)) return
    lost.abort()
    const back = [...held]
    held.clear()
    box.unsettled -= back.length
    box.put(...back)
    options.left()
  }
  box.readers.add(take)
  box.share()
  return { address, stop, limit: async (wanted) => ((prefetch = wanted), box.share()) }
}

/** A copy of an original keeps the form that it came in, with the framework's headers added. */
function written({ envelope: { body, ...facts }, original }: Waybill.Outgoing): Omit<Letter, 'place' | 'via'> {
  const bytes = original === undefined ? body : original.body
  const came = original === undefined ? facts : (JSON.parse(original.native) as typeof facts)
  return { body: bytes && new Uint8Array(bytes), native: JSON.stringify({ ...came, system: { ...came.system, ...facts.system } }) }
}

function envelopeOf({ native, body }: Letter): Waybill.Envelope | undefined {
  const { headers, system, ...facts } = JSON.parse(native) as Omit<Waybill.Envelope, 'body'>
  const kinds = ['command', 'query', 'event', 'reply', 'document']
  if (!facts.id || facts.type === undefined || !facts.source || !facts.time || !kinds.includes(facts.kind) || !Number.isSafeInteger(facts.version))
    return undefined
  const bare = (map: Readonly<Record<string, string>>) => Object.assign(Object.create(null), map) as Record<string, string>
  return { ...facts, headers: bare(headers), system: bare(system), body: body && new Uint8Array(body) }
}
