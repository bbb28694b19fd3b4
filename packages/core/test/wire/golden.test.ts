import { describe, expect, it } from 'vitest'
import { handle, on, type FunctionHandler, type MessageContext } from '../../src/index.js'
import { memory } from '../../src/memory/index.js'
import { fakeHost, unaborted } from '../memory-harness.js'
import { GetOrder, Label, OrderPlaced, PlaceOrder, Scan, ShipOrder } from './messages.js'
import { scenarios, type Scenario } from './scenarios.js'
import { stage } from './stage.js'
import { bytesOf, envelopeOf, readVector, textOf, textOfFile, vectorNames, vectorOf, writeVector } from './vector.js'

// `UPDATE_VECTORS=1` writes the files anew. A change in one of them is a change of the wire: services in other versions and languages read it.
const update = process.env['UPDATE_VECTORS'] === '1'

describe('the wire', () => {
  it.each(scenarios)('writes $name as its file says, byte for byte', async ({ name, about, run }) => {
    const { outgoing, raw } = await run(await stage())
    const vector = vectorOf(about, outgoing, raw)
    if (update) writeVector(name, vector)
    expect(textOf(vector)).toBe(textOfFile(name))
  })

  it('has a file for each scenario, and no other', () => {
    expect(vectorNames().toSorted()).toEqual(scenarios.map(({ name }) => name).toSorted())
    expect(scenarios.length).toBeGreaterThanOrEqual(12)
  })

  it.each(scenarios)('reads the envelope of $name from its headers', ({ name }) => {
    const vector = readVector(name)
    const read = envelopeOf(vector)
    const plain = read && { ...read, headers: { ...read.headers }, system: { ...read.system } }
    // The one without an envelope: what core made for its dead letter is not on the wire.
    expect(plain).toEqual(name === 'dead-letter-unmappable' ? undefined : { ...vector.envelope, body: bytesOf(vector) })
  })
})

const of = (...names: readonly string[]): readonly Scenario[] => scenarios.filter(({ name }) => names.includes(name))

const commands = of('command', 'command-with-expiry', 'command-with-delay', 'command-with-headers', 'retry-copy-with-unknown-headers')
const readable = [
  ...commands.map(({ name }) => ({ name, type: PlaceOrder, data: { orderId: 'o-1', lines: [{ sku: 'tea', quantity: 2 }] } })),
  { name: 'command-with-key', type: ShipOrder, data: { orderId: 'o-1', country: 'DE' } },
  { name: 'command-with-unicode', type: PlaceOrder, data: { orderId: 'größe 🍵', lines: [{ sku: '\u2028\u0000"\\', quantity: 1 }] } },
  { name: 'query', type: GetOrder, data: { orderId: 'o-1' } },
  { name: 'event', type: OrderPlaced, data: { orderId: 'o-1' } },
  { name: 'event-from-handler', type: OrderPlaced, data: { orderId: 'o-1' } },
  { name: 'document-text', type: Label, data: { body: new TextEncoder().encode('Tee für Zoë\r\n') } },
  { name: 'document-binary', type: Scan, data: { body: Uint8Array.from({ length: 256 }, (_, byte) => byte) } },
  { name: 'retry-copy', type: OrderPlaced, data: { orderId: 'o-1' } },
  { name: 'dead-letter', type: PlaceOrder, data: { orderId: 'o-1', lines: [{ sku: 'tea', quantity: 2 }] } },
]

describe('the file of', () => {
  it.each(readable)('$name is read back into its message, with all that the envelope says', async ({ name, type, data }) => {
    const { broker, clock, bus } = await stage()
    const vector = readVector(name)
    const seen: { readonly message: object; readonly context: MessageContext }[] = []
    const keep = (message: object, context: MessageContext): never => void seen.push({ message, context }) as never
    const handlers: FunctionHandler[] = [
      handle(PlaceOrder, keep),
      handle(ShipOrder, keep),
      handle(GetOrder, (message, context) => (keep(message, context), { state: 'placed' })),
      handle(Label, keep),
      handle(Scan, keep),
      on(OrderPlaced, { id: 'orders.billing' }, keep),
      on(OrderPlaced, { id: 'orders.mail' }, (_, context) => void (context.handler === vector.envelope.system['target-handler'] && keep(_, context))),
    ]
    await bus({ name: 'orders', handlers })
    broker.publish(vector.destination.kind === 'topic' ? { topic: vector.destination.name } : { endpoint: 'orders' }, {
      body: bytesOf(vector),
      headers: vector.headers,
    })
    await clock.settle()
    expect(broker.deadLetters()).toEqual([])
    expect(seen).toHaveLength(1)
    const { message, context } = seen[0] ?? {}
    expect(message).toBeInstanceOf(type)
    expect({ ...message }).toEqual(data)
    const { id, source, time, correlationId, causationId, key, headers } = vector.envelope
    expect(context).toMatchObject({ id, type: vector.envelope.type, source, time, correlationId, causationId, key })
    expect({ ...context?.headers }).toEqual(headers)
    expect(context?.attempt).toBe(1 + Number(vector.envelope.system['attempt'] ?? 0))
  })

  it.each([
    { name: 'reply', outcome: { status: 'fulfilled', value: { total: 42 } } },
    {
      name: 'reply-with-fault',
      outcome: {
        status: 'rejected',
        reason: expect.objectContaining({
          code: 'WAYBILL_REMOTE',
          remoteCode: 'NO_STOCK',
          remoteName: 'NoStockError',
          remoteMessage: 'no stock',
          handler: 'orders.place-order',
        }) as unknown,
      },
    },
  ])('$name settles the request that it answers', async ({ name, outcome }) => {
    const { broker, clock, bus } = await stage()
    const vector = readVector(name)
    const shop = await bus({})
    const reply = shop.request(new PlaceOrder({ orderId: 'o-1', lines: [] }), { id: vector.envelope.causationId ?? '' })
    await clock.settle()
    const address = broker.read('orders')?.headers['ce_replyto'] ?? ''
    const transport = memory({ broker }).create()
    await transport.connect(fakeHost(clock, 'answering').host)
    const { copyId, envelope } = vector
    expect(await transport.send([{ destination: { kind: 'address', address }, copyId, envelope: { ...envelope, body: bytesOf(vector) } }], unaborted)).toEqual(
      [],
    )
    const [settled] = await Promise.allSettled([reply])
    expect(settled).toEqual(outcome)
    await transport.close()
  })

  it('command-in-hops is sent on until it is due', async () => {
    const { broker, clock, bus } = await stage()
    const vector = readVector('command-in-hops')
    const handledAt: number[] = []
    await bus({
      name: 'orders',
      capabilities: { delay: { maxMs: 240_000, resolutionMs: 1 } },
      handlers: [handle(PlaceOrder, () => (handledAt.push(clock.now()), { total: 1 }))],
    })
    broker.publish({ endpoint: 'orders' }, { body: bytesOf(vector), headers: vector.headers })
    await clock.advance(3_600_000)
    expect(handledAt).toEqual([Number(vector.envelope.system['deliver-at'])])
  })
})

describe('what this version does not know', () => {
  it('passes through a retry copy and a dead letter untouched', async () => {
    const { broker, clock, bus } = await stage()
    const { headers, ...vector } = readVector('command')
    const unknown = {
      'waybill-future-thing': 'kept',
      'waybill-': 'no name',
      ce_unknownextension: 'kept',
      traceparent: 'kept',
      'X-Légacy': 'ja',
      '': 'no name at all',
    }
    await bus({ name: 'orders', handlers: [handle(PlaceOrder, { retry: { immediate: 0, delayed: ['10s'] } }, () => Promise.reject(new Error('no')))] })
    broker.publish({ endpoint: 'orders' }, { body: bytesOf({ ...vector, headers }), headers: { ...headers, ...unknown } })
    await clock.settle()
    expect(broker.browse('orders').map((raw) => raw.headers)).toEqual([
      expect.objectContaining({ ...headers, ...unknown, 'waybill-target-handler': 'orders.place-order', 'waybill-attempt': '1' }),
    ])
    await clock.advance(10_000)
    expect(broker.deadLetters('orders').map((raw) => raw.headers)).toEqual([
      expect.objectContaining({ ...headers, ...unknown, 'waybill-dead-letter-attempts': '2' }),
    ])
  })
})
