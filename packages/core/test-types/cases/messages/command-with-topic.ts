// A command goes to an endpoint; topics are for events.
import { Command } from '@waybill/core'
import { z } from 'zod'

class One extends Command('c.one', z.object({ a: z.string() }), { topic: 'c.all' }) {} // accepted: class One extends Command('c.one', z.object({ a: z.string() }), { ordered: true, key: 'a' }) {}

// expect
// TS2353: Object literal may only specify known properties, and 'topic' does not exist in type 'CommandOptions<ZodObject<{ a: ZodString; }, $strip>, NoReply, void>'.
