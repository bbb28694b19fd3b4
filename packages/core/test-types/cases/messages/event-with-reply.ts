// An event has no reply.
import { Event } from '@waybill/core'
import { z } from 'zod'

class One extends Event('e.one', z.object({ a: z.string() }), { reply: z.object({}) }) {} // accepted: class One extends Event('e.one', z.object({ a: z.string() }), { topic: 'e.all' }) {}

// expect
// TS2353: Object literal may only specify known properties, and 'reply' does not exist in type 'EventOptions<ZodObject<{ a: ZodString; }, $strip>, void>'.
