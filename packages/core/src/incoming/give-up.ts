import type { Copies } from './copies.js'
import type { DeadLetterCause } from './diagnosis.js'
import type { IncomingDelivery } from './incoming-delivery.js'

/** The end of a failed message: whoever waits for a reply gets a fault, and the message is kept as a dead letter. A query whose asker was told is not kept: asking again costs nothing. */
export async function giveUp(copies: Copies, incoming: IncomingDelivery, cause: DeadLetterCause): Promise<void> {
  const { envelope } = incoming.delivery
  if (envelope?.replyTo !== undefined && (envelope.kind === 'command' || envelope.kind === 'query')) {
    const fault = await copies.fault(incoming, cause, cause.error ?? new Error(cause.reason))
    if (envelope.kind === 'query' && fault === 'told') return
  }
  await copies.deadLetter(incoming, cause)
}
