// A helper may register any event.
import { type AnyEventClass, type FunctionHandler, on } from '@waybill/core'
import { OrderPlaced } from '../../orders.js'

const audit = <T extends AnyEventClass>(type: T, id: string): FunctionHandler =>
  on(type, { id }, async (event, context) => {
    void event
    void context.id
  })
audit(OrderPlaced, 'audit')
