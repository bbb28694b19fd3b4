// A delay has a unit that exists.
import { handle } from '@waybill/core'
import { CancelOrder } from '../../orders.js'

handle(CancelOrder, { retry: { delayed: ['10s', '1min'] } }, () => {}) // accepted: handle(CancelOrder, { retry: { delayed: ['10s', '1m'] } }, () => {})

// expect typescript 7
// TS2322: Type '"1min"' is not assignable to type '`${number}d` | `${number}h` | `${number}m` | `${number}ms` | `${number}s`'.

// expect typescript 6
// TS2322: Type '"1min"' is not assignable to type '`${number}ms` | `${number}s` | `${number}m` | `${number}h` | `${number}d`'.
