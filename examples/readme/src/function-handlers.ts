// #region functions
import { handle, on } from '@waybill/core'
import { GetOrder, OrderCanceled, OrderPlaced } from './messages.js'

const canceled = new Set<string>()

export const cancellations = on(OrderCanceled, { id: 'orders.cancellations' }, (event) => {
  canceled.add(event.orderId)
})
export const audit = on([OrderPlaced, OrderCanceled], { id: 'audit' }, (event, context) => {
  console.log(`${context.type} of order ${event.orderId}, attempt ${context.attempt}`)
})
export const getOrder = handle(GetOrder, ({ orderId }) => {
  return canceled.has(orderId) ? { orderId, status: 'canceled' as const } : { orderId, status: 'unknown' as const }
})
// #endregion
