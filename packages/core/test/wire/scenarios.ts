import { handle, on, UnrecoverableError } from '../../src/index.js'
import { native } from '../support/native.js'
import { GetOrder, Label, OrderPlaced, PlaceOrder, Scan, ShipOrder } from './messages.js'
import type { Stage, Taken } from './stage.js'

export interface Scenario {
  /** Of the file. */
  readonly name: string
  readonly about: string
  run(stage: Stage): Promise<Taken>
}

const id = '019b76da-a800-7000-8000-000000000001'
const order = { orderId: 'o-1', lines: [{ sku: 'tea', quantity: 2 }] }
const placeOrder = (): PlaceOrder => new PlaceOrder(order)
/** A command that another service sent. */
const foreign = (changes: Readonly<Record<string, string>> = {}): Record<string, string> =>
  native('orders.place-order', { ce_id: id, ce_source: 'legacy', ...changes })
const noStock = (): Error => Object.assign(new Error('no stock'), { name: 'NoStockError', code: 'NO_STOCK' })

const sending = (about: string, name: string, send: (bus: Awaited<ReturnType<Stage['bus']>>) => Promise<unknown>, from = 'orders'): Scenario => ({
  name,
  about,
  async run(stage) {
    await send(await stage.bus({ sends: [OrderPlaced] }))
    return stage.newest(from)
  },
})

/** What the endpoint `orders` makes of a delivery that comes by the side door. */
const handling = (
  about: string,
  name: string,
  { headers, body = JSON.stringify(order), to }: { readonly headers: Record<string, string>; readonly body?: string | Uint8Array; readonly to: string },
  fail?: () => Error,
): Scenario => ({
  name,
  about,
  async run(stage) {
    const place = handle(PlaceOrder, { retry: { immediate: 0, delayed: ['10s'] } }, async (_, context) => {
      if (fail !== undefined) throw fail()
      await context.publish(new OrderPlaced({ orderId: 'o-1' }))
      return { total: 42 }
    })
    await stage.bus({ name: 'orders', handlers: [place] })
    stage.broker.publish({ endpoint: 'orders' }, { body, headers: headers['ce_replyto'] === '' ? { ...headers, ce_replyto: stage.callerAddress } : headers })
    await stage.clock.settle()
    return stage.newest(to)
  },
})

export const scenarios: readonly Scenario[] = [
  sending('A command, sent outside of a handler: its correlation is its own id.', 'command', (bus) => bus.send(placeOrder(), { id })),
  sending('A command with an ordering key, of the third version of its schema.', 'command-with-key', (bus) =>
    bus.send(new ShipOrder({ orderId: 'o-1', country: 'DE' }), { id }),
  ),
  sending('A command that expires: epoch milliseconds by the clock of the sender.', 'command-with-expiry', (bus) =>
    bus.send(placeOrder(), { id, expiresIn: '90s' }),
  ),
  sending('A command that the broker delays: nothing of it is on the wire, the transport is told by `notBefore`.', 'command-with-delay', (bus) =>
    bus.send(placeOrder(), { id, delay: '10m' }),
  ),
  {
    name: 'command-in-hops',
    about: 'A command whose delay is longer than the broker can: it travels in hops, and `deliver-at` says when it is due.',
    async run(stage) {
      const bus = await stage.bus({ capabilities: { delay: { maxMs: 60_000, resolutionMs: 1 } } })
      await bus.send(placeOrder(), { id, delay: '10m' })
      return stage.newest('orders')
    },
  },
  sending(
    'A command with headers of the user: names in any case and alphabet, one that begins like our escape, an empty value.',
    'command-with-headers',
    (bus) =>
      bus.send(placeOrder(), {
        id,
        headers: { 'x-tenant': 'acme', 'X-Übung': 'grün 🍵 \u2028', 'user:name': 'escaped', constructor: 'a name like any other', empty: '' },
      }),
  ),
  sending('Unicode in the body, outside of the basic plane too.', 'command-with-unicode', (bus) =>
    bus.send(new PlaceOrder({ orderId: 'größe 🍵', lines: [{ sku: '\u2028\u0000"\\', quantity: 1 }] }), { id }),
  ),
  {
    name: 'query',
    about: 'A query: where the reply goes, and until when somebody waits.',
    async run(stage) {
      const bus = await stage.bus({})
      bus.request(new GetOrder({ orderId: 'o-1' }), { id, timeout: '30s' }).catch(() => undefined)
      await stage.clock.settle()
      return stage.newest('orders')
    },
  },
  sending('An event, published to the topic that its declaration names.', 'event', (bus) => bus.publish(new OrderPlaced({ orderId: 'o-1' }), { id }), 'audit'),
  handling('An event that a handler published: conversation, cause, and an id that is derived from the cause.', 'event-from-handler', {
    headers: foreign({ ce_correlationid: 'conversation-7' }),
    to: 'audit',
  }),
  handling('A reply: matched by its cause, with the correlation of the request and an id that is derived from it.', 'reply', {
    headers: foreign({ ce_replyto: '', ce_expiresat: '1767225630000' }),
    to: 'caller',
  }),
  handling(
    'A fault reply: `system.fault` is the code, the body says what failed.',
    'reply-with-fault',
    { headers: foreign({ ce_replyto: '' }), to: 'caller' },
    noStock,
  ),
  sending('A document of text, byte for byte.', 'document-text', (bus) => bus.send(new Label('Tee für Zoë\r\n'), { id })),
  sending('A document of bytes that are no text, with a key.', 'document-binary', (bus) =>
    bus.send(new Scan(Uint8Array.from({ length: 256 }, (_, byte) => byte)), { id }),
  ),
  {
    name: 'retry-copy',
    about: 'The copy of an event for the one of its handlers that failed.',
    async run(stage) {
      const failing = on(OrderPlaced, { id: 'orders.billing', retry: { immediate: 1, delayed: ['10s'] } }, () => Promise.reject(noStock()))
      await stage.bus({ name: 'orders', handlers: [failing, on(OrderPlaced, { id: 'orders.mail' }, () => undefined)] })
      stage.broker.publish(
        { topic: 'orders.life' },
        { body: '{"orderId":"o-1"}', headers: native('orders.order-placed', { ce_id: id, ce_kind: 'event', ce_schemaversion: '2', ce_partitionkey: 'o-1' }) },
      )
      await stage.clock.settle()
      return stage.newest('orders')
    },
  },
  handling(
    'A retry copy of a message with system headers that this version does not know, and with foreign headers: all are carried on.',
    'retry-copy-with-unknown-headers',
    {
      headers: foreign({
        'waybill-future-thing': 'kept',
        'waybill-content-encoding': 'identity',
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
        'X-Légacy': 'ja',
        ce_unknownextension: 'kept',
      }),
      to: 'orders',
    },
    noStock,
  ),
  handling('A copy that waits for an instance which knows its type.', 'unknown-type', { headers: foreign({ ce_type: 'orders.cancel-order' }), to: 'orders' }),
  handling(
    'A dead letter of a handler that failed: reason, endpoint, handler, attempts, time and error are added.',
    'dead-letter',
    { headers: foreign({ 'waybill-future-thing': 'kept', traceparent: 'kept' }), to: 'orders.dead-letter' },
    () => new UnrecoverableError('no such article', { cause: noStock() }),
  ),
  handling('A dead letter of a body that cannot be read: its bytes as they came.', 'dead-letter-unreadable', {
    headers: foreign(),
    body: Uint8Array.of(0x7b, 0xff, 0x00, 0x7d),
    to: 'orders.dead-letter',
  }),
  handling('A dead letter of a message without an envelope: the native headers as they came, the id is the broker’s.', 'dead-letter-unmappable', {
    headers: { 'x-legacy-type': 'ORDER', 'content-type': 'text/csv' },
    body: 'tea;2\n',
    to: 'orders.dead-letter',
  }),
]
