// A query has a reply.
import { Query } from '@waybill/core'
import { z } from 'zod'

class One extends Query('q.one', z.object({ a: z.string() }), { version: 1 }) {} // accepted: class One extends Query('q.one', z.object({ a: z.string() }), { version: 1, reply: z.string() }) {}

// expect typescript 7
// TS2741: Property 'reply' is missing in type '{ version: number; }' but required in type 'QueryOptions<ZodObject<{ a: ZodString; }, $strip>, Schema, void>'.

// expect typescript 6
// TS2345: Argument of type '{ version: number; }' is not assignable to parameter of type 'QueryOptions<ZodObject<{ a: ZodString; }, $strip>, Schema, void>'.
//   Property 'reply' is missing in type '{ version: number; }' but required in type 'QueryOptions<ZodObject<{ a: ZodString; }, $strip>, Schema, void>'.
