// The data of a message is one object, not a list.
import { Command } from '@waybill/core'
import { z } from 'zod'

class Batch extends Command('orders.batch', z.array(z.string())) {} // accepted: class Batch extends Command('orders.batch', z.object({ orders: z.array(z.string()) })) {}

// expect
// TS2507: Type 'Mistake<"orders.batch: wrap the data in z.object({ … }), it is", string[]>' is not a constructor function type.
