// A wrong name of the key lists the right ones.
import { Event } from '@waybill/core'
import { z } from 'zod'

class Keyed extends Event('e.keyed', z.object({ orderId: z.string(), customerId: z.string() }), { key: 'oderId' }) {} // accepted: class Keyed extends Event('e.keyed', z.object({ orderId: z.string(), customerId: z.string() }), { key: 'orderId' }) {}

// expect typescript 7
// TS2820: Type '"oderId"' is not assignable to type '"customerId" | "orderId" | ((data: { orderId: string; customerId: string; }) => string) | undefined'. Did you mean '"orderId"'?

// expect typescript 6
// TS2820: Type '"oderId"' is not assignable to type '"orderId" | "customerId" | ((data: { orderId: string; customerId: string; }) => string) | undefined'. Did you mean '"orderId"'?
