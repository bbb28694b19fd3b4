// A function has no stable name, so it is given an id.
import { on } from '@waybill/core'
import { OrderPlaced } from '../../orders.js'

on(OrderPlaced, {}, async () => {}) // accepted: on(OrderPlaced, { id: 'audit' }, async () => {})

// expect
// TS2345: Argument of type '{}' is not assignable to parameter of type 'HandlerOptions & { readonly id: string; }'.
//   Property 'id' is missing in type '{}' but required in type '{ readonly id: string; }'.
