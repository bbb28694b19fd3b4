import { describe, expect, it } from 'vitest'
import type { Cause, Run } from '../flow/journal.js'
import { conversationTree } from './conversation.js'
import { renderTree } from './render-tree.js'

const run = (id: string, message: string, at: Partial<Run> & Pick<Run, 'endpoint' | 'handler'>): Run => ({
  id,
  message,
  kind: 'event',
  causationId: undefined,
  attempt: 1,
  startedAtMs: 0,
  durationMs: 0.2,
  error: undefined,
  ...at,
})

const runs: Run[] = [
  // In the order in which they ended: effects before what is retried.
  run('0193aaaa-7c1e', 'PlaceOrder', { kind: 'command or query', endpoint: 'orders', handler: 'orders.place-order' }),
  run('placed', 'OrderPlaced', { causationId: '0193aaaa-7c1e', endpoint: 'orders', handler: 'Projection' }),
  run('placed', 'OrderPlaced', {
    causationId: '0193aaaa-7c1e',
    endpoint: 'payments',
    handler: 'ChargeCard',
    error: 'GatewayTimeout',
    startedAtMs: 10,
    durationMs: 1,
  }),
  run('placed', 'OrderPlaced', { causationId: '0193aaaa-7c1e', endpoint: 'payments', handler: 'ChargeCard', attempt: 2, startedAtMs: 61, durationMs: 1 }),
  run('ship', 'ShipOrder', { causationId: 'paid', kind: 'command or query', endpoint: 'shipping', handler: 'shipping.ship-order', durationMs: 0.31 }),
  run('paid', 'PaymentReceived', { causationId: 'placed', endpoint: 'orders', handler: 'Fulfilment' }),
]
const causes: Cause[] = [
  { message: 'OrderPlaced', causationId: '0193aaaa-7c1e', endpoint: 'orders', handler: 'orders.place-order' },
  { message: 'PaymentReceived', causationId: 'placed', endpoint: 'payments', handler: 'ChargeCard' },
  { message: 'ShipOrder', causationId: 'paid', endpoint: 'orders', handler: 'Fulfilment' },
]

describe('renderTree', () => {
  it('draws a conversation with each attempt below the handler that sent what follows', () => {
    const tree = conversationTree(runs, causes)
    expect(tree === undefined ? [] : renderTree(tree)).toEqual([
      'PlaceOrder 0193…7c1e → orders                  0.2 ms',
      '└─ OrderPlaced                                 2 subscribers',
      '   ├─ orders/Projection                        0.2 ms',
      '   └─ payments/ChargeCard                      failed: GatewayTimeout · again after 50 ms: done',
      '      └─ PaymentReceived → orders/Fulfilment   0.2 ms',
      '         └─ ShipOrder → shipping               0.3 ms',
    ])
  })

  it('has no tree of nothing', () => {
    expect(conversationTree([], [])).toBeUndefined()
  })

  it('starts where the cause is not part of what was seen', () => {
    const tree = conversationTree([run('late', 'OrderShipped', { causationId: 'elsewhere', endpoint: 'orders', handler: 'Projection' })], [])
    expect(tree?.message).toBe('OrderShipped')
  })
})
