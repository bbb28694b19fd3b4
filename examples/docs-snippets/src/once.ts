// #region once
import { createBus, handle } from '@waybill/core'
import { memoryInbox } from '@waybill/core/memory'
import { PlaceOrder } from './messages.js'

export const placed: string[] = []

export const bus = createBus({
  name: 'orders',
  stores: { inbox: memoryInbox() },
  handlers: [
    handle(PlaceOrder, (command) => {
      placed.push(command.orderId)
      return { pieces: command.pieces }
    }),
  ],
})
// #endregion

// #region request
export async function placeTwice(command: PlaceOrder): Promise<number[]> {
  const { pieces } = await bus.request(command, { id: command.orderId })
  const again = await bus.request(command, { id: command.orderId })
  return [pieces, again.pieces]
}
// #endregion

// #region options
import { standardPipeline } from '@waybill/core/middleware'

export const open = createBus({
  name: 'orders',
  pipeline: standardPipeline({
    idempotency: { store: memoryInbox({ retention: '30d' }), whenDown: 'open', lease: '1m' },
  }),
  handlers: [handle(PlaceOrder, (command) => ({ pieces: command.pieces }))],
})
// #endregion
