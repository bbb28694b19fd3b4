import { describe, expect, it } from 'vitest'
import type { Delivery, Envelope } from '../contract/index.js'
import type { Received } from './handler-context.js'
import { inboxRequest } from './inbox-request.js'

const idAt = Date.UTC(2026, 0, 2)
const id = '019b7be0-ac00-7000-8000-000000000001'
const bound = { id: 'orders.place', formerIds: ['orders.old'] }

interface Given {
  readonly envelope?: Partial<Envelope>
  readonly nativeId?: string
  readonly dueAt?: number
  readonly isRedelivery?: boolean
}
const received = ({ envelope, nativeId, dueAt, isRedelivery = false }: Given): Received =>
  ({
    envelope: { id, source: 'shop', time: '2026-01-03T00:00:00Z', ...envelope },
    delivery: { nativeId } as Delivery,
    endpoint: 'orders',
    dueAt,
    isRedelivery,
  }) as Received

describe('the row of a delivery', () => {
  it.each([undefined, ''])('is none where neither sender nor broker gives an id, as with %j: nothing would be told apart by it', (nativeId) => {
    expect(inboxRequest(received({ envelope: { id: '' }, ...(nativeId === undefined ? undefined : { nativeId }) }), bound, 30_000)).toBeUndefined()
  })

  it('is that of endpoint, handler, source and id, and its time is that of a UUIDv7', () => {
    expect(inboxRequest(received({}), bound, 30_000)).toEqual({
      endpoint: 'orders',
      handler: 'orders.place',
      formerHandlers: ['orders.old'],
      source: 'shop',
      id,
      time: Number.parseInt('019b7be0ac00', 16),
      redelivered: false,
      leaseMs: 30_000,
    })
    expect(Math.abs(Number.parseInt('019b7be0ac00', 16) - idAt)).toBeLessThan(30 * 86_400_000)
  })

  it.each<[string, Given, object]>([
    ['the time of a message whose id tells none', { envelope: { id: '1' } }, { time: Date.UTC(2026, 0, 3) }],
    ['the time at which it was to be delivered, before all others', { dueAt: 42 }, { time: 42 }],
    ['the native id, unique at its endpoint, of a message without one', { envelope: { id: '' }, nativeId: 'n-1' }, { id: 'n-1', source: 'orders' }],
    ['that it was delivered before', { isRedelivery: true }, { redelivered: true }],
  ])('has %s', (_, given, expected) => {
    expect(inboxRequest(received(given), bound, 30_000)).toMatchObject(expected)
  })

  it('has no time where the message tells none', () => {
    expect(inboxRequest(received({ envelope: { id: '1', time: 'yesterday' } }), bound, 30_000)).not.toHaveProperty('time')
  })

  it('does not exist for a message without any identity', () => {
    expect(inboxRequest(received({ envelope: { id: '' } }), bound, 30_000)).toBeUndefined()
  })
})
