// Who is asked has to be said: the route of the type names one endpoint.
import type { Bus } from '@waybill/core'
import { GetOrder } from '../../orders.js'

declare const bus: Bus
void bus.gather(new GetOrder({ orderId: '' }), { timeout: '5s' }) // accepted: void bus.gather(new GetOrder({ orderId: '' }), { from: ['a'], timeout: '5s' })

// expect
// TS2345: Argument of type '{ timeout: "5s"; }' is not assignable to parameter of type 'GatherOptions<string>'.
//   Type '{ timeout: "5s"; }' is not assignable to type 'Omit<RequestOptions, "id"> & { readonly from: readonly string[]; } & { readonly quorum: number; readonly count?: never; }'.
//     Property 'from' is missing in type '{ timeout: "5s"; }' but required in type '{ readonly from: readonly string[]; }'.
