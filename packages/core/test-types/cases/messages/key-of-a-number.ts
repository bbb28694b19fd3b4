// The key is a text field.
import { Event } from '@waybill/core'
import { z } from 'zod'

class Keyed extends Event('e.keyed', z.object({ a: z.string(), n: z.number() }), { key: 'n' }) {} // accepted: class Keyed extends Event('e.keyed', z.object({ a: z.string(), n: z.number() }), { key: 'a' }) {}

// expect
// TS2322: Type '"n"' is not assignable to type '"a" | ((data: { a: string; n: number; }) => string) | undefined'.
