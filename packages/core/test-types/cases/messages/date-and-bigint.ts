// z.date() never reads the text that JSON makes of it, and JSON has no bigint.
import { Event } from '@waybill/core'
import { z } from 'zod'
import { Instant } from '../../orders.js'

class Dated extends Event('orders.dated', z.object({ id: z.string(), at: z.date(), total: z.bigint() })) {} // accepted: class Dated extends Event('orders.dated', z.object({ id: z.string(), at: Instant, total: z.number() })) {}

// expect
// TS2507: Type 'Mistake<"orders.dated: these fields do not come back from JSON, use a codec or encode", "at" | "total">' is not a constructor function type.
