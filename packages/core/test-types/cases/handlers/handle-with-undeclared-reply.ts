// A reply is declared by the message.
import { handle } from '@waybill/core'
import { CancelOrder } from '../../orders.js'

handle(CancelOrder, async () => 5) // accepted: handle(CancelOrder, async () => {})

// expect
// TS2322: Type 'Promise<number>' is not assignable to type 'void | Promise<void>'.
//   Type 'Promise<number>' is not assignable to type 'Promise<void>'.
//     Type 'number' is not assignable to type 'void'.
