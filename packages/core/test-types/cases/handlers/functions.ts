// Functions infer their message and their reply.
import { handle, on } from '@waybill/core'
import { PlaceOrder, GetOrder, OrderPlaced, Scan } from '../../orders.js'
import { same } from '../../same.js'

on(OrderPlaced, { id: 'a' }, async (event, context) => {
  same<typeof event, OrderPlaced>(true)
  await context.publish(event)
})
handle(PlaceOrder, async (command) => ({ total: command.count }))
handle(GetOrder, { timeout: '5s', concurrency: 2 }, (query) => ({ orderId: query.orderId, total: 1 }))
handle(Scan, async (scan, context) => {
  same<typeof scan.body, Uint8Array>(true)
  await context.send(scan)
})
