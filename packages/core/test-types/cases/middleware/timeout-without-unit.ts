// A duration has a unit.
import { timeout } from '@waybill/core/middleware'

export const step = timeout({ after: '5' }) // accepted: export const step = timeout({ after: '5s' })

// expect typescript 7
// TS2322: Type '"5"' is not assignable to type '`${number}d` | `${number}h` | `${number}m` | `${number}ms` | `${number}s`'.

// expect typescript 6
// TS2322: Type '"5"' is not assignable to type '`${number}ms` | `${number}s` | `${number}m` | `${number}h` | `${number}d`'.
