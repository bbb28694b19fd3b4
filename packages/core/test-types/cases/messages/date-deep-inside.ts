// What JSON does not bring back is found at any depth.
import { Event } from '@waybill/core'
import { z } from 'zod'
import { Instant } from '../../orders.js'

class Deep extends Event('orders.deep', z.object({ lines: z.array(z.object({ at: z.date() })) })) {} // accepted: class Deep extends Event('orders.deep', z.object({ lines: z.array(z.object({ at: Instant })) })) {}

// expect
// TS2507: Type 'Mistake<"orders.deep: these fields do not come back from JSON, use a codec or encode", "lines">' is not a constructor function type.
