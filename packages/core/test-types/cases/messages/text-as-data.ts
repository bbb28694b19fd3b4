// The data of a message is one object, not a text.
import { Command } from '@waybill/core'
import { z } from 'zod'

class Rename extends Command('orders.rename', z.string()) {} // accepted: class Rename extends Command('orders.rename', z.object({ name: z.string() })) {}

// expect
// TS2507: Type 'Mistake<"orders.rename: wrap the data in z.object({ … }), it is", string>' is not a constructor function type.
