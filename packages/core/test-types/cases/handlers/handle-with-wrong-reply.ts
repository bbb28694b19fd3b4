// The function replies what its message declares.
import { handle } from '@waybill/core'
import { PlaceOrder } from '../../orders.js'

handle(PlaceOrder, async () => ({ totl: 1 })) // accepted: handle(PlaceOrder, async () => ({ total: 1 }))

// expect typescript 7
// TS2322: Type 'Promise<{ totl: number; }>' is not assignable to type 'Promise<{ total: number; }> | { total: number; }'.
//   Type 'Promise<{ totl: number; }>' is not assignable to type 'Promise<{ total: number; }>'.
//     Property 'total' is missing in type '{ totl: number; }' but required in type '{ total: number; }'.

// expect typescript 6
// TS2322: Type 'Promise<{ totl: number; }>' is not assignable to type '{ total: number; } | Promise<{ total: number; }>'.
//   Type 'Promise<{ totl: number; }>' is not assignable to type 'Promise<{ total: number; }>'.
//     Property 'total' is missing in type '{ totl: number; }' but required in type '{ total: number; }'.
