// A list of events is a union.
import { on } from '@waybill/core'
import { OrderPlaced, OrderCancelled } from '../../orders.js'
import { same } from '../../same.js'

on([OrderPlaced, OrderCancelled], { id: 'b' }, (event) => {
  if (event instanceof OrderPlaced) event.orderId
  else same<typeof event, OrderCancelled>(true)
})
