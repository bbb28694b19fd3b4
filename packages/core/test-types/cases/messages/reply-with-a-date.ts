// A reply comes back from JSON, too.
import { Query } from '@waybill/core'
import { z } from 'zod'
import { Instant } from '../../orders.js'

class When extends Query('q.when', z.object({}), { reply: z.object({ at: z.date() }) }) {} // accepted: class When extends Query('q.when', z.object({}), { reply: z.object({ at: Instant }) }) {}

// expect
// TS2507: Type 'Mistake<"q.when: this reply does not come back from JSON, use a codec", { at: Date; }>' is not a constructor function type.
