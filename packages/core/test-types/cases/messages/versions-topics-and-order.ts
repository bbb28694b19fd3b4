// Every option of an event.
import { Event } from '@waybill/core'
import { z } from 'zod'
import { same } from '../../same.js'

class Shipped extends Event('orders.order-shipped', z.object({ orderId: z.uuid(), carrier: z.string() }), {
  version: 3,
  key: 'orderId',
  ordered: true,
  topic: 'orders.life',
  upcast: { 1: (data) => ({ ...(data as object), carrier: 'post' }), 2: (data) => data },
}) {}
same<Shipped['carrier'], string>(true)
