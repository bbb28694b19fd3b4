// Sending settles nothing.
import type { Middleware } from '@waybill/core'

export const step: Middleware = { name: 'm', outgoing: { message: async () => ({ outcome: 'accepted' }) } } // accepted: export const step: Middleware = { name: 'm', incoming: { message: async () => ({ outcome: 'accepted' }) } }

// expect typescript 7
// TS2322: Type '() => Promise<{ outcome: "accepted"; }>' is not assignable to type 'Step<OutgoingMessageContext, Sent>'.
//   Type 'Promise<{ outcome: "accepted"; }>' is not assignable to type 'Promise<Sent>'.
//     Type '{ outcome: "accepted"; }' is not assignable to type 'Sent'.
//       Types of property 'outcome' are incompatible.
//         Type '"accepted"' is not assignable to type '"held" | "sent"'.

// expect typescript 6
// TS2322: Type '() => Promise<{ outcome: "accepted"; }>' is not assignable to type 'Step<OutgoingMessageContext, Sent>'.
//   Type 'Promise<{ outcome: "accepted"; }>' is not assignable to type 'Promise<Sent>'.
//     Type '{ outcome: "accepted"; }' is not assignable to type 'Sent'.
//       Types of property 'outcome' are incompatible.
//         Type '"accepted"' is not assignable to type '"sent" | "held"'.
