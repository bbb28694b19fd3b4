// A duration has its unit.
import { handle } from '@waybill/core'
import { CancelOrder } from '../../orders.js'

handle(CancelOrder, { timeout: 5 }, () => {}) // accepted: handle(CancelOrder, { timeout: '5s' }, () => {})

// expect typescript 7
// TS2322: Type 'number' is not assignable to type '`${number}d` | `${number}h` | `${number}m` | `${number}ms` | `${number}s`'.

// expect typescript 6
// TS2322: Type 'number' is not assignable to type '`${number}ms` | `${number}s` | `${number}m` | `${number}h` | `${number}d`'.
