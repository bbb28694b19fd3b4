import { InvalidMessageError } from '@waybill/core'
import { PlaceOrder } from '../orders/messages.js'

export interface OrdersFile {
  /** Lines that are not blank. */
  readonly read: number
  readonly orders: readonly PlaceOrder[]
  /** How many lines were rejected for each reason. */
  readonly rejections: ReadonlyMap<string, number>
}

/** One order per line; blank lines count for nothing. An order that is no order, or that comes a second time, is rejected with the first thing that is wrong with it. */
export function readOrders(text: string): OrdersFile {
  const orders = new Map<string, PlaceOrder>()
  const rejections = new Map<string, number>()
  let read = 0
  for (const line of text.replace(/^\uFEFF/, '').split('\n')) {
    if (line.trim() === '') continue
    read += 1
    const order = orderOf(line)
    const reason = typeof order === 'string' ? order : orders.has(order.orderId) ? 'orderId: came before' : undefined
    if (reason !== undefined) rejections.set(reason, (rejections.get(reason) ?? 0) + 1)
    else if (typeof order !== 'string') orders.set(order.orderId, order)
  }
  return { read, orders: [...orders.values()], rejections }
}

/** The order, or what is wrong with the line. */
function orderOf(line: string): PlaceOrder | string {
  try {
    return PlaceOrder.parse(JSON.parse(line))
  } catch (error) {
    if (error instanceof SyntaxError) return 'not JSON'
    if (!(error instanceof InvalidMessageError)) throw error
    const issue = error.issues[0]
    return issue === undefined ? 'not an order' : issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`
  }
}
