// JSON has no Map.
import { Event } from '@waybill/core'
import { z } from 'zod'

class Stock extends Event('orders.stock', z.object({ stock: z.map(z.string(), z.number()) })) {} // accepted: class Stock extends Event('orders.stock', z.object({ stock: z.record(z.string(), z.number()) })) {}

// expect
// TS2507: Type 'Mistake<"orders.stock: these fields do not come back from JSON, use a codec or encode", "stock">' is not a constructor function type.
