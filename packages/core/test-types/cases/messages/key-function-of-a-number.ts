// The key is a text.
import { Event } from '@waybill/core'
import { z } from 'zod'

class Keyed extends Event('e.keyed', z.object({ n: z.number() }), { key: (data) => data.n }) {} // accepted: class Keyed extends Event('e.keyed', z.object({ n: z.number() }), { key: (data) => String(data.n) }) {}

// expect
// TS2322: Type '(data: { n: number; }) => number' is not assignable to type '(data: { n: number; }) => string'.
//   Type 'number' is not assignable to type 'string'.
