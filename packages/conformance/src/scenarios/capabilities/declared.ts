import type { Capabilities, Destination, Endpoint, Outgoing, SizeLimits, Transport } from '@waybill/core/contract'
import type { Lab } from '../../lab/lab.js'
import { show } from '../../lab/show.js'
import { ids } from '../messages.js'
import { listening, openedTransport, orders, outgoing, put } from '../opened-transport.js'
import type { Scenario } from '../scenario.js'

const subscribed: Endpoint = { ...orders, topics: [{ name: 'orders.placed', ordered: false }] }
const destinations: readonly Destination[] = [
  { kind: 'endpoint', name: 'orders', ordered: false },
  { kind: 'topic', name: 'orders.placed', ordered: false },
]
const kindOf = ({ kind }: Destination): 'endpoint' | 'topic' => (kind === 'topic' ? 'topic' : 'endpoint')
const send = (lab: Lab, transport: Transport, messages: readonly Outgoing[]) => lab.bounded('the send', transport.send(messages, new AbortController().signal))

const allowed: { readonly [Name in keyof Capabilities]?: readonly unknown[] } = {
  privateAddress: [true, false],
  replies: ['temporary', 'shared', 'none'],
  settlement: ['individual', 'cumulative', 'returned'],
  deliveryCount: ['none', 'crashes', 'all'],
  replay: ['none', 'position', 'time'],
  unroutable: ['detected', 'silent'],
  durability: ['process', 'broker'],
}

export const wellFormed: Scenario = {
  id: 'CAP-13',
  title: 'what a transport declares is of the contract’s words and of numbers that can be, before it is connected and afterwards',
  group: 'CAP',
  tier: 'T1',
  deliveries: 0,
  async run(lab) {
    const transport = await openedTransport(lab, [])
    for (const capabilities of [lab.place.transport().create().capabilities, transport.capabilities]) {
      for (const [name, values] of Object.entries(allowed)) {
        const value = capabilities[name as keyof Capabilities]
        lab.check(`${name} is a word of the contract`).isTrue(value === undefined || values.includes(value), show(value))
      }
      const { lockMs = 30_000, limits, delay, ordering } = capabilities
      lab.check('a lock lasts').isTrue(lockMs > 0, String(lockMs))
      lab.check('order is kept where there is a unit of it').isTrue(ordering?.unit !== 'none' || ordering.scaleOut === 'none', ordering?.scaleOut)
      for (const kind of ['endpoint', 'topic'] as const) {
        const limit = delay?.[kind] ?? 'none'
        lab.check(`a delay to a ${kind} has a length`).isTrue(limit === 'none' || (limit.maxMs > 0 && limit.resolutionMs >= 0), show(limit))
        for (const [name, size] of Object.entries(limits?.[kind] ?? {}))
          lab.check(`${name} of a ${kind}`).isTrue(Number.isSafeInteger(size) && size > 0, String(size))
      }
    }
  },
}

const defaults: SizeLimits = { messageBytes: 65_536, batchCount: 1, batchBytes: 65_536 }
const mostBytes = 64 * 1_048_576
const mostMessages = 1_000

/** The message with a body that fills it up to so many bytes, as its transport counts them. */
function filled(
  transport: Transport,
  { bytes, destination, id }: { readonly bytes: number; readonly destination: Destination; readonly id: string },
): Outgoing {
  const sized = (length: number): Outgoing => outgoing(destination, { id, body: new Uint8Array(Math.max(0, length)).fill(7) })
  const sizeOf = (message: Outgoing): number => transport.sizeOf?.(message) ?? 4_096 + (message.envelope.body?.length ?? 0)
  const overhead = sizeOf(sized(0))
  let length = bytes - overhead
  // Where a byte takes more than one on the wire.
  while (length > 0 && sizeOf(sized(length)) > bytes) length = Math.floor(length * 0.99)
  return sized(length)
}

export const limitsHold: Scenario = {
  id: 'CAP-14',
  title: 'the largest message, the most messages and the most bytes of one request that a transport declares are taken, and arrive whole',
  group: 'CAP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 0,
  async run(lab) {
    const transport = await openedTransport(lab, [subscribed])
    for (const destination of destinations) {
      const { messageBytes, batchCount, batchBytes } = transport.capabilities.limits?.[kindOf(destination)] ?? defaults
      const count = Math.min(batchCount, mostMessages)
      const large = Math.max(1, Math.min(count, Math.floor(Math.min(batchBytes, mostBytes) / Math.min(messageBytes, 1_048_576))))
      const each = Math.floor(Math.min(batchBytes, mostBytes) / large)
      const requests = {
        'the largest': [filled(transport, { bytes: Math.min(messageBytes, mostBytes), destination, id: 'largest' })],
        'the most': ids(count, 'm').map((id) => outgoing(destination, { id })),
        'the most bytes': ids(large, 'b').map((id) => filled(transport, { bytes: Math.min(each, messageBytes), destination, id })),
      }
      for (const [name, messages] of Object.entries(requests)) {
        const { subscription, held } = await listening(lab, transport, { endpoint: subscribed, prefetch: mostMessages })
        lab.check(`${name} to a ${destination.kind}`).empty((await send(lab, transport, messages)).slice(0, 1))
        await lab.until(`${name} to a ${destination.kind} arrive`, () => held.length >= messages.length)
        const sizes = new Map(messages.map(({ envelope }) => [envelope.id, envelope.body?.length]))
        lab
          .check(`${name} to a ${destination.kind} arrive whole`)
          .empty(held.filter(({ id, delivery }) => delivery.envelope?.body?.length !== sizes.get(id)).slice(0, 1))
        for (const { settle } of held) settle('accepted')
        await lab.bounded('the stop', subscription.stop(new AbortController().signal))
      }
    }
  },
}

const headers: Readonly<Record<string, string>> = Object.freeze(
  Object.assign(Object.create(null) as Record<string, string>, { 'x-tag': 'é'.repeat(1_000), long: 'x'.repeat(16_384) }),
)

export const upperBound: Scenario = {
  id: 'CAP-15',
  title: 'the size that a transport tells of a message is one, is no less than its body and headers, and leaves the message as it is',
  group: 'CAP',
  tier: 'T1',
  deliveries: 0,
  async run(lab) {
    const transport = await openedTransport(lab, [])
    const bytes = new TextEncoder().encode(Object.entries(headers).flat().join('')).length
    for (const length of [0, 1_000, 50_000]) {
      const message = outgoing({ kind: 'endpoint', name: 'orders', ordered: false }, { id: 'm1', headers, body: new Uint8Array(length) })
      const before = JSON.stringify(message)
      const sizes = [transport.sizeOf?.(message), transport.sizeOf?.(message)]
      lab.check('it says the same again').equal(sizes[1], sizes[0])
      lab.check('no less than what is in it').atLeast(sizes[0] ?? Number.POSITIVE_INFINITY, length + bytes)
      lab.check('it has changed nothing').equal(JSON.stringify(message), before)
    }
  },
}

export const lockHolds: Scenario = {
  id: 'CAP-16',
  title: 'a delivery is held as long as its transport says that it can be, and is nobody else’s meanwhile',
  group: 'CAP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 0,
  async run(lab) {
    const transport = await openedTransport(lab)
    const [one, two] = [await listening(lab, transport), await listening(lab, transport)]
    await put(lab, 'm1')
    await lab.until('it is delivered', () => one.held.length + two.held.length === 1)
    // Longer than the weakest lock of the contract where more is declared.
    await lab.pass(Math.min(transport.capabilities.lockMs ?? 30_000, 40_000) * 0.9)
    const all = [...one.held, ...two.held]
    lab.check('once').equal(all.length, 1)
    lab.check('it is not lost').equal(all[0]?.delivery.lost.aborted, false)
    lab.check('it is held').equal(await lab.doors.depth('orders'), { ready: 0, unsettled: 1, delayed: 0 })
    all[0]?.settle('accepted')
    await lab.until('its answer counts', async () => (await lab.doors.depth('orders')).unsettled === 0)
  },
}

export const looks: Scenario = {
  id: 'CAP-17',
  title: 'a transport that can look into its broker counts what is there, shows what it is asked for, and takes nothing out',
  group: 'CAP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 0,
  async run(lab) {
    const transport = await openedTransport(lab)
    await put(lab, ...ids(5, 'm'))
    const { inspect } = transport
    const of: Destination = { kind: 'endpoint', name: 'orders', ordered: false }
    const shown: (string | undefined)[] = []
    const look = async (limit: number): Promise<void> => {
      for await (const { envelope } of inspect?.browse(of, { limit, signal: new AbortController().signal }) ?? []) shown.push(envelope?.id)
    }
    if (inspect !== undefined) {
      lab.check('the depth').equal(await lab.bounded('the depth', inspect.depth(of)), { ready: 5, unsettled: 0, delayed: 0 })
      await lab.bounded('the look', look(3))
      lab.check('three of them').equal([shown.length, shown.filter((id) => ids(5, 'm').includes(id ?? '')).length], [3, 3])
    }
    lab.check('all are still there').equal(await lab.doors.depth('orders'), { ready: 5, unsettled: 0, delayed: 0 })
  },
}

export const delayHolds: Scenario = {
  id: 'CAP-18',
  title: 'a delay that a transport declares comes never early, and later by its resolution at most: to an endpoint and to a topic',
  group: 'CAP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 0,
  async run(lab) {
    const transport = await openedTransport(lab, [subscribed])
    const { held } = await listening(lab, transport, { endpoint: subscribed })
    const due = new Map<string, { readonly from: number; readonly to: number }>()
    // Machines take time to run what is due.
    const slack = lab.time === 'virtual' ? 1 : 1_000
    for (const destination of destinations) {
      const limit = transport.capabilities.delay?.[kindOf(destination)] ?? 'none'
      if (limit === 'none') continue
      const longest = lab.time === 'virtual' ? Math.min(limit.maxMs, 30 * 86_400_000) : Math.min(limit.maxMs, 5_000)
      for (const ms of [...new Set([Math.min(70, longest), Math.min(1_500, longest), longest])]) {
        const id = `${destination.kind} ${ms}`
        const from = lab.now() + ms
        due.set(id, { from, to: from + limit.resolutionMs + slack })
        lab.check(`${id} is taken`).empty(await send(lab, transport, [outgoing(destination, { id }, from)]))
      }
    }
    const last = Math.max(lab.now(), ...[...due.values()].map(({ to }) => to))
    await lab.until('all of them come', () => held.length === due.size, last - lab.now() + 10_000)
    for (const { id, at } of held) lab.check(`${id} comes when it is due`).between(at, due.get(id)?.from ?? 0, due.get(id)?.to ?? 0)
    lab.check('each once').sameMembers(
      held.map(({ id }) => id),
      [...due.keys()],
    )
  },
}
