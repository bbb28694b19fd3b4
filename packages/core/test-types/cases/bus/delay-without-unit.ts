// A delay has its unit.
import type { Bus } from '@waybill/core'
import { CancelOrder } from '../../orders.js'

declare const bus: Bus
void bus.send(new CancelOrder({ orderId: '' }), { delay: 5 }) // accepted: void bus.send(new CancelOrder({ orderId: '' }), { delay: '5s' })

// expect typescript 7
// TS2322: Type 'number' is not assignable to type '`${number}d` | `${number}h` | `${number}m` | `${number}ms` | `${number}s` | undefined'.

// expect typescript 6
// TS2322: Type 'number' is not assignable to type '`${number}ms` | `${number}s` | `${number}m` | `${number}h` | `${number}d` | undefined'.
