// An upcaster is a function.
import { Event } from '@waybill/core'
import { z } from 'zod'

class Old extends Event('e.old', z.object({ a: z.string() }), { version: 2, upcast: { 1: 'a' } }) {} // accepted: class Old extends Event('e.old', z.object({ a: z.string() }), { version: 2, upcast: { 1: (data) => data } }) {}

// expect
// TS2322: Type 'string' is not assignable to type 'Upcaster'.
