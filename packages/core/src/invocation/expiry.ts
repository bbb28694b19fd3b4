import type { Envelope } from '../contract/index.js'

/** By how many milliseconds a message is too late to be handled; 0 while it is not. Who waits for a reply has given up at its time; what else expires has an allowance, because its sender's clock may be ahead. */
export function lateByMs({ expiresAt, replyTo }: Envelope, now: number, clockSkewMs: number): number {
  if (expiresAt === undefined) return 0
  const byMs = now - expiresAt
  return byMs > (replyTo === undefined ? clockSkewMs : 0) ? byMs : 0
}
