import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, createBus, Event, handle, on, UnrecoverableError, type Middleware } from '../../src/index.js'
import { memory } from '../../src/memory/index.js'
import { altered } from '../support/altered.js'
import { native } from '../support/native.js'
import { Find, gate, Note, Place, Placed, world, type World } from '../support/service.js'

class PlaceOrder extends Command('orders.place', z.object({ id: z.string() }), { reply: z.object({}) }) {}
class CheckStock extends Command('orders.check-stock', z.object({ id: z.string() })) {}
class OrderPlaced extends Event('orders.placed', z.object({ id: z.string() }), { topic: 'orders.life' }) {}
class OrderRejected extends Event('orders.rejected', z.object({ id: z.string(), reason: z.string() }), { topic: 'orders.life' }) {}
class StockChecked extends Event('orders.stock-checked', z.object({ id: z.string() })) {}

const awaits = [OrderPlaced, OrderRejected]
const outcomes = { success: OrderPlaced, failure: OrderRejected } as const

/** Places an order by way of two more messages: the event comes of the third. */
const orders = (w: World) =>
  w.bus({
    name: 'orders',
    handlers: [
      handle(PlaceOrder, async ({ id }, context) => {
        await context.send(new CheckStock({ id }))
        return {}
      }),
      handle(CheckStock, ({ id }, context) => context.publish(new StockChecked({ id }))),
      on(StockChecked, { id: 'place' }, ({ id }, context) =>
        context.publish(id === 'none' ? new OrderRejected({ id, reason: 'no stock' }) : new OrderPlaced({ id })),
      ),
    ],
  })

describe('an event that is requested with a command', () => {
  it('is the first of the named ones that the command causes, through whatever other messages: success or failure', async () => {
    const w = world()
    await orders(w)
    const shop = await w.bus({ awaits })
    const placed = await shop.requestEvent(new PlaceOrder({ id: '1' }), outcomes)
    expect(placed).toEqual({ outcome: 'success', event: new OrderPlaced({ id: '1' }) })
    expect(placed.event).toBeInstanceOf(OrderPlaced)
    const rejected = await shop.requestEvent(new PlaceOrder({ id: 'none' }), outcomes)
    expect(rejected).toEqual({ outcome: 'failure', event: new OrderRejected({ id: 'none', reason: 'no stock' }) })
    expect(shop.health().requests).toBe(0)
  })

  it('is told apart from those of other commands, at the same time and on other instances', async () => {
    const w = world()
    await orders(w)
    const [one, other] = [await w.bus({ awaits }), await w.bus({ awaits })]
    const ids = Array.from({ length: 50 }, (_, index) => String(index))
    const events = await Promise.all(ids.map((id) => (Number(id) % 2 === 0 ? one : other).requestEvent(new PlaceOrder({ id }), outcomes)))
    expect(events.map(({ event }) => event.id)).toEqual(ids)
  })

  it('is told apart inside of a handler too, where several commands share one conversation', async () => {
    const w = world()
    await orders(w)
    const events: string[] = []
    const shop = await w.bus({
      awaits,
      handlers: [
        handle(Note, async (_, context) => {
          const asked = await Promise.all(['1', '2', 'none'].map((id) => context.requestEvent(new PlaceOrder({ id }), outcomes)))
          events.push(...asked.map(({ outcome, event }) => `${outcome} ${event.id}`))
        }),
      ],
    })
    const sends = w.seen('send')
    await shop.send(new Note({ id: 'n' }), { id: 'n1' })
    await w.clock.settle()
    expect(events).toEqual(['success 1', 'success 2', 'failure none'])
    expect(new Set(sends.map(({ outgoing }) => outgoing.envelope.correlationId))).toEqual(new Set(['n1']))
  })

  it('answers who waits around it as well: what is caused by the inner command is caused by the outer one', async () => {
    const w = world()
    await orders(w)
    const inner: string[] = []
    await w.bus({
      name: 'desk',
      awaits,
      routes: { 'shop.*': 'desk' },
      handlers: [
        handle(Note, async ({ id }, context) => {
          inner.push((await context.requestEvent(new PlaceOrder({ id }), { success: OrderPlaced })).event.id)
        }),
      ],
    })
    const shop = await w.bus({ awaits, routes: { 'shop.*': 'desk' } })
    const sends = w.seen('send')
    const { event } = await shop.requestEvent(new Note({ id: '1' }), { success: OrderPlaced })
    await w.clock.settle()
    expect({ id: event.id, inner }).toEqual({ id: '1', inner: ['1'] })
    const [note, place] = sends.map(({ outgoing }) => outgoing.envelope)
    expect(note?.system['awaited-by']).toBe(`shop/${note?.id}`)
    expect(place?.system['awaited-by']).toBe(`shop/${note?.id} desk/${place?.id}`)
  })

  it('is received before its command leaves, at an endpoint that disappears with the instance', async () => {
    const w = world()
    const sends = w.seen('send')
    await orders(w)
    const shop = await w.bus({ awaits })
    const endpoints = () => w.broker.entities().endpoints.filter(({ name }) => name.startsWith('shop.events.') && !name.endsWith('.dead-letter'))
    expect(endpoints()).toEqual([])
    await shop.requestEvent(new PlaceOrder({ id: '1' }), { success: [OrderPlaced, OrderRejected], id: 'größe 1', key: 'k', headers: { a: 'b' } })
    expect(endpoints()).toMatchObject([{ topics: ['orders.life'] }])
    expect(sends[0]?.outgoing.envelope).toMatchObject({
      id: 'größe 1',
      key: 'k',
      headers: { a: 'b' },
      system: { 'awaited-by': 'shop/gr%C3%B6%C3%9Fe%201' },
    })
    // It is sent, not requested: it keeps its retries and does not expire.
    expect(sends[0]?.outgoing.envelope).not.toHaveProperty('replyTo')
    expect(sends[0]?.outgoing.envelope).not.toHaveProperty('expiresAt')
    await shop.stop()
    await w.clock.advance(600_000)
    expect(endpoints()).toEqual([])
  })

  it('has its endpoint receiving before anything leaves, and stopped with the bus', async () => {
    const w = world()
    const sends = w.seen('send')
    await orders(w)
    const receiving = gate()
    let stops = 0
    const transport = altered(w.broker, (inner) => {
      const subscribe = inner.subscribe.bind(inner)
      inner.subscribe = async (...asked) => {
        await receiving.opened
        const subscription = await subscribe(...asked)
        const stop = subscription.stop.bind(subscription)
        subscription.stop = (signal) => ((stops += 1), stop(signal))
        return subscription
      }
    })
    // One that handles nothing subscribes to nothing else.
    const shop = await w.bus({ awaits, transport })
    const requested = shop.requestEvent(new PlaceOrder({ id: '1' }), outcomes)
    await w.clock.settle()
    expect(sends).toEqual([])
    receiving.open()
    await w.clock.settle()
    expect(await requested).toMatchObject({ outcome: 'success' })
    await shop.stop()
    expect(stops).toBeGreaterThanOrEqual(1)
  })

  it('comes from a service that knows nothing of the names: by its conversation, or as a direct effect', async () => {
    const w = world()
    await w.bus({ name: 'orders', handlers: [handle(PlaceOrder, () => ({})), on(OrderPlaced, { id: 'p' }, () => undefined)] })
    const shop = await w.bus({ awaits })
    const publish = (headers: Readonly<Record<string, string>>): void =>
      void w.broker.publish({ topic: 'orders.life' }, { body: '{"id":"x"}', headers: native('orders.placed', { ce_kind: 'event', ...headers }) })
    for (const headers of [{ ce_correlationid: 'c1' }, { ce_causationid: 'c1', ce_correlationid: 'another' }]) {
      const requested = shop.requestEvent(new PlaceOrder({ id: '1' }), { ...outcomes, id: 'c1' })
      await w.clock.settle()
      publish({ ce_correlationid: 'another' })
      await w.clock.settle()
      expect(shop.health().requests).toBe(1)
      publish(headers)
      expect(await requested).toMatchObject({ outcome: 'success', event: { id: 'x' } })
    }
    // Who carries the names on, means them: an equal id of another service is another command.
    const requested = shop.requestEvent(new PlaceOrder({ id: '1' }), { ...outcomes, id: 'c1', timeout: '1s' }).catch((error: unknown) => error)
    await w.clock.settle()
    publish({ ce_correlationid: 'c1', 'waybill-awaited-by': 'legacy/c1' })
    await w.clock.advance(1_000)
    expect(await requested).toMatchObject({ code: 'WAYBILL_EVENT_TIMEOUT' })
  })

  it('ends by its time-out where the command fails without one, and leaves nothing behind', async () => {
    const w = world()
    await w.bus({
      name: 'orders',
      handlers: [
        handle(PlaceOrder, () => {
          throw new UnrecoverableError('no')
        }),
      ],
    })
    const shop = await w.bus({ awaits })
    const requested = shop.requestEvent(new PlaceOrder({ id: '1' }), { ...outcomes, id: 'c1', timeout: '2s' }).catch((error: unknown) => error)
    await w.clock.advance(1_999)
    expect(shop.health().requests).toBe(1)
    await w.clock.advance(1)
    expect(await requested).toMatchObject({
      code: 'WAYBILL_EVENT_TIMEOUT',
      message: expect.stringMatching(/^"orders\.place" c1 has caused none of orders\.placed, orders\.rejected within 2000 ms\..*dead letters/) as unknown,
    })
    expect(shop.health().requests).toBe(0)
    expect(w.deadLetters('orders')).toMatchObject([{ id: 'c1' }])
  })

  it('that comes late is no event of anybody, and neither is one that came while nobody waited', async () => {
    const w = world()
    const slow = gate()
    await w.bus({
      name: 'orders',
      handlers: [handle(PlaceOrder, ({ id }, context) => slow.opened.then(() => context.publish(new OrderPlaced({ id }))).then(() => ({})))],
    })
    const shop = await w.bus({ awaits })
    const late = shop.requestEvent(new PlaceOrder({ id: '1' }), { ...outcomes, timeout: '1s' }).catch((error: unknown) => error)
    await w.clock.advance(1_000)
    expect(await late).toMatchObject({ code: 'WAYBILL_EVENT_TIMEOUT' })
    slow.open()
    expect(await shop.requestEvent(new PlaceOrder({ id: '2' }), outcomes)).toMatchObject({ event: { id: '2' } })
    expect(w.deadLetters('orders')).toEqual([])
  })

  it('ends at once when its caller aborts, when the command is not taken, and when the bus stops', async () => {
    const w = world()
    await w.bus({ name: 'orders', handlers: [handle(PlaceOrder, () => ({}))] })
    const shop = await w.bus({ awaits })
    const nowhere = await w.bus({ name: 'nowhere', awaits, routes: { 'shop.note': 'not-there' } })
    await expect(nowhere.requestEvent(new Note({ id: '1' }), outcomes)).rejects.toMatchObject({ code: 'WAYBILL_SEND' })
    expect(nowhere.health().requests).toBe(0)
    const controller = new AbortController()
    const aborted = shop.requestEvent(new PlaceOrder({ id: '1' }), { ...outcomes, signal: controller.signal }).catch((error: unknown) => error)
    const stopped = shop.requestEvent(new PlaceOrder({ id: '2' }), outcomes).catch((error: unknown) => error)
    await w.clock.settle()
    expect(shop.health().requests).toBe(2)
    controller.abort(new Error('changed my mind'))
    expect(await aborted).toMatchObject({ message: 'changed my mind' })
    await expect(shop.requestEvent(new PlaceOrder({ id: '1' }), { ...outcomes, signal: controller.signal })).rejects.toThrow('changed my mind')
    await shop.stop()
    expect(await stopped).toMatchObject({ code: 'WAYBILL_REQUEST_STOPPED' })
  })

  it('passes the wire steps, and rejects where it cannot be read', async () => {
    const w = world()
    const flip = (body: Uint8Array): Uint8Array => body.map((byte) => byte ^ 0xff)
    const masked: Middleware = {
      name: 'masked',
      outgoing: { wire: (context, next) => ((context.body = flip(context.body)), next(context)) },
      incoming: { wire: (context, next) => ((context.body = flip(context.body)), next(context)) },
    }
    await w.bus({
      name: 'orders',
      middleware: [masked],
      handlers: [handle(PlaceOrder, ({ id }, context) => context.publish(new OrderPlaced({ id })).then(() => ({})))],
    })
    const shop = await w.bus({ awaits, middleware: [masked] })
    expect(await shop.requestEvent(new PlaceOrder({ id: '1' }), outcomes)).toMatchObject({ event: { id: '1' } })
    const unreadable = shop.requestEvent(new PlaceOrder({ id: '1' }), { id: 'c2', success: OrderRejected }).catch((error: unknown) => error)
    await w.clock.settle()
    w.broker.publish({ topic: 'orders.life' }, { body: '{', headers: native('orders.rejected', { ce_kind: 'event', ce_correlationid: 'c2' }) })
    await w.clock.settle()
    expect(await unreadable).toMatchObject({ code: expect.stringMatching(/^WAYBILL_BODY_/) as unknown })
  })

  it('works where the transport has no replies, and the start report says what it costs', async () => {
    const w = world()
    await orders(w)
    const shop = await w.bus({ awaits, transport: memory({ broker: w.broker, capabilities: { replies: 'none' } }) })
    expect(await shop.requestEvent(new PlaceOrder({ id: '1' }), outcomes)).toMatchObject({ outcome: 'success' })
    const { report, awaits: described, text } = await shop.describe()
    expect(report?.rows.filter(({ need }) => need === 'awaited events')).toMatchObject([{ by: 'orders.life', provided: 'native' }])
    expect(described).toEqual(['orders.placed', 'orders.rejected'])
    expect(text).toContain('awaits orders.placed, orders.rejected')
  })

  it.each([
    [{ success: Placed }, 'WAYBILL_NOT_AWAITED', 'does not await "shop.placed". Add it to its options: awaits: [OrderPlaced, OrderRejected, Placed]'],
    [{ success: [] }, 'WAYBILL_SEND_OPTION', '{ success } of requestEvent() cannot be an array of 0'],
    [{}, 'WAYBILL_SEND_OPTION', '{ success } of requestEvent() cannot be undefined'],
    [{ success: Place }, 'WAYBILL_SEND_OPTION', '{ success } of requestEvent() cannot be Place'],
    [{ success: OrderPlaced, failure: [OrderPlaced] }, 'WAYBILL_SEND_OPTION', 'It stands there twice'],
    [{ success: OrderPlaced, timeout: 5 }, 'WAYBILL_SEND_OPTION', '{ timeout } cannot be 5'],
    [{ success: OrderPlaced, delay: '5s' }, 'WAYBILL_SEND_OPTION', 'An option of requestEvent() cannot be "delay"'],
  ])('is refused with %o', async (options, code, text) => {
    const w = world()
    const shop = await w.bus({ awaits })
    await expect(shop.requestEvent(new PlaceOrder({ id: '1' }), options as never)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(text) as unknown,
    })
    await expect(shop.requestEvent(new Find({ id: '1' }) as never, outcomes)).rejects.toMatchObject({ code: 'WAYBILL_NOT_A_MESSAGE' })
    expect(shop.health().requests).toBe(0)
  })

  it('is declared: its topic is provisioned at start, and what is no event is a problem of the options', async () => {
    const w = world()
    await w.bus({ awaits })
    expect(w.broker.entities().topics).toEqual([{ name: 'orders.life', ordered: false }])
    await expect(createBus({ name: 'shop', awaits: [PlaceOrder as never] }).start()).rejects.toThrow('options.awaits[0] is PlaceOrder, which is no event class')
    await expect(createBus({ name: 'shop', awaits: 'orders.placed' as never }).start()).rejects.toThrow('options.awaits')
  })
})

describe('the names of awaited commands', () => {
  it('are carried on by what their handlers send, and through topics, retries and hops; a chain of them does not grow without end', async () => {
    const w = world()
    const seen: string[] = []
    const long = Array.from({ length: 12 }, (_, index) => `shop/${index}`)
    await w.bus({
      name: 'orders',
      awaits,
      handlers: [
        handle(CheckStock, { retry: { immediate: 0, delayed: ['1s'] } }, async ({ id }, context) => {
          if (context.attempt === 1) throw new Error('again')
          await context.send(new PlaceOrder({ id }))
          await context.requestEvent(new PlaceOrder({ id }), { ...outcomes, id: 'inner', timeout: '1s' }).catch(() => undefined)
        }),
        handle(PlaceOrder, () => ({})),
      ],
    })
    const sends = w.seen('send')
    w.broker.publish({ endpoint: 'orders' }, { body: '{"id":"1"}', headers: native('orders.check-stock', { 'waybill-awaited-by': long.join(' ') }) })
    await w.clock.advance(3_000)
    for (const { outgoing } of sends)
      if (outgoing.envelope.type === 'orders.place' && outgoing.envelope.kind === 'command') seen.push(outgoing.envelope.system['awaited-by'] ?? '')
    expect(seen.toSorted()).toEqual([[...long.slice(-7), 'orders/inner'].join(' '), long.slice(-8).join(' ')].toSorted())
  })
})
