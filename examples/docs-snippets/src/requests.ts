// #region declare
import { handle, Query, RemoteError, type Sender } from '@waybill/core'
import { z } from 'zod'

export class GetOrder extends Query('orders.get-order', z.object({ orderId: z.uuid() }), {
  reply: z.object({ orderId: z.uuid(), pieces: z.number() }),
}) {}

export class OrderNotFound extends Error {
  readonly code = 'ORDER_NOT_FOUND'
}

export const stock = new Map<string, number>()

export const getOrder = handle(GetOrder, { retry: { immediate: 0 } }, ({ orderId }) => {
  const pieces = stock.get(orderId)
  if (pieces === undefined) throw new OrderNotFound(orderId)
  return { orderId, pieces }
})
// #endregion

// #region ask
export async function piecesOf(bus: Sender, orderId: string): Promise<number> {
  try {
    const { pieces } = await bus.request(new GetOrder({ orderId }), { timeout: '5s' })
    return pieces
  } catch (error) {
    if (error instanceof RemoteError && error.remoteCode === 'ORDER_NOT_FOUND') return 0
    throw error
  }
}
// #endregion
