// Data that may be anything describes nothing.
import { Command } from '@waybill/core'
import { z } from 'zod'

class Anything extends Command('orders.any', z.any()) {} // accepted: class Anything extends Command('orders.any', z.object({ data: z.any() })) {}

// expect
// TS2507: Type 'Mistake<"orders.any: describe the data as an object, not", any>' is not a constructor function type.
